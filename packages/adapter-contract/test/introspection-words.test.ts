import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { adapters } from "./support/adapters.ts";
import { bounds } from "./support/bounds.ts";
import { expectUnavailable } from "./support/expect-unavailable.ts";
import { faultsOf } from "./support/faults.ts";
import { createIssuerKey } from "./support/issuer.ts";
import { breakIntrospection, repair, startSubject } from "./support/subject.ts";
import type { Subject } from "./support/subject.ts";
import { active, inactive, introspectPath, startUpstream, status } from "./support/upstream.ts";

vi.setConfig({ maxConcurrency: 24 });

// How long the server's word counts is no option, and a minute is too long for a test: the monotonic clock leaps.
let leaptMs = 0;
const monotonic = performance.now.bind(performance);
vi.spyOn(performance, "now").mockImplementation(() => monotonic() + leaptMs);
const leap = (ms: number): void => void (leaptMs += ms);

const key = await createIssuerKey("a");
const [token, other] = [key.issue(), key.issue({ n: 1 })];
const elsewhere = await startUpstream(key);
const faults = faultsOf(elsewhere.endpoint);
afterAll(async () => {
  expect(elsewhere.count(introspectPath), "JK-01: calls of the redirects' target").toBe(0);
  await elsewhere.close();
});
const options = { verification: { mode: "introspection" } } as const;
const questions = ({ upstream }: Subject): number => upstream.count(introspectPath);

describe.for(adapters)("a word, from second to second: $name", ({ start }) => {
  let subject: Subject;
  beforeEach(async ({ onTestFinished }) => {
    subject = await startSubject({ start, keys: [key], options, onTestFinished });
  });

  it("IN-04: that a token is good counts for 60 seconds", async () => {
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
    subject.upstream.introspection = inactive;
    leap(55_000);
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
    expect(questions(subject)).toBe(1);
    leap(5_000);
    expect(await subject.ask(token)).toMatchObject({ status: 401 });
    expect(questions(subject)).toBe(2);
  });

  it("F22: that it is not counts for 10 seconds, and then it may be good again", async () => {
    subject.upstream.introspection = inactive;
    expect(await subject.ask(token)).toMatchObject({ status: 401 });
    subject.upstream.introspection = active;
    leap(5_000);
    expect(await subject.ask(token)).toMatchObject({ status: 401 });
    expect(questions(subject)).toBe(1);
    leap(5_000);
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
  });

  it("F19: 429 with Retry-After: 60 is obeyed for 60 seconds, not for less and not for more", async () => {
    subject.upstream.introspection = status(429, { "retry-after": "60" }, { error: "resource_exhausted" });
    expectUnavailable(await subject.ask(token));
    subject.upstream.introspection = active;
    leap(50_000);
    expectUnavailable(await subject.ask(other));
    expect(questions(subject)).toBe(1);
    leap(10_000);
    expect(await subject.ask(other)).toMatchObject({ status: 200 });
  });

  it.for(faults.filter(({ name }) => ["refused", "500"].includes(name)))(
    "F18: after $name the breaker is open for 5 seconds, and closes with the first answer",
    async ({ behaviour }) => {
      await breakIntrospection(subject, behaviour);
      const failures = await Promise.all(Array.from({ length: 5 }, (_, n) => subject.ask(key.issue({ n }))));
      for (const failure of failures) expectUnavailable(failure);
      await repair(subject, key);
      const asked = questions(subject);
      leap(3_000);
      expectUnavailable(await subject.ask(token));
      expect(questions(subject)).toBe(asked);
      leap(2_000);
      expect(await subject.ask(token)).toMatchObject({ status: 200 });
      const later = await Promise.all(Array.from({ length: 20 }, (_, n) => subject.ask(key.issue({ n, later: true }))));
      for (const { status: code } of later) expect(code).toBe(200);
    },
  );
});

describe("F18 F20: a word that has expired, and the server is down", () => {
  const cases = adapters.flatMap(({ name, start }) =>
    faults.map((fault) => ({ title: `${name}, ${fault.name}`, start, behaviour: fault.behaviour })),
  );
  const subjects = new Map<string, Subject>();
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    for (const { title, start } of cases) {
      const subject = await startSubject({ start, keys: [key], options, onTestFinished: (it) => closing.push(it) });
      expect(await subject.ask(token)).toMatchObject({ status: 200 });
      subjects.set(title, subject);
    }
    leap(60_000);
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  it.concurrent.for(cases)("$title: 503, and the old word is not taken", async ({ title, behaviour }) => {
    const subject = subjects.get(title);
    if (subject === undefined) throw new Error("no subject");
    await breakIntrospection(subject, behaviour);
    const answer = await subject.ask(token);
    expectUnavailable(answer);
    expect(answer.ms).toBeLessThan(bounds.hangMs);
  });
});
