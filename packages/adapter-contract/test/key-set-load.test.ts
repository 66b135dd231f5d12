import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { adapters } from "./support/adapters.ts";
import { bounds } from "./support/bounds.ts";
import { slow } from "./support/faults.ts";
import { createIssuerKey } from "./support/issuer.ts";
import { startSubject } from "./support/subject.ts";
import type { Subject } from "./support/subject.ts";
import { until } from "./support/until.ts";
import { keySetPath, publish } from "./support/upstream.ts";

vi.setConfig({ maxConcurrency: 24, testTimeout: 60_000 });

const [key, nextKey, stranger] = [await createIssuerKey("a"), await createIssuerKey("b"), await createIssuerKey("c")];
const tokens = Array.from({ length: 50 }, (_, n) => key.issue({ n }));
const nextTokens = Array.from({ length: 50 }, (_, n) => nextKey.issue({ n }));
const [token = ""] = tokens;
const unknownKid = (n: number): string => {
  const [, ...rest] = tokens[n % tokens.length]?.split(".") ?? [];
  const header = { alg: "RS256", kid: `unknown-${String(n)}` };
  return [Buffer.from(JSON.stringify(header)).toString("base64url"), ...rest].join(".");
};
const calls = ({ upstream }: Subject): number => upstream.count(keySetPath);

/** Statuses of 100 requests a second, until it is told to stop. */
function load(subject: Subject, presented: () => string) {
  const statuses: number[] = [];
  let goesOn = true;
  const done = (async () => {
    while (goesOn) {
      const [answer] = await Promise.all([subject.ask(presented()), wait(10)]);
      statuses.push(answer.status);
    }
  })();
  return {
    statuses,
    async stop() {
      goesOn = false;
      await done;
      return statuses;
    },
  };
}

describe.concurrent.for(adapters)("$name", ({ start }) => {
  it("F04 JK-09: 200 simultaneous cold requests are one call", async (context) => {
    const subject = await startSubject({ start, keys: [key], ...context });
    subject.upstream.keySet = slow(publish(key));
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => subject.ask(tokens[n % tokens.length] ?? "")),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(calls(subject)).toBe(1);
  });

  it("F05 JK-10: 500 unknown kids are 2 calls at the most, all 401, and harm nobody", async (context) => {
    const subject = await startSubject({ start, keys: [key], ...context });
    await subject.ask(token);
    const good = load(subject, () => token);
    const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => subject.ask(unknownKid(n))));
    expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
    expect(new Set(await good.stop())).toEqual(new Set([200]));
    expect(calls(subject)).toBeLessThanOrEqual(2);
  });

  it("F06: a rotation just after a fetch is seen at once", async (context) => {
    const subject = await startSubject({ start, keys: [key], ...context });
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
    subject.upstream.keySet = publish(nextKey);
    expect(await subject.ask(nextTokens[0] ?? "")).toMatchObject({ status: 200 });
    expect(await subject.ask(token)).toMatchObject({ status: 401 });
    expect(calls(subject)).toBe(2);
  });

  it("F06 JK-12: a rotation amid a flood of unknown kids is seen within 5 seconds", async (context) => {
    const subject = await startSubject({ start, keys: [key], ...context });
    let n = 0;
    const flood = load(subject, () => unknownKid((n += 1)));
    await until(
      () => flood.statuses.length,
      (count) => count > 20,
    );
    subject.upstream.keySet = publish(key, nextKey);
    const published = performance.now();
    await until(
      async () => (await subject.ask(nextTokens[0] ?? "")).status,
      (status) => status === 200,
    );
    expect(performance.now() - published).toBeLessThan(bounds.recoveryMs);
    expect(new Set(await flood.stop())).toEqual(new Set([401]));
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
    expect(calls(subject)).toBeLessThanOrEqual(4);
  });

  it("F13: keys rotate under load, published before and after: no wrong 401", async (context) => {
    const keySet = { ttlSeconds: 1, maxStaleSeconds: 3_600 };
    const subject = await startSubject({ start, keys: [key], options: { keySet }, ...context });
    let pool = tokens;
    let n = 0;
    const good = load(subject, () => pool[(n += 1) % pool.length] ?? "");
    const seen = async (kids: readonly string[]): Promise<void> => {
      await until(
        () => subject.auth.status().environments[0]?.keySet.keyIds.toSorted().join(),
        (found) => found === kids.join(),
      );
      const before = good.statuses.length;
      await until(
        () => good.statuses.length,
        (count) => count >= before + 20,
      );
    };
    await seen(["a"]);
    subject.upstream.keySet = publish(key, nextKey);
    pool = [...tokens, ...nextTokens];
    await seen(["a", "b"]);
    pool = nextTokens;
    await seen(["a", "b"]);
    subject.upstream.keySet = publish(nextKey);
    await seen(["b"]);
    const statuses = await good.stop();
    expect(statuses.length).toBeGreaterThanOrEqual(60);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(await subject.ask(token), "JK-12: the removed key").toMatchObject({ status: 401 });
  });

  it("CL-02: a stranger's signature under a published kid asks nobody", async (context) => {
    const subject = await startSubject({ start, keys: [key], ...context });
    await subject.ask(token);
    const forged = stranger.issue({}, { kid: key.kid });
    for (let round = 0; round < 20; round += 1) expect(await subject.ask(forged)).toMatchObject({ status: 401 });
    expect(calls(subject)).toBe(1);
  });
});
