const tickMs = 100;

/**
 * Aborts after `totalMs` in which an answer could have been heard. Time in which the event loop stood still, as in a busy
 * start, counts as two ticks at the most: it says nothing of the peer.
 */
export function startTimeout(totalMs: number): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  let leftMs = totalMs;
  let countedAt = performance.now();
  let timer = arm();

  function arm(): NodeJS.Timeout {
    return setTimeout(tick, Math.min(leftMs, tickMs)).unref();
  }

  function tick(): void {
    const now = performance.now();
    leftMs -= Math.min(now - countedAt, 2 * tickMs);
    countedAt = now;
    if (leftMs > 0) timer = arm();
    else controller.abort();
  }

  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}
