import type { AttemptLimit, AttemptLimiter } from "@cloudbase-auth/core";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisClient } from "./client.ts";
import { openLink } from "./link.ts";
import type { Link } from "./link.ts";
import type { RedisStoreOptions } from "./options.ts";
import { defineScript } from "./script.ts";

/**
 * Counts attempts in Redis, for any number of processes, by `rate-limiter-flexible`. A key may be counted under several
 * limits; each has a window of its own, which begins with its first attempt.
 *
 * Every call rejects with a {@link RedisStoreError} within 250 ms when Redis cannot be reached: whether the attempt is
 * let through then is the caller's to decide.
 *
 * @example
 * const limiter = createRedisAttemptLimiter(new Redis());
 * const seconds = await limiter.count(digestOfAccount, { attempts: 5, perSeconds: 60 }); // 0, or how long to wait
 */
export function createRedisAttemptLimiter(
  client: RedisClient,
  options?: RedisStoreOptions,
): AttemptLimiter & { close(): Promise<void> } {
  const link = openLink(client, options);
  return Object.freeze({ ...attemptLimiterOn(link), close: () => Promise.resolve(link.close()) });
}

const deleteKey = defineScript("return redis.call('DEL', KEYS[1])");

// The library's own script, after what is not a number was taken for missing.
const countAttempt = `
if open(KEYS[1], 'string') and not string.match(redis.call('GET', KEYS[1]), '^%d+$') then discard(KEYS[1]) end
redis.call('SET', KEYS[1], 0, 'EX', ARGV[2], 'NX')
local consumed = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) == -1 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return {consumed, redis.call('PTTL', KEYS[1])}
`;
const countScript = defineScript(countAttempt);

export function attemptLimiterOn(link: Link): AttemptLimiter {
  const limiters = new Map<string, RateLimiterRedis>();

  // The library speaks to Redis through this, so that its commands too have 200 ms, and one form for both clients. The
  // script that it hands over is the one that it was given.
  const storeClient = {
    async eval(_text: string, { keys, arguments: args }: { keys: string[]; arguments: string[] }): Promise<unknown> {
      return link.run(countScript, keys, args);
    },
    async del(key: string): Promise<number> {
      return Number(await link.run(deleteKey, [key], []));
    },
  };

  function limiterOf({ attempts, perSeconds }: AttemptLimit): RateLimiterRedis {
    const name = `${String(attempts)}/${String(perSeconds)}`;
    const known = limiters.get(name);
    if (known !== undefined) return known;
    const made = new RateLimiterRedis({
      ...{ storeClient, useRedisPackage: true, customIncrTtlLuaScript: countAttempt },
      ...{ points: attempts, duration: perSeconds, keyPrefix: link.keys.stem(`attempts:${name}`) },
    });
    limiters.set(name, made);
    return made;
  }

  return {
    async count(key, limit) {
      try {
        await limiterOf(limit).consume(`{${key}}`);
        return 0;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
      }
    },
    async forget(key) {
      // Whoever forgets has counted: the limits that matter are known.
      await Promise.all([...limiters.values()].map((limiter) => limiter.delete(`{${key}}`)));
    },
  };
}
