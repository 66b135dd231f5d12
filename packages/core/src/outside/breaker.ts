const failuresToOpen = 5;
const openMs = 5_000;
const longestPauseMs = 60_000;

/** Keeps calls from a peer that does not answer, so that whoever would wait for it is told at once. */
export interface Breaker {
  /** Milliseconds until a call may be tried; 0 if it may now, and then this is the one that tries. */
  enter(): number;
  succeeded(): void;
  /** `pauseSeconds` is what the peer itself asked for; up to a minute is obeyed. */
  failed(pauseSeconds?: number): void;
}

/** Opens after 5 failures in a row for 5 seconds; then one call goes through and decides. `monotonic` is in milliseconds. */
export function createBreaker(monotonic: () => number): Breaker {
  let failures = 0;
  let openUntil = -Infinity;
  return {
    enter() {
      const leftMs = openUntil - monotonic();
      if (leftMs > 0) return leftMs;
      // Until the one that tries is back, nobody else does.
      if (failures >= failuresToOpen) openUntil = monotonic() + openMs;
      return 0;
    },
    succeeded() {
      failures = 0;
      openUntil = -Infinity;
    },
    failed(pauseSeconds) {
      failures += 1;
      const pauseMs = Math.min((pauseSeconds ?? 0) * 1_000, longestPauseMs);
      if (failures >= failuresToOpen || pauseMs > 0)
        openUntil = monotonic() + Math.max(pauseMs, failures >= failuresToOpen ? openMs : 0);
    },
  };
}
