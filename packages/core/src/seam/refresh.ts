import { refuseApiError } from "../protocol/api-refusals.ts";
import type { Refusals } from "../protocol/refusals.ts";
import { createMemoryRefreshCoordinator } from "../outside/memory-refresh-coordinator.ts";
import { RefreshSpentError, createRefresher } from "../outside/refresher.ts";
import type { Refresh } from "../outside/refresher.ts";
import { AuthApiError } from "../words/api-error.ts";
import type { AuthError } from "../words/errors.ts";
import type { RefreshOptions, RefreshSettings } from "../words/refresh.ts";
import type { TokenSet } from "../words/token-set.ts";
import type { WarningEvent } from "../words/warning.ts";
import type { Environment } from "./environment.ts";
import { nameEnvironment } from "./name-environment.ts";

interface RefreshParts {
  readonly environments: readonly Environment[];
  readonly refusals: Refusals;
  readonly refresh: RefreshSettings;
  readonly client: { readonly timeoutMs?: number | undefined };
  readonly warn: (event: WarningEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

const standardTimeoutMs = 5_000;

/** Exchanges refresh tokens; see `CloudbaseAuth.refresh`. */
export function createRefresh(parts: RefreshParts) {
  const { environments, refusals, warn, now, monotonic } = parts;
  const { graceSeconds = 10, coordinator = createMemoryRefreshCoordinator({ monotonic }) } = parts.refresh;
  const timeoutMs = parts.client.timeoutMs ?? standardTimeoutMs;
  const refreshers = new Map<string, Refresh>(
    environments.map(({ envId, client }) => {
      const refresh = createRefresher({
        ...{ environment: envId, coordinator, timeoutMs, warn, now, monotonic },
        refresh: (input, options) => client.refresh(input, options),
        graceMs: graceSeconds * 1_000,
      });
      return [envId, refresh];
    }),
  );

  return async function refresh(refreshToken: string, options: RefreshOptions = {}): Promise<TokenSet> {
    const { envId } = nameEnvironment(environments, options.environment);
    try {
      return await (refreshers.get(envId) as Refresh)(refreshToken, options.session);
    } catch (error) {
      throw error instanceof TypeError ? error : refusalOf(error);
    }
  };

  function refusalOf(error: unknown): AuthError {
    if (error instanceof AuthApiError) return refuseApiError(refusals, error);
    if (error instanceof RefreshSpentError) return refusals.refreshRejected("reused", error);
    return refusals.serviceUnavailable("refresh_coordinator", 1, error);
  }
}
