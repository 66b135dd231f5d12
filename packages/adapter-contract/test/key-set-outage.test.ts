import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { adapters } from "./support/adapters.ts";
import { bounds, median } from "./support/bounds.ts";
import { expectPrompt, expectUnavailable } from "./support/expect-unavailable.ts";
import { faultsOf, slow, slowMs } from "./support/faults.ts";
import { createIssuerKey } from "./support/issuer.ts";
import type { IssuerKey } from "./support/issuer.ts";
import { until } from "./support/until.ts";
import { breakKeySet, keySetCalls, repair, startSubject, untilStatus } from "./support/subject.ts";
import type { Answer, Subject } from "./support/subject.ts";
import { keySetPath, publish, startUpstream } from "./support/upstream.ts";
import type { Upstream } from "./support/upstream.ts";

// The cases mostly wait for time-outs, and each has a server of its own.
vi.setConfig({ maxConcurrency: 48, testTimeout: 60_000 });

const key: IssuerKey = await createIssuerKey("a");
const nextKey: IssuerKey = await createIssuerKey("b");
const tokens = Array.from({ length: 20 }, (_, n) => key.issue({ n }));
const [token = ""] = tokens;
/** Where the redirect leads: a server with the very keys that are asked for. */
let elsewhere: Upstream;
const elsewhereEndpoint = await startUpstream(key, nextKey).then((server) => (elsewhere = server).endpoint);
const faults = faultsOf(elsewhereEndpoint);

beforeAll(() => expect(elsewhere.count(keySetPath)).toBe(0));
afterAll(async () => {
  expect(elsewhere.count(keySetPath), "JK-01 F01: calls of the redirect's target").toBe(0);
  await elsewhere.close();
});

const askMany = (subject: Subject, count: number): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => subject.ask(tokens[n % tokens.length] ?? "")));

const untilExpired = ({ keySetAgeSeconds }: Subject): Promise<number | undefined> =>
  until(keySetAgeSeconds, (age = 0) => age >= 1);

describe.concurrent.for(adapters)("$name", ({ start }) => {
  it.for(faults)("F01 F02 F03 JK-11: cold, $name", async ({ behaviour, hangs, requests }, context) => {
    const subject = await startSubject({ start, keys: [key], ...context });
    await breakKeySet(subject, behaviour);
    const first = await subject.ask(token);
    expectUnavailable(first);
    expectPrompt(first, hangs, subject.upstream.doneAt());
    for (const answer of await askMany(subject, requests)) expectUnavailable(answer);
    expect(keySetCalls(subject, behaviour === undefined)).toBeLessThanOrEqual(5);
    expect(await subject.ask(token, "/open")).toMatchObject({ sight: { state: "unavailable", reason: "key_set" } });
    expect(await subject.ask("bad")).toMatchObject({ status: 401 });
    await repair(subject, key);
    await untilStatus(subject, token, 200);
  });

  it.for(faults)("JK-10: warm, $name: 200 without a call, and an unknown kid is 503", async (fault, context) => {
    const subject = await startSubject({ start, keys: [key], ...context });
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
    const before = subject.fetches();
    await breakKeySet(subject, fault.behaviour);
    for (const answer of await askMany(subject, 10)) expect(answer.status).toBe(200);
    expect(subject.fetches()).toBe(before);
    const unknown = await subject.ask(nextKey.issue());
    expectUnavailable(unknown);
    expectPrompt(unknown, fault.hangs, subject.upstream.doneAt());
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
    await repair(subject, key);
    await untilStatus(subject, nextKey.issue(), 401);
  });

  it.for(faults)("F07 F08 JK-08: expired, $name: the last good keys, and back", async (fault, context) => {
    const keySet = { ttlSeconds: 1, maxStaleSeconds: 3_600 };
    const subject = await startSubject({ start, keys: [key], options: { keySet }, ...context });
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
    await untilExpired(subject);
    const before = keySetCalls(subject, fault.behaviour === undefined);
    await breakKeySet(subject, fault.behaviour);
    const brokenAt = performance.now();
    // Whoever comes first after a time in which nobody did finds out that the endpoint is down.
    const first = await subject.ask(token);
    expect(first.status).toBe(200);
    expectPrompt(first, fault.hangs, subject.upstream.doneAt());
    const later: Answer[] = [];
    for (let n = 1; n < fault.requests; n += 1) later.push(await subject.ask(tokens[n % tokens.length] ?? ""));
    for (const { status } of later) expect(status).toBe(200);
    expect(median(later.map(({ ms }) => ms))).toBeLessThan(bounds.atHandMs);
    expect(keySetCalls(subject, fault.behaviour === undefined) - before).toBeLessThanOrEqual(5);
    await repair(subject, nextKey);
    // JK-11: the longer it lasted, the longer the wait between tries, up to half a minute.
    const longest = bounds.recoveryMs + 2 * (performance.now() - brokenAt);
    await untilStatus(subject, nextKey.issue(), 200, longest);
    await untilStatus(subject, token, 401);
  });

  it.for(faults.filter(({ requests }) => requests === 100))(
    "F07: past maxStaleSeconds, $name: 503",
    async ({ behaviour, hangs }, context) => {
      const keySet = { ttlSeconds: 1, maxStaleSeconds: 0 };
      const subject = await startSubject({ start, keys: [key], options: { keySet }, ...context });
      expect(await subject.ask(token)).toMatchObject({ status: 200 });
      await untilExpired(subject);
      await breakKeySet(subject, behaviour);
      const first = await subject.ask(token);
      expectUnavailable(first);
      expectPrompt(first, hangs, subject.upstream.doneAt());
      await repair(subject, key);
      await untilStatus(subject, token, 200);
    },
  );

  it("F02: cold, an answer that is slow but in time is waited for by all, and asked for once", async (context) => {
    const subject = await startSubject({ start, keys: [key], ...context });
    subject.upstream.keySet = slow(publish(key));
    const answers = await askMany(subject, 20);
    for (const { status, ms } of answers) expect([status, ms > slowMs * 0.9]).toEqual([200, true]);
    expect(subject.upstream.count(keySetPath)).toBe(1);
  });

  it("F07: expired, a slow answer is waited for by whoever comes first, and serves", async (context) => {
    const keySet = { ttlSeconds: 1, maxStaleSeconds: 3_600 };
    const subject = await startSubject({ start, keys: [key], options: { keySet }, ...context });
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
    await untilExpired(subject);
    subject.upstream.keySet = slow(publish(nextKey));
    const [old, next] = await Promise.all([subject.ask(token), subject.ask(nextKey.issue())]);
    expect([old.status, next.status]).toEqual([401, 200]);
    expect(subject.upstream.count(keySetPath)).toBe(2);
  });
});
