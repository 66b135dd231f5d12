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
  /** Of one question to the server, from its beginning to its end. */
  readonly timeoutMs: number;
  readonly warn: (event: WarningEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

// Between the end of the longest call and that of its lease: for sealing and writing down.
const marginMs = 5_000;
const pollMs = 1_000;

/**
 * One exchange for any number of callers with the same token, in this process and, by the coordinator, in all. It goes to
 * its end whether or not anybody still waits.
 *
 * Only the server's `invalid_grant` ends a session; whatever else goes wrong gives the turn back.
 */
export function createRefresher(parts: RefresherParts): Refresh {
  const { environment, coordinator, graceMs, timeoutMs, now, monotonic } = parts;
  const leaseMs = timeoutMs + marginMs;
  const underWay = new Map<string, Promise<TokenSet>>();

  async function rotate(key: string, refreshToken: string, session: string | undefined): Promise<TokenSet> {
    const giveUpAt = monotonic() + leaseMs + timeoutMs;
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
    const tokens = await ask(key, fence, refreshToken);
    const successorKey =
      tokens.refreshToken === undefined ? undefined : digestRefreshToken(environment, session, tokens.refreshToken);
    const outcome = await sealReplay(refreshToken, tokens, now());
    try {
      if (await coordinator.succeed({ key, fence, outcome, successorKey, graceMs })) return tokens;
    } catch (error) {
      // The tokens are good, and nobody else will get any for the old one: keeping them back would end the session.
      warnOf(error, "could not be written down; a late caller with the old token has to sign in again");
      return tokens;
    }
    const turn = await coordinator.begin({ key, leaseMs });
    const theirs = turn.state === "done" ? await openReplay(refreshToken, turn.outcome, now()) : undefined;
    if (turn.state === "spent") throw new RefreshSpentError("the session was ended meanwhile");
    if (turn.state === "yours") await coordinator.release({ key, fence: turn.fence });
    return theirs ?? tokens;
  }

  async function ask(key: string, fence: string, refreshToken: string): Promise<TokenSet> {
    try {
      const { requestId: _, ...tokens } = await parts.refresh({ refreshToken }, { timeoutMs });
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
