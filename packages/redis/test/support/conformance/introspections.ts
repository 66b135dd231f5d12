import { randomUUID } from "node:crypto";
import type { IntrospectionCache } from "@cloudbase-auth/core";
import { describe, expect, it, vi } from "vitest";

/** What every `IntrospectionCache` does. Each is a process of its own. */
export function describeIntrospectionCache(processes: () => readonly [IntrospectionCache, IntrospectionCache]): void {
  describe.concurrent("IntrospectionCache", () => {
    it.each([true, false])("tells the other process of a word: active %s", async (active) => {
      const [one, two] = processes();
      const key = randomUUID();
      expect(await two.load(key)).toBeUndefined();
      await one.save(key, { active, askedAt: 1_795_000_000_000 }, 60_000);
      expect(await two.load(key)).toEqual({ active, askedAt: 1_795_000_000_000 });
      expect(await two.load(randomUUID())).toBeUndefined();
    });

    it("keeps a word for no longer than asked", async () => {
      const [one, two] = processes();
      const key = randomUUID();
      await one.save(key, { active: true, askedAt: Date.now() }, 60);
      await vi.waitFor(async () => expect(await two.load(key)).toBeUndefined(), { interval: 10 });
    });

    it("the later word stands, in whichever order they come", async () => {
      const [one, two] = processes();
      const key = randomUUID();
      const [earlier, later] = [
        { active: true, askedAt: 1_795_000_000_000 },
        { active: false, askedAt: 1_795_000_001_000 },
      ];
      await one.save(key, later, 60_000);
      await two.save(key, earlier, 60_000);
      expect(await one.load(key)).toEqual(later);
    });
  });
}
