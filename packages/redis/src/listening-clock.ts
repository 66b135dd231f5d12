const tickMs = 20;

/**
 * A clock that stands still while this process does: what passes while the event loop is busy, or the machine gives its
 * turn to others, says nothing of the peer. In milliseconds.
 */
export interface ListeningClock {
  now(): number;
  /** It runs from here on, until as many have left as have entered. */
  enter(): void;
  leave(): void;
}

/** Whoever could not tick for more than two ticks was not listening for what is beyond that. */
export function createListeningClock(monotonic: () => number): ListeningClock {
  let missedMs = 0;
  let tickedAt = -Infinity;
  let users = 0;
  let timer: NodeJS.Timeout | undefined;

  const missedSince = (): number => Math.max(0, monotonic() - tickedAt - 2 * tickMs);

  function tick(): void {
    missedMs += missedSince();
    tickedAt = monotonic();
    if (users > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    now: () => monotonic() - missedMs - (timer === undefined ? 0 : missedSince()),
    enter() {
      users += 1;
      if (timer !== undefined) return;
      tickedAt = monotonic();
      timer = setInterval(tick, tickMs).unref();
    },
    leave() {
      users -= 1;
    },
  };
}
