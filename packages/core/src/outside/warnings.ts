import type { WarningEvent } from "../words/warning.ts";

const quietMs = 60_000;

/**
 * Hands warnings on, each code at most once a minute and environment, so that an outage does not flood the log.
 *
 * A listener that throws or rejects must not break the request that caused the warning; its error becomes a warning
 * itself.
 */
export function createWarnings(
  onWarning: ((event: WarningEvent) => void) | undefined,
  monotonic: () => number,
): (event: WarningEvent) => void {
  const lastAt = new Map<string, number>();
  const listener = onWarning ?? emit;
  return (event) => {
    const key = `${event.code} ${event.environment}`;
    const now = monotonic();
    if (now - (lastAt.get(key) ?? -Infinity) < quietMs) return;
    lastAt.set(key, now);
    try {
      const answer: unknown = listener(event);
      // A logger may be asynchronous, and a rejection that nobody handles ends the process.
      Promise.resolve(answer).catch((error: unknown) => complain(event, error));
    } catch (error) {
      complain(event, error);
    }
  };
}

function complain({ code, message }: WarningEvent, error: unknown): void {
  const thrown = error instanceof Error ? error.message : "a value";
  process.emitWarning(`option onWarning threw ${thrown}; the warning was: ${message}`, {
    type: "CloudbaseAuthWarning",
    code,
  });
}

function emit(event: WarningEvent): void {
  process.emitWarning(event.message, { type: "CloudbaseAuthWarning", code: event.code });
}
