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
const longestDrainMs = 5_000;

/**
 * Exchanges refresh tokens; see `CloudbaseAuth.refresh`. `drain` waits, not for ever, until no exchange is under way: one
 * that is cut off may have spent a token at the server, and its turn stays taken until the lease ends.
 */
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

  const underWay = new Set<Promise<TokenSet>>();

  async function refresh(refreshToken: string, options: RefreshOptions = {}): Promise<TokenSet> {
    const { envId } = nameEnvironment(environments, options.environment);
    const exchange = (refreshers.get(envId) as Refresh)(refreshToken, options.session);
    underWay.add(exchange);
    try {
      return await exchange;
    } catch (error) {
      throw error instanceof TypeError ? error : refusalOf(error);
    } finally {
      underWay.delete(exchange);
    }
  }

  async function drain(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, longestDrainMs)));
    await Promise.race([Promise.allSettled(underWay), late]);
    clearTimeout(timer);
  }

  return { refresh, drain };

  function refusalOf(error: unknown): AuthError {
    if (error instanceof AuthApiError) return refuseApiError(refusals, error);
    if (error instanceof RefreshSpentError) return refusals.refreshRejected("reused", error);
    return refusals.serviceUnavailable("refresh_coordinator", 1, error);
  }
}
