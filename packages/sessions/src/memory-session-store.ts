import type { OwnedSession, SessionStore } from "@cloudbase-auth/core";

interface Kept extends OwnedSession {
  readonly owner: string;
  /** On the monotonic clock. */
  readonly goneAt: number;
}

/** How {@link createMemorySessionStore} keeps. */
export interface MemorySessionStoreOptions {
  /**
   * Beyond so many, the one that was written longest ago ends.
   * @default 10000
   */
  readonly maxSessions?: number | undefined;
  /** Milliseconds that never go back. @default performance.now */
  readonly monotonic?: (() => number) | undefined;
}

/**
 * A store for one process, and the measure for every other one: what it holds ends with the process, and no other process
 * sees it.
 *
 * @throws TypeError for a number of sessions that is none
 */
export function createMemorySessionStore(options: MemorySessionStoreOptions = {}): SessionStore {
  const { maxSessions = 10_000, monotonic = () => performance.now() } = options;
  if (!Number.isSafeInteger(maxSessions) || maxSessions < 1) {
    throw new TypeError("option maxSessions must be a whole number from 1 up");
  }
  /** The one that was written longest ago first. */
  const sessions = new Map<string, Kept>();
  const byOwner = new Map<string, Set<string>>();
  let versions = 0;

  function put(session: Omit<Kept, "version" | "goneAt">, ttlMs: number): void {
    versions += 1;
    const { id, owner } = session;
    remove(id);
    sessions.set(id, { ...session, version: String(versions), goneAt: monotonic() + ttlMs });
    const ids = byOwner.get(owner) ?? new Set();
    byOwner.set(owner, ids.add(id));
    if (sessions.size <= maxSessions) return;
    for (const known of sessions.keys()) find(known);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= maxSessions) break;
      remove(oldest);
    }
  }

  function remove(id: string): void {
    const owner = sessions.get(id)?.owner ?? "";
    sessions.delete(id);
    const ids = byOwner.get(owner);
    ids?.delete(id);
    if (ids?.size === 0) byOwner.delete(owner);
  }

  function find(id: string): Kept | undefined {
    const kept = sessions.get(id);
    if (kept === undefined || monotonic() < kept.goneAt) return kept;
    remove(id);
    return undefined;
  }

  const ofOwner = (owner: string): readonly Kept[] => [...(byOwner.get(owner) ?? [])].flatMap((id) => find(id) ?? []);

  return Object.freeze<SessionStore>({
    create({ id, owner, value, ttlMs }) {
      put({ id, owner, value }, ttlMs);
      return Promise.resolve();
    },
    load(id) {
      const kept = find(id);
      return Promise.resolve(kept && { value: kept.value, version: kept.version });
    },
    replace({ id, version, value, ttlMs }) {
      const kept = find(id);
      if (kept === undefined) return Promise.resolve("gone");
      if (kept.version !== version) return Promise.resolve("changed");
      put({ id, owner: kept.owner, value }, ttlMs);
      return Promise.resolve("replaced");
    },
    delete(id) {
      remove(id);
      return Promise.resolve();
    },
    list: (owner) => Promise.resolve(ofOwner(owner).map(({ id, value, version }) => ({ id, value, version }))),
    deleteAll(owner, except) {
      for (const { id } of ofOwner(owner)) if (id !== except) remove(id);
      return Promise.resolve();
    },
  });
}
