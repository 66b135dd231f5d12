import { randomUUID } from "node:crypto";
import type { OwnedSession, SessionStore } from "@cloudbase-auth/core";
import type { RedisClient } from "./client.ts";
import { RedisStoreError } from "./errors.ts";
import { openLink } from "./link.ts";
import type { Link } from "./link.ts";
import type { RedisStoreOptions } from "./options.ts";
import { listOf } from "./script.ts";
import * as scripts from "./session-scripts.ts";

/**
 * Keeps browser sessions in Redis, for any number of processes.
 *
 * A session lies under its id, and the ids of an owner in an index; in a Cluster these are of different nodes, so that
 * no script reaches both. What counts is the session: it is written before its index entry and prolonged after it, so
 * that an id may be in the index in vain, but no session is missing there.
 *
 * Every call rejects with a {@link RedisStoreError} within 250 ms when Redis cannot be reached. What is stored is neither
 * opened nor encrypted here: `value` is expected to be sealed, `id` and `owner` to be digests.
 *
 * @example
 * const store = createRedisSessionStore(new Redis());
 */
export function createRedisSessionStore(
  client: RedisClient,
  options?: RedisStoreOptions,
): SessionStore & { close(): Promise<void> } {
  const link = openLink(client, options);
  return Object.freeze({ ...sessionStoreOn(link), close: () => Promise.resolve(link.close()) });
}

export function sessionStoreOn(link: Link): SessionStore {
  const sessionKey = (id: string): string => link.keys.of("session", id);
  const indexKey = (owner: string): string => link.keys.of("owner", owner);

  async function read(id: string, until: number) {
    const found = parseTexts(await link.run(scripts.readSession, [sessionKey(id)], [], until));
    const [value, version, owner] = found;
    return value === undefined || version === undefined || owner === undefined ? undefined : { value, version, owner };
  }

  async function readIndex(owner: string, until: number): Promise<readonly string[]> {
    return parseTexts(await link.run(scripts.readIndex, [indexKey(owner)], [], until));
  }

  async function leaveIndex(owner: string, ids: readonly string[], until: number): Promise<void> {
    if (ids.length === 0) return;
    // An id that is in the index in vain does no harm, and what was asked for is done.
    await link.run(scripts.leaveIndex, [indexKey(owner)], ids, until).catch(() => undefined);
  }

  async function end(id: string, until: number): Promise<string | undefined> {
    const [owner] = parseTexts([await link.run(scripts.deleteSession, [sessionKey(id)], [], until)]);
    return owner;
  }

  return {
    async create({ id, owner, value, ttlMs }) {
      const until = link.until();
      await link.run(scripts.writeSession, [sessionKey(id)], [value, randomUUID(), owner, ttlMs], until);
      await link.run(scripts.enterIndex, [indexKey(owner)], [id, ttlMs], until);
    },
    async load(id) {
      const found = await read(id, link.until());
      return found && { value: found.value, version: found.version };
    },
    async replace({ id, version, value, ttlMs }) {
      const until = link.until();
      const found = await read(id, until);
      if (found === undefined) return "gone";
      if (found.version !== version) return "changed";
      await link.run(scripts.enterIndex, [indexKey(found.owner)], [id, ttlMs], until);
      const args = [version, value, randomUUID(), ttlMs];
      const outcome = await link.run(scripts.replaceSession, [sessionKey(id)], args, until);
      if (outcome === "replaced" || outcome === "changed" || outcome === "gone") return outcome;
      throw new RedisStoreError("refused", "ERR");
    },
    async delete(id) {
      const until = link.until();
      const owner = await end(id, until);
      if (owner !== undefined) await leaveIndex(owner, [id], until);
    },
    async list(owner) {
      const until = link.until();
      const ids = await readIndex(owner, until);
      const found = await Promise.all(ids.map(async (id) => ({ id, session: await read(id, until) })));
      const ended = found.filter(({ session }) => session === undefined).map(({ id }) => id);
      await leaveIndex(owner, ended, until);
      return found.flatMap(({ id, session }): OwnedSession[] =>
        session?.owner === owner ? [{ id, value: session.value, version: session.version }] : [],
      );
    },
    async deleteAll(owner, except) {
      const until = link.until();
      // Whatever was there before is in the index; who signs in from now on is not among these.
      const ids = (await readIndex(owner, until)).filter((id) => id !== except);
      await Promise.all(ids.map((id) => end(id, until)));
      await leaveIndex(owner, ids, until);
    },
  };
}

function parseTexts(answer: unknown): readonly string[] {
  return listOf(answer).filter((item) => typeof item === "string");
}
