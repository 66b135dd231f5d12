import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a call came to, and how long it took, less the time in which this process itself was held up. */
export async function timed<T>(
  call: () => Promise<T>,
): Promise<{ readonly value?: T; readonly error?: unknown; readonly ms: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startedAt = performance.now();
  const outcome = await call().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const tookMs = performance.now() - startedAt;
  delay.disable();
  return { ...outcome, ms: tookMs - Math.max(0, delay.max / 1e6 - 10) };
}

/** How long it takes until a call succeeds, tried again and again. */
export async function untilSucceeds(call: () => Promise<unknown>, giveUpAfterMs = 5_000): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    try {
      await call();
      return performance.now() - startedAt;
    } catch (error) {
      if (performance.now() - startedAt > giveUpAfterMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
