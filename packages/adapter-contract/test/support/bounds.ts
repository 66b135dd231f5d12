/**
 * Upper bounds for how long an answer to a fault may take, in milliseconds. What is promised is in the names' comments;
 * the bounds are wider, because a machine that runs other tests at the same time is slower, and still narrow enough to
 * tell an answer from a wait. How fast it is on a quiet machine is measured by `bench`.
 */
export const bounds = {
  /** Promised: 50 ms after the failure. A wait for a time-out would take 2,000. */
  afterFailureMs: 500,
  /** Promised: 2,200 ms. The time-outs that peers come with begin at 5,000. */
  hangMs: 3_500,
  /** Promised: 20 ms from keys that are at hand; of many answers, the one in the middle. */
  atHandMs: 200,
  /** Promised: 5,000 ms from the return of a server to its use. */
  recoveryMs: 7_500,
} as const;

/** Where less was waited, it was not the time-out that ended it. */
export const leastHangMs = 1_700;

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
