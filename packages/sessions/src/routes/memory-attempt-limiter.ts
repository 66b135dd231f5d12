import type { AttemptLimit, AttemptLimiter } from "@cloudbase-auth/core";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/**
 * Counts attempts in the memory of this process: several processes each count their own. What it keeps of a key ends
 * with the key's time.
 */
export function createMemoryAttemptLimiter(): AttemptLimiter {
  const byLimit = new Map<string, RateLimiterMemory>();

  function limiterFor({ attempts, perSeconds }: AttemptLimit): RateLimiterMemory {
    const name = `${String(attempts)}/${String(perSeconds)}`;
    let limiter = byLimit.get(name);
    if (limiter === undefined) {
      limiter = new RateLimiterMemory({ keyPrefix: name, points: attempts, duration: perSeconds });
      byLimit.set(name, limiter);
    }
    return limiter;
  }

  return {
    async count(key, limit) {
      try {
        await limiterFor(limit).consume(key);
        return 0;
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        return Math.max(1, Math.ceil(error.msBeforeNext / 1_000));
      }
    },
    async forget(key) {
      await Promise.all([...byLimit.values()].map((limiter) => limiter.delete(key)));
    },
  };
}
