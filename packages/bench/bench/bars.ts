import type { Measure } from "./bench.ts";

/** What must hold. Every number is taken from one run, as a ratio wherever two things are compared. */
export interface Bar {
  readonly bench: string;
  readonly measure: string;
  readonly says: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit: string;
}

export const bars: readonly Bar[] = [
  {
    bench: "authenticate-hot",
    measure: "speed over fast-jwt with its cache",
    says: "`authenticate`, hot, is 5 times as fast as fast-jwt with its cache",
    atLeast: 5,
    unit: "×",
  },
  {
    bench: "authenticate-cold",
    measure: "time over the minimal check",
    says: "`authenticate`, cold, takes at most 1.3 times a minimal check",
    atMost: 1.3,
    unit: "×",
  },
  {
    bench: "authenticate-cold",
    measure: "speed over the fastest verifier",
    says: "`authenticate`, cold, is ahead of jsonwebtoken, fast-jwt, aws-jwt-verify and jose",
    atLeast: 1,
    unit: "×",
  },
  {
    bench: "diagnostics",
    measure: "percent of the call where nobody listens",
    says: "Diagnostics channels that nobody listens to: at most 3 % of a known token's `authenticate`",
    atMost: 3,
    unit: "%",
  },
  ...guardedBars("express", "Express", 2, "2 times the best middleware"),
  ...guardedBars("koa", "Koa", 3, "3 times the best middleware"),
  ...guardedBars("fastify", "Fastify", 3, "3 times the best that fetches keys"),
  {
    bench: "guarded-fastify",
    measure: "hot: lead over a static key with cache",
    says: "Fastify, hot: 1.3 times @fastify/jwt with a static key and its cache",
    atLeast: 1.3,
    unit: "×",
  },
  {
    bench: "stampede",
    measure: "key-set fetches",
    says: "1,000 simultaneous first requests: one key-set fetch",
    atLeast: 1,
    atMost: 1,
    unit: "",
  },
  {
    bench: "stampede",
    measure: "accepted",
    says: "1,000 simultaneous first requests: all let in",
    atLeast: 1,
    unit: "of 1",
  },
  {
    bench: "unknown-kids",
    measure: "key-set fetches",
    says: "5,000 unknown kids: at most 2 fetches",
    atMost: 2,
    unit: "",
  },
  { bench: "unknown-kids", measure: "answers with 5xx", says: "5,000 unknown kids: no 5xx", atMost: 0, unit: "" },
  {
    bench: "unknown-kids",
    measure: "valid cold CPU over unknown CPU",
    says: "5,000 unknown kids: as fast as valid cold tokens",
    atLeast: 1,
    unit: "×",
  },
  {
    bench: "unknown-kids",
    measure: "valid requests refused beside the flood",
    says: "5,000 unknown kids: valid traffic beside them is let in",
    atMost: 0,
    unit: "refused",
  },
  {
    bench: "unknown-kids",
    measure: "waiting of valid requests, flood over calm",
    says: "5,000 unknown kids: valid traffic waits no longer than beside valid cold tokens",
    atMost: 1.25,
    unit: "×",
  },
  {
    bench: "rotation",
    measure: "seconds after a fetch",
    says: "A key published right after a fetch works within 5 s",
    atMost: 5,
    unit: "s",
  },
  {
    bench: "rotation",
    measure: "seconds during a flood",
    says: "A key published during a flood of unknown kids works within 5 s",
    atMost: 5,
    unit: "s",
  },
  {
    bench: "memory",
    measure: "MiB above the start",
    says: "1,000,000 distinct EdDSA tokens: memory back to within 40 MiB",
    atMost: 40,
    unit: "MiB",
  },
  {
    bench: "import",
    measure: "milliseconds beyond jose",
    says: "`import` of @cloudbase-auth/express: at most 40 ms beyond jose",
    atMost: 40,
    unit: "ms",
  },
  {
    bench: "import",
    measure: "undici modules loaded",
    says: "`import` of @cloudbase-auth/express does not load undici",
    atMost: 0,
    unit: "",
  },
  {
    bench: "growth",
    measure: "100,000 live tokens over 1,000",
    says: "A request with a known token costs the same among 100,000 as among 1,000",
    atMost: 1.15,
    unit: "×",
  },
  {
    bench: "growth",
    measure: "8 environments over 1",
    says: "A request with a known token costs the same in 8 environments as in 1",
    atMost: 1.15,
    unit: "×",
  },
];

function guardedBars(bench: string, framework: string, lead: number, says: string): readonly Bar[] {
  const bar = { bench: `guarded-${bench}`, unit: "×" };
  return [
    {
      ...bar,
      measure: "hot: share of the ideal",
      says: `${framework}, hot: 95 % of a hand-written look-up`,
      atLeast: 0.95,
    },
    { ...bar, measure: "hot: lead over the best peer", says: `${framework}, hot: ${says}`, atLeast: lead },
    {
      ...bar,
      measure: "cold: share of the ideal",
      says: `${framework}, cold: 95 % of one hand-written check`,
      atLeast: 0.95,
    },
    {
      ...bar,
      measure: "cold: lead over the best peer, upper quartile",
      says: `${framework}, cold: no peer ahead beyond the run's spread`,
      atLeast: 1,
    },
  ];
}

export interface Verdict {
  readonly bar: Bar;
  readonly measure: Measure | undefined;
  readonly held: boolean;
  /** By how much of the bar it was missed or held, in percent; negative if missed. */
  readonly marginPercent: number | undefined;
}

export function judge(bar: Bar, measure: Measure | undefined): Verdict {
  if (measure === undefined || Number.isNaN(measure.value)) {
    return { bar, measure: undefined, held: false, marginPercent: undefined };
  }
  const { atLeast, atMost } = bar;
  const held = (atLeast === undefined || measure.value >= atLeast) && (atMost === undefined || measure.value <= atMost);
  const margin = atLeast === undefined ? 1 - measure.value / (atMost ?? 1) : measure.value / atLeast - 1;
  return { bar, measure, held, marginPercent: Number.isFinite(margin) ? margin * 100 : undefined };
}
