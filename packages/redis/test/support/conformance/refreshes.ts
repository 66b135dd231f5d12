import { randomUUID } from "node:crypto";
import type { RefreshCoordinator, Rotation } from "@cloudbase-auth/core";
import { describe, expect, it, vi } from "vitest";

const leaseMs = 30_000;
const graceMs = 30_000;

/** What every `RefreshCoordinator` does. Each is a process of its own. */
export function describeRefreshCoordinator(processes: () => readonly [RefreshCoordinator, RefreshCoordinator]): void {
  const one = (): RefreshCoordinator => processes()[0];
  const two = (): RefreshCoordinator => processes()[1];

  async function begin(key: string, changes: { readonly leaseMs?: number } = {}): Promise<string> {
    const turn = await one().begin({ key, leaseMs, ...changes });
    if (turn.state !== "yours") throw new Error(`the turn is ${turn.state}`);
    return turn.fence;
  }
  async function rotate(key: string, changes: Partial<Rotation> = {}): Promise<string> {
    const successorKey = randomUUID();
    const rotation = { key, fence: await begin(key), outcome: `sealed ${key}`, successorKey, graceMs, ...changes };
    expect(await one().succeed(rotation)).toBe(true);
    return successorKey;
  }
  const stateOf = async (key: string): Promise<string> => (await two().begin({ key, leaseMs })).state;

  describe.concurrent("RefreshCoordinator", () => {
    it("RF-04: of 100 that ask at once in two processes, it is the turn of one", async () => {
      const key = randomUUID();
      const turns = await Promise.all(
        Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? one() : two()).begin({ key, leaseMs })),
      );
      expect(turns.filter(({ state }) => state === "yours")).toHaveLength(1);
      expect(turns.filter(({ state }) => state === "taken")).toHaveLength(99);
    });

    it("RF-03: whoever comes late gets the outcome, while the grace lasts; then the token is spent", async () => {
      const key = randomUUID();
      await rotate(key, { graceMs: 150 });
      expect(await two().begin({ key, leaseMs })).toEqual({ state: "done", outcome: `sealed ${key}` });
      await vi.waitFor(async () => expect(await stateOf(key)).toBe("spent"), { interval: 10 });
    });

    it("RF-03: without a grace the token is spent at once", async () => {
      const key = randomUUID();
      await rotate(key, { graceMs: 0 });
      expect(await stateOf(key)).toBe("spent");
    });

    it("gives the turn to the next one when it is given back", async () => {
      const key = randomUUID();
      const fence = await begin(key);
      await two().release({ key, fence: "another" });
      expect(await stateOf(key)).toBe("taken");
      await one().release({ key, fence });
      expect(await stateOf(key)).toBe("yours");
    });

    it("F31: a lease ends by itself", async () => {
      const key = randomUUID();
      await begin(key, { leaseMs: 100 });
      expect(await stateOf(key)).toBe("taken");
      await vi.waitFor(async () => expect(await stateOf(key)).toBe("yours"), { interval: 10 });
    });

    it("RF-06: a lease that is renewed does not end, and one that is lost cannot be renewed", async () => {
      const key = randomUUID();
      const fence = await begin(key, { leaseMs: 50 });
      expect(await two().renew({ key, fence: "another", leaseMs })).toBe(false);
      expect(await two().renew({ key, fence, leaseMs })).toBe(true);
      await two().wait({ key, atMostMs: 100 });
      expect(await stateOf(key)).toBe("taken");
      expect(await one().renew({ key, fence, leaseMs: 50 })).toBe(true);
      await vi.waitFor(async () => expect(await stateOf(key)).toBe("yours"), { interval: 10 });
      expect(await one().renew({ key, fence, leaseMs })).toBe(false);
      expect(await one().renew({ key: randomUUID(), fence, leaseMs })).toBe(false);
    });

    it("a turn that is done, and one whose session is over, cannot be renewed", async () => {
      const [key, over] = [randomUUID(), randomUUID()];
      const fence = await begin(key);
      await one().succeed({ key, fence, outcome: "x", successorKey: undefined, graceMs });
      expect(await one().renew({ key, fence, leaseMs })).toBe(false);
      const other = await begin(over);
      await two().end({ key: over });
      expect(await one().renew({ key: over, fence: other, leaseMs })).toBe(false);
    });

    it("F32: whose lease is over writes nothing down, and gives nothing back", async () => {
      const key = randomUUID();
      const late = await begin(key, { leaseMs: 50 });
      let fence = "";
      await vi.waitFor(
        async () =>
          expect(
            await (async () => {
              const turn = await two().begin({ key, leaseMs });
              if (turn.state === "yours") fence = turn.fence;
              return turn.state;
            })(),
          ).toBe("yours"),
        { interval: 10 },
      );
      await one().release({ key, fence: late });
      expect(await one().succeed({ key, fence: late, outcome: "late", successorKey: "x", graceMs })).toBe(false);
      expect(await two().succeed({ key, fence, outcome: "in time", successorKey: "y", graceMs })).toBe(true);
      expect(await one().begin({ key, leaseMs })).toEqual({ state: "done", outcome: "in time" });
    });

    it("RF-02: the end of a session ends it for every token of it, from the first to the last", async () => {
      const first = randomUUID();
      const second = await rotate(first);
      const third = await rotate(second);
      const another = randomUUID();
      await two().end({ key: second });
      for (const key of [first, second, third]) expect(await stateOf(key)).toBe("spent");
      expect(await stateOf(another)).toBe("yours");
    });

    it("RF-02: so it is when the first token is the one that was used again, or the last", async () => {
      for (const which of [0, 2]) {
        const first = randomUUID();
        const second = await rotate(first);
        const keys = [first, second, await rotate(second)];
        await two().end({ key: keys[which] ?? "" });
        for (const key of keys) expect(await stateOf(key)).toBe("spent");
      }
    });

    it("a turn whose session ends meanwhile comes to nothing", async () => {
      const first = randomUUID();
      const second = await rotate(first);
      const fence = await begin(second);
      await two().end({ key: first });
      expect(await one().succeed({ key: second, fence, outcome: "x", successorKey: "z", graceMs })).toBe(false);
      expect(await stateOf(second)).toBe("spent");
      await one().release({ key: second, fence });
      expect(await stateOf(second)).toBe("spent");
    });

    it("a token may have no successor", async () => {
      const key = randomUUID();
      await rotate(key, { successorKey: undefined });
      expect(await stateOf(key)).toBe("done");
    });

    it("wait: at once if nobody is at it, soon after the outcome, and no longer than asked", async () => {
      const key = randomUUID();
      await one().wait({ key, atMostMs: 60_000 });
      const fence = await begin(key);
      const startedAt = performance.now();
      await two().wait({ key, atMostMs: 100 });
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(95);
      const [, resolved] = await Promise.all([
        one().succeed({ key, fence, outcome: "x", successorKey: undefined, graceMs }),
        two()
          .wait({ key, atMostMs: 60_000 })
          .then(() => "resolved"),
      ]);
      expect(resolved).toBe("resolved");
    });

    it("wait: ends when a turn is given back", async () => {
      const key = randomUUID();
      const fence = await begin(key);
      const waiting = two().wait({ key, atMostMs: 60_000 });
      await one().release({ key, fence });
      await waiting;
      expect(await stateOf(key)).toBe("yours");
    });
  });
}
