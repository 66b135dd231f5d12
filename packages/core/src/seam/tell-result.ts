import { channels, tell } from "../outside/diagnostics.ts";
import type { AuthResult } from "../words/auth.ts";

const authenticated = channels["cloudbase-auth:authenticated"];
const rejected = channels["cloudbase-auth:rejected"];
const unavailable = channels["cloudbase-auth:unavailable"];

/** How a result came about. */
interface Circumstances {
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly cacheHit: boolean;
  /** The environment that a token says to be of. Asked only where the result does not say. */
  readonly environment: () => string | undefined;
}

/** Whether anybody wants to be told of results. */
export function isToldOfResults(): boolean {
  return authenticated.hasSubscribers || rejected.hasSubscribers || unavailable.hasSubscribers;
}

/** Tells of a result as soon as there is one. */
export function tellOfResult(result: AuthResult | Promise<AuthResult>, how: Circumstances): void {
  if (result instanceof Promise) {
    void result.then((late) => tellOfResult(late, how));
    return;
  }
  const { auth } = result;
  const { cacheHit } = how;
  const durationMs = performance.now() - how.startedAt;
  switch (auth.state) {
    case "absent":
      return;
    case "authenticated": {
      const { environment, verifiedBy } = auth;
      tell("cloudbase-auth:authenticated", () => ({ environment, verifiedBy, cacheHit, durationMs }));
      return;
    }
    case "rejected": {
      const { code, reason } = auth.error;
      tell("cloudbase-auth:rejected", () => ({ environment: how.environment(), code, reason, cacheHit, durationMs }));
      return;
    }
    case "unavailable": {
      const { code, reason } = auth.error;
      tell("cloudbase-auth:unavailable", () => ({ environment: how.environment(), code, reason, durationMs }));
    }
  }
}
