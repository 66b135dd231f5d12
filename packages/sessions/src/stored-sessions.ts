import { createHash } from "node:crypto";
import type { SessionStore } from "@cloudbase-auth/core";
import type { Session } from "./keeper.ts";
import type { Sealer } from "./sealer.ts";
import { formatRecord, parseSession } from "./session-record.ts";
import { isOver, restMs } from "./session-times.ts";
import type { SessionLimits } from "./session-times.ts";
import type { Changed } from "./session-home.ts";

interface StoredSessionsParts {
  readonly store: SessionStore;
  readonly sealer: Sealer;
  readonly limits: SessionLimits;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A session of an owner, by the digest that it is stored under. */
export interface Owned {
  readonly digest: string;
  readonly session: Session;
}

/** Sessions in a store, sealed: it is shown neither tokens nor users, and cannot give anybody another one's session. */
export interface StoredSessions {
  readonly create: (session: Session) => Promise<void>;
  /** `unreadable`: there is one, and it was left, or is sealed under a key that only others have yet. */
  readonly load: (id: string) => Promise<Session | "unreadable" | undefined>;
  readonly change: (id: string, update: (current: Session) => Session) => Promise<Changed>;
  /**
   * Ends a session whose browser is given another one. For a while it is known to be left: the answer to a request that
   * was under way with the cookie from before would else take the new one away.
   */
  readonly leave: (id: string) => Promise<void>;
  readonly delete: (id: string) => Promise<void>;
  readonly list: (session: Session) => Promise<readonly Owned[]>;
  readonly deleteByDigest: (digest: string) => Promise<void>;
  readonly deleteAll: (session: Session, except: Session | undefined) => Promise<void>;
}

/** As long as such requests may be under way. */
const leftForMs = 60_000;
/** How often somebody may be faster. Each of them has written something, so it is rarely more than once. */
const mostRounds = 20;

export function createStoredSessions({ store, sealer, limits, now }: StoredSessionsParts): StoredSessions {
  const seal = (session: Session): Promise<string> => sealer.seal(formatRecord(session));

  async function read(digest: string, value: string): Promise<Session | undefined> {
    const unsealed = await sealer.open(value);
    const session = unsealed && parseSession(unsealed.bytes);
    return session !== undefined && digestOf(session.id) === digest ? session : undefined;
  }

  return {
    async create(session) {
      const value = await seal(session);
      const id = digestOf(session.id);
      await store.create({ id, owner: ownerOf(session), value, ttlMs: restMs(session, limits, now()) });
    },
    async load(id) {
      const stored = await store.load(digestOf(id));
      return stored && ((await read(digestOf(id), stored.value)) ?? "unreadable");
    },
    async change(id, update) {
      const digest = digestOf(id);
      for (let round = 0; round < mostRounds; round += 1) {
        const stored = await store.load(digest);
        const current = stored && (await read(digest, stored.value));
        if (stored === undefined) return { state: "gone" };
        if (current === undefined) return { state: "left" };
        const session = update(current);
        if (session === current) return { state: "kept", session, cookies: [] };
        const value = await seal(session);
        const ttlMs = restMs(session, limits, now());
        const outcome = await store.replace({ id: digest, version: stored.version, value, ttlMs });
        // Whatever else happened to it, the next round finds out.
        if (outcome === "replaced") return { state: "kept", session, cookies: [] };
      }
      throw new Error("the session changes all the time");
    },
    async leave(id) {
      const digest = digestOf(id);
      const stored = await store.load(digest);
      if (stored === undefined) return;
      const value = await sealer.seal(formatRecord({ isLeft: true }));
      const outcome = await store.replace({ id: digest, version: stored.version, value, ttlMs: leftForMs });
      // Somebody was at it in this very moment: it ends all the same.
      if (outcome === "changed") await store.delete(digest);
    },
    delete: (id) => store.delete(digestOf(id)),
    async list(session) {
      const owned = await store.list(ownerOf(session));
      const sessions = await Promise.all(owned.map(({ id, value }) => read(id, value)));
      const time = now();
      return sessions.flatMap((other) => {
        return other === undefined || isOver(other, limits, time)
          ? []
          : [{ digest: digestOf(other.id), session: other }];
      });
    },
    deleteByDigest: (digest) => store.delete(digest),
    deleteAll: (session, except) => store.deleteAll(ownerOf(session), except && digestOf(except.id)),
  };
}

/** What a session is stored under. The store could not make a cookie of it. */
export function digestOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}

function ownerOf({ environment, userId }: Session): string {
  return digestOf(JSON.stringify([environment, userId]));
}
