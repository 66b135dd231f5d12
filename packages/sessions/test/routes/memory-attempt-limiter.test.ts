import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryAttemptLimiter } from "../../src/index.ts";

const limit = { attempts: 3, perSeconds: 60 };

describe("the limiter in memory", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets so many through, then says how long to wait, to the second, and begins anew after that", async () => {
    const limiter = createMemoryAttemptLimiter();
    const counted = [];
    for (let time = 0; time < 4; time += 1) counted.push(await limiter.count("one", limit));
    expect(counted).toEqual([0, 0, 0, 60]);
    vi.setSystemTime(Date.now() + 59_000);
    expect(await limiter.count("one", limit)).toBe(1);
    vi.setSystemTime(Date.now() + 1_000);
    expect(await limiter.count("one", limit)).toBe(0);
  });

  it("counts each key and each limit for itself, and forgets a key under all of them", async () => {
    const limiter = createMemoryAttemptLimiter();
    const once = { attempts: 1, perSeconds: 60 };
    expect([await limiter.count("one", once), await limiter.count("one", once)]).toEqual([0, 60]);
    expect([await limiter.count("two", once), await limiter.count("one", limit)]).toEqual([0, 0]);
    await limiter.forget("one");
    expect([await limiter.count("one", once), await limiter.count("two", once)]).toEqual([0, 60]);
    await limiter.forget("never counted");
  });

  it("of fifty at once lets one through where one is allowed", async () => {
    const limiter = createMemoryAttemptLimiter();
    const racers = Array.from({ length: 50 }, () => limiter.count("one", { attempts: 1, perSeconds: 60 }));
    expect((await Promise.all(racers)).filter((wait) => wait === 0)).toHaveLength(1);
  });
});
