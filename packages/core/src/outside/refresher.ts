import { digestRefreshToken, openReplay, sealReplay } from "../protocol/sealed-replay.ts";
import { AuthApiError } from "../words/api-error.ts";
import type { RefreshCoordinator } from "../words/refresh.ts";
import type { TokenSet } from "../words/token-set.ts";
import type { WarningEvent } from "../words/warning.ts";
import type { AuthClientCalls } from "./client/create.ts";

/** The token was exchanged before, or its session was ended: only a new sign-in helps. */
export class RefreshSpentError extends Error {
  override readonly name = "RefreshSpentError";
}

/** Somebody else is exchanging the token and does not come to an end. */
class RefreshBusyError extends Error {
  override readonly name = "RefreshBusyError";
}

/** Exchanges refresh tokens of one environment. */
export type Refresh = (refreshToken: string, session?: string) => Promise<TokenSet>;

interface RefresherParts {
  readonly environment: string;
  readonly refresh: AuthClientCalls["refresh"];
  readonly coordinator: RefreshCoordinator;
  readonly graceMs: number;
  /** Of one question to the server, as others are. */
  readonly timeoutMs: number;
  readonly warn: (event: WarningEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

// What a lease is longer than a call; whoever finds its doer dead waits that long.
const marginMs = 5_000;
const renewalsPerLease = 3;
const pollMs = 1_000;

/**
 * One exchange for any number of callers with the same token, in this process and, by the coordinator, in all. It goes to
 * its end whether or not anybody still waits.
 *
 * The lease is renewed until the server has answered, so that a slow one is asked by nobody else meanwhile.
 *
 * Only the server's `invalid_grant` ends a session; whatever else goes wrong gives the turn back.
 */
export function createRefresher(parts: RefresherParts): Refresh {
  const { environment, coordinator, graceMs, timeoutMs, now, monotonic } = parts;
  const leaseMs = timeoutMs + marginMs;
  // To give up on an answer is worse here than to wait: the token may be spent.
  const exchangeMs = 2 * timeoutMs;
  const underWay = new Map<string, Promise<TokenSet>>();

  async function rotate(key: string, refreshToken: string, session: string | undefined): Promise<TokenSet> {
    const giveUpAt = monotonic() + leaseMs + exchangeMs;
    for (;;) {
      const turn = await coordinator.begin({ key, leaseMs });
      switch (turn.state) {
        case "yours":
          return exchange(key, turn.fence, refreshToken, session);
        case "done": {
          const replayed = await openReplay(refreshToken, turn.outcome, now());
          if (replayed === undefined) throw new RefreshSpentError("the outcome of the exchange cannot be read");
          return replayed;
        }
        case "spent":
          await coordinator.end({ key });
          throw new RefreshSpentError("the refresh token was exchanged before");
        case "taken":
          if (monotonic() >= giveUpAt) throw new RefreshBusyError("another exchange of the token does not end");
          await coordinator.wait({ key, atMostMs: pollMs });
      }
    }
  }

  async function exchange(
    key: string,
    fence: string,
    refreshToken: string,
    session: string | undefined,
  ): Promise<TokenSet> {
    const tokens = await renewing(key, fence, () => ask(key, fence, refreshToken));
    const successorKey =
      tokens.refreshToken === undefined ? undefined : digestRefreshToken(environment, session, tokens.refreshToken);
    try {
      const outcome = await sealReplay(refreshToken, tokens, now());
      const writeDown = (held: string): Promise<boolean> =>
        coordinator.succeed({ key, fence: held, outcome, successorKey, graceMs });
      if (await writeDown(fence)) return tokens;
      const turn = await coordinator.begin({ key, leaseMs });
      if (turn.state === "spent") throw new RefreshSpentError("the session was ended meanwhile");
      // Nobody knows of the turn any more, as after the loss of a store.
      if (turn.state === "yours") await writeDown(turn.fence);
      return (turn.state === "done" ? await openReplay(refreshToken, turn.outcome, now()) : undefined) ?? tokens;
    } catch (error) {
      if (error instanceof RefreshSpentError) throw error;
      // The tokens are good, and nobody else will get any for the old one: keeping them back would end the session.
      warnOf(error, "could not be written down; a late caller with the old token has to sign in again");
      return tokens;
    }
  }

  /** Keeps the lease while something is done. That it was lost is found out when the outcome is written down. */
  async function renewing<Value>(key: string, fence: string, work: () => Promise<Value>): Promise<Value> {
    const renew = async (): Promise<void> => {
      await coordinator.renew({ key, fence, leaseMs });
    };
    const timer = setInterval(() => void renew().catch(() => undefined), leaseMs / renewalsPerLease).unref();
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  async function ask(key: string, fence: string, refreshToken: string): Promise<TokenSet> {
    try {
      const { requestId: _, ...tokens } = await parts.refresh({ refreshToken }, { timeoutMs: exchangeMs });
      return tokens;
    } catch (error) {
      if (error instanceof AuthApiError && error.kind === "invalid_grant") {
        await coordinator.end({ key }).catch(() => undefined);
        throw error;
      }
      // If the coordinator is away, the lease ends by itself; what the server said is what the caller should hear.
      await coordinator.release({ key, fence }).catch(() => undefined);
      if (error instanceof AuthApiError && error.kind === "client") {
        warnOf(
          error,
          "is refused because of our own client credentials; sessions are kept. Set options clientId and clientSecret (variables CLOUDBASE_CLIENT_ID and CLOUDBASE_CLIENT_SECRET)",
        );
      }
      throw error;
    }
  }

  function warnOf(cause: unknown, what: string): void {
    const said = cause instanceof Error ? cause.message : "unknown error";
    const message = `The exchange of a refresh token of environment ${environment} ${what} (${said}).`;
    parts.warn({ code: "refresh_trouble", environment, message, cause });
  }

  return function refresh(refreshToken, session) {
    if (typeof refreshToken !== "string" || refreshToken === "") {
      return Promise.reject(new TypeError("refreshToken must be a non-empty string"));
    }
    const key = digestRefreshToken(environment, session, refreshToken);
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const rotation = rotate(key, refreshToken, session).finally(() => underWay.delete(key));
    underWay.set(key, rotation);
    return rotation;
  };
}
