import { describe, expect, it } from "vitest";
import { adapters } from "./support/adapters.ts";
import { createIssuerKey } from "./support/issuer.ts";
import { startSubject } from "./support/subject.ts";
import { keySetPath } from "./support/upstream.ts";

/** The moment of the tests, in seconds since the epoch; a case moves the clock by `at` seconds from here. */
const moment = 1_800_000_000;
const key = await createIssuerKey("a");
const usual = { iat: moment - 3_600, exp: moment + 3_600 };

interface TimeCase {
  readonly title: string;
  readonly claims: Readonly<Record<string, number>>;
  readonly clockToleranceSeconds?: number;
  /** What is answered when, in this order, to one and the same token; from the third sight on from the cache. */
  readonly answers: readonly (readonly [at: number, status: 200 | 401])[];
}

const { iat, exp } = { iat: usual.iat - moment, exp: usual.exp - moment };
const cases: readonly TimeCase[] = [
  {
    title: "CL-05 CL-10: exp with the tolerance of 5 seconds",
    claims: {},
    answers: [
      [exp - 1, 200],
      [exp + 4, 200],
      [exp + 4.999, 200],
      [exp + 5, 401],
    ],
  },
  {
    title: "CL-05: a token that is kept, at its exp and past it, and with the clock turned back",
    claims: {},
    answers: [
      ...[0, 0, 0, exp - 0.001, exp, exp + 4.999].map((at) => [at, 200] as const),
      [exp + 5, 401],
      [exp + 5, 401],
      [exp + 4.999, 200],
      [0, 200],
    ],
  },
  {
    title: "CL-10: exp with no tolerance, for a token that is kept too",
    claims: {},
    clockToleranceSeconds: 0,
    answers: [...[0, 0, 0, exp - 0.001].map((at) => [at, 200] as const), [exp, 401]],
  },
  {
    title: "CL-10: exp with the longest tolerance",
    claims: {},
    clockToleranceSeconds: 60,
    answers: [
      [exp + 59.999, 200],
      [exp + 60, 401],
    ],
  },
  {
    title: "CL-06: a fraction of a second in exp",
    claims: { exp: usual.exp + 0.5 },
    clockToleranceSeconds: 0,
    answers: [
      [exp, 200],
      [exp + 1, 401],
    ],
  },
  {
    title: "CL-08 CL-10: nbf in 5 seconds is now, in 6 it is not yet",
    claims: { nbf: moment },
    answers: [
      [-5.001, 401],
      [-6, 401],
      [-5, 200],
      [0, 200],
    ],
  },
  {
    title: "CL-08: nbf of a token that is kept, with the clock turned back",
    claims: { nbf: moment },
    answers: [...[0, 0, 0].map((at) => [at, 200] as const), [-5, 200], [-5.001, 401], [-5, 200]],
  },
  {
    title: "CL-08: nbf with no tolerance",
    claims: { nbf: moment },
    clockToleranceSeconds: 0,
    answers: [
      [-0.001, 401],
      [0, 200],
    ],
  },
  {
    title: "CL-09 CL-10: iat in 5 seconds is now, in 6 it is not yet",
    claims: {},
    answers: [
      [iat - 6, 401],
      [iat - 5.001, 401],
      [iat - 5, 200],
    ],
  },
  {
    title: "F24: the clock jumps half an hour ahead and back",
    claims: {},
    answers: [0, 0, 0, 1_800, 1_800, 1_800, 0, -1_800, 0].map((at) => [at, 200] as const),
  },
  {
    title: "F24: a clock that is 30 seconds ahead or behind",
    claims: { iat: moment, exp: moment + 60 },
    answers: [
      [30, 200],
      [-30, 401],
      [64.999, 200],
      [65, 401],
    ],
  },
];

describe.for(adapters)("$name", ({ start }) => {
  it.for(cases)("$title", async ({ claims, clockToleranceSeconds, answers }, { onTestFinished }) => {
    let nowMs = moment * 1_000;
    const options = { now: () => nowMs, clockToleranceSeconds };
    const subject = await startSubject({ start, keys: [key], options, onTestFinished });
    const token = key.issue({ ...usual, ...claims });
    const found: unknown[] = [];
    for (const [at] of answers) {
      nowMs = (moment + at) * 1_000;
      const { status, challenge } = await subject.ask(token);
      found.push([at, status]);
      if (status === 401) expect(challenge).toContain('error="invalid_token"');
    }
    expect(found).toEqual(answers);
    expect(subject.upstream.count(keySetPath), "calls").toBe(1);
  });
});
