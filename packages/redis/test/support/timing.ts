import { createListeningClock } from "../../src/listening-clock.ts";

/** What a call came to, and how long it took, less the time in which this process could not have heard of it. */
export async function timed<T>(
  call: () => Promise<T>,
): Promise<{ readonly value?: T; readonly error?: unknown; readonly ms: number }> {
  const clock = createListeningClock(() => performance.now());
  clock.enter();
  const startedAt = clock.now();
  const outcome = await call().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const ms = clock.now() - startedAt;
  clock.leave();
  return { ...outcome, ms };
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
