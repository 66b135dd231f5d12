import type { AuthError, AuthRequest, TokenSet } from "@cloudbase-auth/core";
import type { KeeperParts } from "./create-keeper.ts";
import { isWidened, tokenPart, verify } from "./identity.ts";
import type { OpenedSession, Session } from "./keeper.ts";
import type { Changed } from "./session-home.ts";
import { hasEndedToken, isRefreshDue } from "./session-times.ts";
import { createSingleFlight } from "./single-flight.ts";
import { exchangeTokens, retryAfterSeconds } from "./token-exchange.ts";

type OpenerParts = Pick<KeeperParts, "auth" | "home" | "stored" | "idleMs" | "now" | "monotonic">;

/** After a failure, the sessions whose tokens are still good leave the server alone for as long as it says, at most this. */
const longestPauseSeconds = 5;
/** Tokens that the server has just given and that are no good here are not exchanged again for so long. */
const mendEveryMs = 60_000;

/** Finds the session of a request, and exchanges its tokens if that is due. It rejects if the store is out of reach. */
export function createOpener({ auth, home, stored, idleMs, now, monotonic }: OpenerParts) {
  let pausedUntil = -Infinity;
  const once = createSingleFlight<Changed>();

  /** With a sealed cookie, being seen is written down together with new tokens only; so those have to come in time. */
  const isSeenTooLongAgo = (session: Session, time: number): boolean =>
    stored === undefined && time - session.seenAt >= idleMs / 2;

  return async function openSession(request: AuthRequest): Promise<OpenedSession> {
    const found = await home.find(request);
    if (found.state === "none") return found;
    const { session, cookies } = found;
    const time = now();
    if (hasEndedToken(session, time)) {
      // Signed out everywhere, when this browser was away: the server may not know of it, or may have failed to hear it.
      const { userId, environment, renewedAt: issuedAtMs } = session;
      if (auth.isUserRevoked(userId, { environment, issuedAtMs })) {
        return end(request, session, auth.refusals.invalidToken("revoked"));
      }
      return session.refreshToken === undefined ? end(request, session) : exchange(request, session, cookies, false);
    }
    const verdict = (await verify(auth, session.accessToken)).auth;
    if (verdict.state === "rejected") {
      // Revoked here means signed out, whatever the server would give for the refresh token. Any other reason, such as a
      // key that is gone, is mended by new tokens; but if it was not a moment ago, it is not now.
      const isFinal = verdict.error.reason === "revoked" || session.refreshToken === undefined;
      if (isFinal) return end(request, session, verdict.error);
      const isFresh = time - session.renewedAt < mendEveryMs;
      return isFresh ? open(session, cookies) : exchange(request, session, cookies, false);
    }
    const isDue = isRefreshDue(session, time) || isSeenTooLongAgo(session, time);
    const isToExchange = isDue && session.refreshToken !== undefined && monotonic() >= pausedUntil;
    return isToExchange ? exchange(request, session, cookies, true) : open(session, cookies);
  };

  async function exchange(
    request: AuthRequest,
    session: Session,
    cookies: readonly string[],
    isStillGood: boolean,
  ): Promise<OpenedSession> {
    const exchanged = await exchangeTokens(auth, session);
    switch (exchanged.state) {
      case "exchanged":
        return keep(request, session, exchanged.tokens, cookies);
      case "over":
        return (await whatOthersKept(request, session)) ?? end(request, session, exchanged.error);
      case "failed":
        pausedUntil = monotonic() + Math.min(longestPauseSeconds, retryAfterSeconds(exchanged.error)) * 1_000;
        return isStillGood
          ? open(session, cookies)
          : { state: "unavailable", error: exchanged.error, session, cookies: [] };
    }
  }

  async function keep(
    request: AuthRequest,
    session: Session,
    tokens: TokenSet,
    cookies: readonly string[],
  ): Promise<OpenedSession> {
    const refusal = await refusalOf(session, tokens);
    if (refusal !== undefined) return end(request, session, refusal);
    const changed = await replaceTokens(request, session, tokens);
    if (changed.state === "kept") {
      return open(changed.session, changed.cookies.length > 0 ? changed.cookies : cookies);
    }
    // The tokens are those of the session that its browser has now, if they are anybody's.
    if (changed.state === "left") return { state: "none", cookies: [] };
    // Signed out while the server was asked: nobody shall have the new tokens.
    auth.revoke(tokens.accessToken).catch(() => undefined);
    return end(request, session);
  }

  async function replaceTokens(request: AuthRequest, session: Session, tokens: TokenSet): Promise<Changed> {
    const time = now();
    const change = () =>
      home.change(request, session, (current) => {
        // Somebody was faster, and the tokens that are kept there are as good.
        if (current.accessToken !== session.accessToken) return current;
        return { ...current, ...tokenPart(tokens, current.refreshToken, time), seenAt: time };
      });
    // A sealed cookie is of one request; a store is told once, however many requests there are.
    return stored === undefined ? change() : once(`${session.id} ${tokens.accessToken}`, change);
  }

  /** Why new tokens are not kept, if they are not. CVE-2025-67490: whatever went wrong, nobody gets another one's session. */
  async function refusalOf(session: Session, tokens: TokenSet): Promise<AuthError | undefined> {
    const { environment, userId } = session;
    const { auth: how, user } = await verify(auth, tokens.accessToken);
    // Signed out since they were got: the cookie was one of before that, and within the grace.
    if (how.state === "rejected" && how.error.reason === "revoked") return how.error;
    // Out of reach or no good: the old token is spent, so these are kept, and judged with every request.
    if (how.state !== "authenticated") return undefined;
    if (how.environment !== environment || user?.id !== userId) {
      throw new Error("the exchange of a refresh token gave tokens of another user");
    }
    if (!isWidened(session, how.scopes)) return undefined;
    // A rise of privilege is a sign-in's to give: nobody has these tokens, and the old ones are spent.
    auth.revoke(tokens.accessToken).catch(() => undefined);
    warnOfWidened(environment);
    return auth.refusals.refreshRejected("invalid_grant", new Error("the tokens go beyond the scope of the sign-in"));
  }

  /** RF-05: whoever had the old token for too long may find that another process has put the new ones down. */
  async function whatOthersKept(request: AuthRequest, session: Session): Promise<OpenedSession | undefined> {
    if (stored === undefined) return undefined;
    const again = await home.find(request);
    if (again.state === "none" || again.session.accessToken === session.accessToken) return undefined;
    return hasEndedToken(again.session, now()) ? undefined : open(again.session, again.cookies);
  }

  async function end(request: AuthRequest, session: Session, error?: AuthError): Promise<OpenedSession> {
    const cookies = await home.end(request, session);
    return error === undefined ? { state: "none", cookies } : { state: "none", error, cookies };
  }
}

function open(session: Session, cookies: readonly string[]): OpenedSession {
  return { state: "open", session, cookies };
}

function warnOfWidened(environment: string): void {
  const what = "A refresh gave tokens of more scope than the sign-in, which no server may do (RFC 6749 §6)";
  const message = `${what}; the session was ended. Ask the operator of environment ${environment} what changed.`;
  process.emitWarning(message, { code: "CLOUDBASE_AUTH_SESSION" });
}
