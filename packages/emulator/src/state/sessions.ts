import { createHash } from "node:crypto";
import type { CheckedSettings } from "../settings.ts";
import type { EmulatorClock } from "./clock.ts";
import type { Random } from "./random.ts";

/**
 * How the person signed in: the `provider_type` claim. "username", "phone", "email", "custom", or the id of a third
 * party; "anonymous" is in no claim.
 */
export type ProviderType = string;

/** One sign-in of one user; its refresh token changes with every use, the session stays. */
export interface Session {
  readonly sub: string;
  /** The client that signed in: the `aud` of every access token of the session. */
  readonly clientId: string;
  readonly providerType: ProviderType;
  /** The third party's own id of the person. */
  readonly providerSub?: string | undefined;
  /** The x-device-id of the sign-in. */
  readonly deviceId?: string | undefined;
  /** Of a person whom nobody registered: laid over the usual claims of each access token of the session. */
  readonly madeUp?: Readonly<Record<string, unknown>> | undefined;
}

/** A fresh refresh token and the `at_hash` claim that ties the access token issued with it to the session. */
export interface OpenedSession {
  readonly session: Session;
  readonly refreshToken: string;
  readonly atHash: string;
}

export interface Sessions {
  /** Where sessions are limited, the same device's earlier session and then the oldest ones lose their refresh token. */
  open(session: Session): OpenedSession;
  /**
   * Swaps a live refresh token for a new one (RFC 6749 §6), which ends when the first one would have ended.
   * `undefined` when the token is unknown, ended or expired; what a spent one does is the refresh policy's matter.
   */
  rotate(refreshToken: string): OpenedSession | undefined;
  ofAccessToken(atHash: string): Session | undefined;
  ofRefreshToken(refreshToken: string): Session | undefined;
  /** Ends the refresh token and invalidates the session's access tokens. */
  revoke(session: Session): void;
  /** Revokes those of a user's sessions that match; how many there were. */
  revokeWhere(sub: string, matches: (session: Session) => boolean): number;
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

export type SessionSettings = Pick<CheckedSettings, "refreshTokenSeconds" | "maxSessions" | "refreshPolicy">;

export function createSessions(clock: EmulatorClock, random: Random, settings: SessionSettings): Sessions {
  const { refreshTokenSeconds, maxSessions, refreshPolicy } = settings;
  const byHash = new Map<string, Session>();
  const live = new Map<Session, { hash: string; expiresAt: number }>();
  const revoked = new WeakSet<Session>();
  const replays = new Map<string, { readonly successor: OpenedSession; readonly until: number }>();

  const issue = (session: Session, expiresAt: number): OpenedSession => {
    const refreshToken = random.base64url(48);
    const atHash = hashOf(refreshToken);
    byHash.set(atHash, session);
    live.set(session, { hash: atHash, expiresAt });
    return { session, refreshToken, atHash };
  };
  const revoke = (session: Session) => {
    live.delete(session);
    revoked.add(session);
  };
  const makeRoom = ({ sub, deviceId }: Session) => {
    if (maxSessions === -1) return;
    const now = clock.now();
    const own = [...live].filter(([session, { expiresAt }]) => session.sub === sub && now < expiresAt);
    const sameDevice = own.filter(([session]) => deviceId !== undefined && session.deviceId === deviceId);
    for (const [session] of sameDevice) live.delete(session);
    const others = own.filter(([session]) => live.has(session));
    for (const [session] of others.slice(0, Math.max(0, others.length - maxSessions + 1))) live.delete(session);
  };
  const reuse = (hash: string, session: Session): OpenedSession | undefined => {
    if (refreshPolicy === "family ends on reuse") revoke(session);
    const replay = replays.get(hash);
    return replay && clock.now() < replay.until && live.get(session)?.hash === replay.successor.atHash
      ? replay.successor
      : undefined;
  };

  return {
    open(session) {
      makeRoom(session);
      return issue({ ...session }, clock.now() + refreshTokenSeconds * 1000);
    },
    rotate(refreshToken) {
      const hash = hashOf(refreshToken);
      const session = byHash.get(hash);
      const entry = session && live.get(session);
      if (!entry || clock.now() >= entry.expiresAt) return undefined;
      if (entry.hash !== hash) return reuse(hash, session);
      const successor = issue(session, entry.expiresAt);
      if (typeof refreshPolicy === "object") {
        replays.set(hash, { successor, until: clock.now() + refreshPolicy.replaySeconds * 1000 });
      }
      return successor;
    },
    ofAccessToken: (atHash) => byHash.get(atHash),
    ofRefreshToken(refreshToken) {
      const hash = hashOf(refreshToken);
      const session = byHash.get(hash);
      return session && live.get(session)?.hash === hash ? session : undefined;
    },
    revoke,
    revokeWhere(sub, matches) {
      const own = [...new Set(byHash.values())].filter((session) => session.sub === sub && !revoked.has(session));
      const hits = own.filter((session) => matches(session));
      for (const session of hits) revoke(session);
      return hits.length;
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
