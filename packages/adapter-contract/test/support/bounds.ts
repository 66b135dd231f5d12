/**
 * Upper bounds for how long an answer to a fault may take, in milliseconds. What is promised is in the comments. The bounds
 * are much wider, so that a machine that is busy with something else does not break them by chance, and still narrow enough
 * to tell an answer from a wait for the time-out of 2,000, and that from one of 5,000 or none. How fast it is on a quiet
 * machine is measured by `bench`.
 */
export const bounds = {
  /** Promised: 50 after the failure. */
  afterFailureMs: 1_600,
  /** Promised: 2,200. The time-outs that peers come with begin at 5,000. */
  hangMs: 4_500,
  /** Promised: 20, from what is at hand; of many answers, the one in the middle. */
  atHandMs: 1_000,
  /** Promised: 5,000 from the return of a server to its use, after a short outage. */
  recoveryMs: 10_000,
} as const;

/** Where less was waited, it was not the time-out that ended it. */
export const leastHangMs = 1_700;

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
