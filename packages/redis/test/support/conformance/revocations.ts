import { randomUUID } from "node:crypto";
import type { Revocation, RevocationListener, RevocationStore } from "@cloudbase-auth/core";
import { afterEach, describe, expect, it } from "vitest";

/** A listener that keeps what it is told. */
export interface Ear extends RevocationListener {
  readonly heard: Revocation[];
  /** `undefined` until the first word. */
  readonly troubles: (Error | undefined)[];
}

export function createEar(): Ear {
  const heard: Revocation[] = [];
  const troubles: (Error | undefined)[] = [];
  return {
    ...{ heard, troubles },
    revoked: (revocations) => void heard.push(...revocations),
    trouble: (error) => void troubles.push(error),
  };
}

export const inSeconds = (seconds: number): number => Math.round(Date.now() / 1_000) + seconds;
export const revokedToken = (expiresAt = inSeconds(3_600)): Revocation => ({
  ...{ kind: "token", environment: "demo", digest: randomUUID(), expiresAt },
});

/** What every `RevocationStore` does. Each is a process of its own. */
export function describeRevocationStore(processes: () => readonly [RevocationStore, RevocationStore]): void {
  const ends: (() => unknown)[] = [];

  async function listen(store: RevocationStore): Promise<Ear> {
    const ear = createEar();
    ends.push(store.subscribe(ear));
    await expect.poll(() => ear.troubles.at(-1), { interval: 5 }).toBeUndefined();
    await expect.poll(() => ear.troubles.length, { interval: 5 }).toBeGreaterThan(0);
    return ear;
  }
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  describe("RevocationStore", () => {
    it("RV-08: tells every process within a second, whatever is revoked", async () => {
      const [one, two] = processes();
      const ears = [await listen(one), await listen(two)];
      const revocations: Revocation[] = [
        revokedToken(),
        {
          kind: "user",
          environment: "demo",
          digest: "ünïcode {x}",
          issuedUpTo: inSeconds(0),
          expiresAt: inSeconds(9),
        },
        { kind: "environment", environment: "demo", issuedUpTo: inSeconds(0), expiresAt: inSeconds(9.5) },
      ];
      for (const revocation of revocations) await one.add(revocation);
      for (const { heard } of ears) {
        await expect.poll(() => heard, { interval: 5, timeout: 1_000 }).toEqual(expect.arrayContaining(revocations));
      }
    });

    it("tells whoever comes later all that is in force, before it says that this is all", async () => {
      const [one, two] = processes();
      const revocations = [revokedToken(), revokedToken(), revokedToken()];
      for (const revocation of revocations) await one.add(revocation);
      const { heard } = await listen(two);
      expect(heard).toEqual(expect.arrayContaining(revocations));
    });

    it("tells nothing to whoever listens no longer", async () => {
      const [one] = processes();
      const gone = await listen(one);
      for (const end of ends.splice(0)) await end();
      const stayed = await listen(one);
      const revocation = revokedToken();
      await one.add(revocation);
      await expect.poll(() => stayed.heard, { interval: 5 }).toContainEqual(revocation);
      expect(gone.heard).not.toContainEqual(revocation);
    });

    it("the same twice is no harm", async () => {
      const [one, two] = processes();
      const revocation = revokedToken();
      await Promise.all([one.add(revocation), two.add(revocation)]);
      expect((await listen(two)).heard).toContainEqual(revocation);
    });
  });
}
