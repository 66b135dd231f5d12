/** So many attempts within so many seconds. */
export interface AttemptLimit {
  readonly attempts: number;
  readonly perSeconds: number;
}

/**
 * Counts attempts, such as sign-ins of one account, for any number of processes. Keys are digests. Every call rejects
 * when the count cannot be reached, within 250 ms.
 */
export interface AttemptLimiter {
  /** Counts one attempt and answers for how many seconds to wait: 0 if it is within the limit. */
  count(key: string, limit: AttemptLimit): Promise<number>;
  /** Forgets what was counted, as after a sign-in that succeeded. */
  forget(key: string): Promise<void>;
}
