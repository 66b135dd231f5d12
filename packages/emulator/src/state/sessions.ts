import { createHash } from "node:crypto";
import type { EmulatorClock } from "./clock.ts";
import type { Random } from "./random.ts";

/** How the person signed in: the `provider_type` claim. */
export type ProviderType = "username" | "phone" | "email";

/** One sign-in of one user; its refresh token changes with every use, the session stays. */
export interface Session {
  readonly sub: string;
  /** The client that signed in: the `aud` of every access token of the session. */
  readonly clientId: string;
  readonly providerType: ProviderType;
}

/** A fresh refresh token and the `at_hash` claim that ties the access token issued with it to the session. */
export interface OpenedSession {
  readonly session: Session;
  readonly refreshToken: string;
  readonly atHash: string;
}

export interface Sessions {
  open(session: Session): OpenedSession;
  /**
   * Swaps a live refresh token for a new one; the old one is dead at once (RFC 6749 §6). The new one ends when the
   * first one would have ended. `undefined` when the token is unknown, spent, ended or expired.
   */
  rotate(refreshToken: string): OpenedSession | undefined;
  ofAccessToken(atHash: string): Session | undefined;
  ofRefreshToken(refreshToken: string): Session | undefined;
  /** Ends the refresh token and invalidates the session's access tokens. */
  revoke(session: Session): void;
  isRevoked(session: Session): boolean;
  /** Ends the refresh tokens of a user's sessions, but for one; access tokens live on until they expire. */
  endRefreshTokens(sub: string, except?: Session): void;
  all(): readonly StoredSession[];
  restore(sessions: readonly StoredSession[]): void;
}

/** A session as it is written into a file; it holds hashes of refresh tokens only. */
export interface StoredSession extends Session {
  readonly revoked: boolean;
  /** The `at_hash` of every access token of the session. */
  readonly atHashes: readonly string[];
  /** The live refresh token, by its hash. */
  readonly refresh?: { readonly atHash: string; readonly expiresAt: number } | undefined;
}

/** docs.cloudbase.net authentication-v2/auth/token: 30 days. */
const refreshLifetimeSeconds = 30 * 24 * 3600;

export function createSessions(clock: EmulatorClock, random: Random): Sessions {
  const byHash = new Map<string, Session>();
  const live = new Map<Session, { hash: string; expiresAt: number }>();
  const revoked = new WeakSet<Session>();

  const issue = (session: Session, expiresAt: number): OpenedSession => {
    const refreshToken = random.base64url(48);
    const atHash = hashOf(refreshToken);
    byHash.set(atHash, session);
    live.set(session, { hash: atHash, expiresAt });
    return { session, refreshToken, atHash };
  };

  return {
    open: (session) => issue({ ...session }, clock.now() + refreshLifetimeSeconds * 1000),
    rotate(refreshToken) {
      const hash = hashOf(refreshToken);
      const session = byHash.get(hash);
      const entry = session && live.get(session);
      if (!entry || entry.hash !== hash || clock.now() >= entry.expiresAt) return undefined;
      return issue(session, entry.expiresAt);
    },
    ofAccessToken: (atHash) => byHash.get(atHash),
    ofRefreshToken(refreshToken) {
      const hash = hashOf(refreshToken);
      const session = byHash.get(hash);
      return session && live.get(session)?.hash === hash ? session : undefined;
    },
    revoke(session) {
      live.delete(session);
      revoked.add(session);
    },
    isRevoked: (session) => revoked.has(session),
    endRefreshTokens(sub, except) {
      for (const session of live.keys()) if (session.sub === sub && session !== except) live.delete(session);
    },
    all() {
      const atHashes = Map.groupBy(byHash.keys(), (hash) => byHash.get(hash));
      return [...new Set(byHash.values())].map((session) => {
        const entry = live.get(session);
        return {
          ...session,
          revoked: revoked.has(session),
          atHashes: atHashes.get(session) ?? [],
          refresh: entry && { atHash: entry.hash, expiresAt: entry.expiresAt },
        };
      });
    },
    restore(sessions) {
      for (const { revoked: wasRevoked, atHashes, refresh, ...session } of sessions) {
        for (const hash of atHashes) byHash.set(hash, session);
        if (refresh) live.set(session, { hash: refresh.atHash, expiresAt: refresh.expiresAt });
        if (wasRevoked) revoked.add(session);
      }
    },
  };
}

/** "r." and 22 base64url characters, as in the documented token of a user who has a refresh token. */
function hashOf(refreshToken: string): string {
  return `r.${createHash("sha256").update(refreshToken).digest("base64url").slice(0, 22)}`;
}
