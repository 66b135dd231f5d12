const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

/** How long to leave a failing peer alone: 1 second doubling to 30, each shortened by up to a quarter at random. */
export interface Backoff {
  /** Milliseconds until the next try is due; 0 if it is. */
  waitMs(): number;
  /** `atMostMs` shortens the wait where somebody is refused for as long as it lasts. */
  failed(atMostMs?: number): void;
  succeeded(): void;
}

/** `random` gives 0 to 1: it keeps many processes from coming back at the same moment. */
export function createBackoff(monotonic: () => number, random: () => number): Backoff {
  let failures = 0;
  let retryAt = -Infinity;
  return {
    waitMs: () => Math.max(0, retryAt - monotonic()),
    failed(atMostMs = longestWaitMs) {
      const longest = Math.min(firstWaitMs * 2 ** failures, longestWaitMs, atMostMs);
      retryAt = monotonic() + longest * (1 - random() / 4);
      failures += 1;
    },
    succeeded() {
      failures = 0;
      retryAt = -Infinity;
    },
  };
}
