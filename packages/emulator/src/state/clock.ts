/** The time that every lifetime of the emulator is measured with. */
export interface EmulatorClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Stops the clock at a time given in epoch milliseconds. */
  set(epochMs: number): void;
  /** Moves the clock by seconds (negative: back). A stopped clock stays stopped, a running one keeps running. */
  advance(seconds: number): void;
  /** Back to the time source that the emulator was created with. */
  reset(): void;
}

const latest = Date.UTC(9000, 0);

/** @param source - epoch milliseconds */
export function createClock(source: () => number = Date.now): EmulatorClock {
  let stoppedAt: number | undefined;
  let offset = 0;
  const now = () => (stoppedAt ?? source()) + offset;

  return {
    now,
    set(epochMs) {
      if (!(epochMs >= 0 && epochMs <= latest)) {
        throw new TypeError(`clock.set takes epoch milliseconds between 0 and ${latest}, for example Date.now().`);
      }
      stoppedAt = epochMs;
      offset = 0;
    },
    advance(seconds) {
      const moved = now() + seconds * 1000;
      if (!(moved >= 0 && moved <= latest)) {
        throw new TypeError("clock.advance takes a number of seconds that keeps the clock between 1970 and 9000.");
      }
      offset += seconds * 1000;
    },
    reset() {
      stoppedAt = undefined;
      offset = 0;
    },
  };
}
