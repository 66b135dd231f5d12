import { randomBytes } from "node:crypto";
import type { AuthRequest, CloudbaseAuth, TokenSet } from "@cloudbase-auth/core";
import { identify, isWidened, tokenPart } from "./identity.ts";
import type { OpenedSession, Session, SessionKeeper, TransactionCookies } from "./keeper.ts";
import { createOpener } from "./open-session.ts";
import type { SessionHome } from "./session-home.ts";
import type { Owned, StoredSessions } from "./stored-sessions.ts";
import { digestOf } from "./stored-sessions.ts";
import { StoreTroubleError } from "./bounded-store.ts";

export interface KeeperParts {
  readonly auth: CloudbaseAuth;
  readonly home: SessionHome;
  /** Where there is a store. */
  readonly stored: StoredSessions | undefined;
  readonly transactions: TransactionCookies;
  readonly idleMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

const longestUserAgent = 200;

export function createKeeper(parts: KeeperParts): SessionKeeper {
  const { auth, home, stored, transactions, now } = parts;
  const openSession = createOpener(parts);

  /** A store that is out of reach is 503 to everybody. */
  async function reaching<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof StoreTroubleError ? auth.refusals.serviceUnavailable("session_store", 1, error) : error;
    }
  }

  function needStore(): StoredSessions {
    if (stored === undefined) throw new TypeError("sessions can be listed and ended from elsewhere with a store only");
    return stored;
  }

  return {
    hasStore: stored !== undefined,
    async open(request): Promise<OpenedSession> {
      try {
        return await reaching(() => openSession(request));
      } catch (error) {
        const known = auth.refusalOf(error, request);
        return {
          state: "unavailable",
          error: known ?? auth.refusals.serviceUnavailable("internal", 1, error),
          cookies: [],
        };
      }
    },
    start: (request, tokens) =>
      reaching(async () => {
        const time = now();
        const identity = await identify(auth, tokens);
        return home.begin(request, {
          ...{ id: randomBytes(32).toString("base64url"), ...identity, ...tokenPart(tokens, undefined, time) },
          ...{ startedAt: time, seenAt: time },
          userAgent: stored === undefined ? undefined : userAgentOf(request),
        });
      }),
    renew: (session, tokens) => reaching(() => renew(session, tokens)),
    end: (request, session) => reaching(() => home.end(request, session)),
    endAll: (session, except) =>
      reaching(async () => {
        await stored?.deleteAll(session, except === "this" ? session : undefined);
      }),
    list: (session) =>
      reaching(async () => {
        const owned = [...(await needStore().list(session))].sort(
          (one, two) => two.session.seenAt - one.session.seenAt,
        );
        return owned.map((one) => summarize(one, session));
      }),
    endOther: (session, handle) =>
      reaching(async () => {
        const sessions = needStore();
        const found = (await sessions.list(session)).find(({ digest }) => handleOf(digest) === handle);
        if (found !== undefined) await sessions.deleteByDigest(found.digest);
        return found?.session;
      }),
    transactions,
  };

  async function renew(session: Session, tokens: TokenSet): Promise<readonly string[]> {
    const { environment, userId, isAnonymous, grantedScope } = await identify(auth, tokens);
    if (environment !== session.environment || userId !== session.userId || isAnonymous !== session.isAnonymous) {
      throw new TypeError("the tokens are not of the session's user as it was; start another session for them");
    }
    if (isWidened(session, grantedScope?.split(" ") ?? [])) {
      throw auth.refusals.refreshRejected("invalid_grant", new Error("the tokens go beyond the scope of the sign-in"));
    }
    const time = now();
    const changed = await home.change(undefined, session, (current) => {
      return { ...current, ...tokenPart(tokens, current.refreshToken, time), seenAt: time };
    });
    if (changed.state === "kept") return changed.cookies;
    // Its browser has another one by now.
    if (changed.state === "left") return [];
    throw auth.refusals.refreshRejected("invalid_grant", new Error("the session ended meanwhile"));
  }
}

/** The store is told the digest, so the client is told a digest of that. */
function handleOf(digest: string): string {
  return digestOf(digest).slice(0, 22);
}

function summarize({ digest, session }: Owned, current: Session) {
  const { startedAt, seenAt, userAgent } = session;
  return { handle: handleOf(digest), isCurrent: session.id === current.id, startedAt, seenAt, userAgent };
}

function userAgentOf({ headers }: AuthRequest): string | undefined {
  const name = headers["user-agent"];
  return typeof name === "string" ? name.slice(0, longestUserAgent) : undefined;
}
