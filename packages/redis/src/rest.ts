const failuresToRest = 3;
const restMs = 250;

/** Keeps commands from a Redis that hangs, so that they fail at once and do not wait 200 ms each. */
export interface Rest {
  /** Whether a command may be tried; while Redis hangs, one now and then is. */
  enter(): boolean;
  answered(): void;
  failed(): void;
}

/** After 3 failures in a row, one command in 250 ms is tried, until one is answered. `monotonic` is in milliseconds. */
export function createRest(monotonic: () => number): Rest {
  let failures = 0;
  let until = -Infinity;
  return {
    enter() {
      if (failures < failuresToRest) return true;
      if (monotonic() < until) return false;
      until = monotonic() + restMs;
      return true;
    },
    answered() {
      failures = 0;
    },
    failed() {
      failures += 1;
      if (failures === failuresToRest) until = monotonic() + restMs;
    },
  };
}
