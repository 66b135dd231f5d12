import { randomUUID } from "node:crypto";
import type { AttemptLimiter } from "@cloudbase-auth/core";
import { describe, expect, it, vi } from "vitest";

/** What every `AttemptLimiter` does. */
export function describeAttemptLimiter(limiter: () => AttemptLimiter): void {
  describe.concurrent("AttemptLimiter", () => {
    it("lets so many through, however many come at once, and says how long to wait", async () => {
      const key = randomUUID();
      const waits = await Promise.all(
        Array.from({ length: 50 }, () => limiter().count(key, { attempts: 5, perSeconds: 60 })),
      );
      expect(waits.filter((seconds) => seconds === 0)).toHaveLength(5);
      for (const seconds of waits.filter((wait) => wait !== 0)) {
        expect(seconds).toBeGreaterThan(55);
        expect(seconds).toBeLessThanOrEqual(60);
      }
    });

    it("counts each key for itself", async () => {
      const limit = { attempts: 1, perSeconds: 60 };
      const [mine, yours] = [randomUUID(), randomUUID()];
      expect(await limiter().count(mine, limit)).toBe(0);
      expect(await limiter().count(mine, limit)).toBeGreaterThan(0);
      expect(await limiter().count(yours, limit)).toBe(0);
    });

    it("counts a key under two limits for each", async () => {
      const key = randomUUID();
      expect(await limiter().count(key, { attempts: 1, perSeconds: 30 })).toBe(0);
      expect(await limiter().count(key, { attempts: 2, perSeconds: 60 })).toBe(0);
      expect(await limiter().count(key, { attempts: 1, perSeconds: 30 })).toBeGreaterThan(0);
      expect(await limiter().count(key, { attempts: 2, perSeconds: 60 })).toBe(0);
    });

    it("begins anew when the time is over", async () => {
      const key = randomUUID();
      const limit = { attempts: 1, perSeconds: 1 };
      expect(await limiter().count(key, limit)).toBe(0);
      expect(await limiter().count(key, limit)).toBe(1);
      await vi.waitFor(async () => expect(await limiter().count(key, limit)).toBe(0), {
        interval: 100,
        timeout: 3_000,
      });
    });

    it("forgets what was counted, under every limit", async () => {
      const key = randomUUID();
      const limits = [
        { attempts: 1, perSeconds: 60 },
        { attempts: 1, perSeconds: 3_600 },
      ];
      for (const limit of limits) await limiter().count(key, limit);
      await limiter().forget(key);
      for (const limit of limits) expect(await limiter().count(key, limit)).toBe(0);
    });
  });
}
