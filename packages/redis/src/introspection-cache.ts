import type { IntrospectionCache } from "@cloudbase-auth/core";
import type { RedisClient } from "./client.ts";
import { openLink } from "./link.ts";
import type { Link } from "./link.ts";
import type { RedisStoreOptions } from "./options.ts";
import { defineScript, listOf } from "./script.ts";

const readWord = defineScript(`
if not open(KEYS[1], 'hash') then return false end
local active, askedAt = unpack(redis.call('HMGET', KEYS[1], 'active', 'askedAt'))
if (active ~= '0' and active ~= '1') or not tonumber(askedAt or '') then return discard(KEYS[1]) end
return {active, askedAt}
`);

/** ARGV: active, askedAt, ttlMs. A word that was asked for later stands. */
const writeWord = defineScript(`
if open(KEYS[1], 'hash') then
  local known = tonumber(redis.call('HGET', KEYS[1], 'askedAt') or '')
  if known and known > tonumber(ARGV[2]) then return end
elseif note == 'newer' then
  return
end
redis.call('HSET', KEYS[1], 'format', 1, 'active', ARGV[1], 'askedAt', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
`);

/**
 * Shares what the server said of tokens between processes, so that each token is asked about once for all of them. It
 * holds digests, and whether and when a token was active; no token and no user can be told from it.
 *
 * Rejects with a {@link RedisStoreError} within 250 ms when Redis cannot be reached; core then asks the server.
 *
 * @example
 * createCloudbaseAuth({ verification: { mode: "introspection", cache: createRedisIntrospectionCache(new Redis()) } });
 */
export function createRedisIntrospectionCache(
  client: RedisClient,
  options?: RedisStoreOptions,
): IntrospectionCache & { close(): Promise<void> } {
  const link = openLink(client, options);
  return Object.freeze({ ...introspectionCacheOn(link), close: () => Promise.resolve(link.close()) });
}

export function introspectionCacheOn(link: Link): IntrospectionCache {
  const keyOf = (key: string): string => link.keys.of("introspection", key);
  return {
    async load(key) {
      const answer = await link.run(readWord, [keyOf(key)], []);
      const [active, askedAt] = listOf(answer);
      return active === undefined ? undefined : { active: active === "1", askedAt: Number(askedAt) };
    },
    async save(key, { active, askedAt }, ttlMs) {
      await link.run(writeWord, [keyOf(key)], [active ? 1 : 0, Math.round(askedAt), Math.ceil(ttlMs)]);
    },
  };
}
