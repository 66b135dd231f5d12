import { beforeEach, describe, expect, it } from "vitest";
import type { SessionStore } from "@cloudbase-auth/core";
import { createMemorySessionStore } from "../src/index.ts";

let time: number;
let store: SessionStore;

beforeEach(() => {
  time = 0;
  store = createMemorySessionStore({ maxSessions: 3, monotonic: () => time });
});

const create = (id: string, owner = "one", ttlMs = 1_000): Promise<void> =>
  store.create({ id, owner, value: `value of ${id}`, ttlMs });
const idsOf = async (owner: string): Promise<readonly string[]> => (await store.list(owner)).map(({ id }) => id);

describe("a memory of sessions", () => {
  it("gives back what was put in, to the millisecond of its time", async () => {
    await create("a");
    expect(await store.load("a")).toEqual({ value: "value of a", version: expect.any(String) as unknown });
    expect(await store.load("b")).toBeUndefined();
    time = 999;
    expect(await store.load("a")).toBeDefined();
    time = 1_000;
    expect(await store.load("a")).toBeUndefined();
    expect(await store.list("one")).toEqual([]);
  });

  it("replaces the version that was read, once", async () => {
    await create("a");
    const version = String((await store.load("a"))?.version);
    time = 900;
    expect(await store.replace({ id: "a", version, value: "new", ttlMs: 1_000 })).toBe("replaced");
    expect(await store.replace({ id: "a", version, value: "newer", ttlMs: 1_000 })).toBe("changed");
    time = 1_899;
    const stored = await store.load("a");
    expect(stored?.value).toBe("new");
    time = 1_900;
    expect(await store.replace({ id: "a", version: String(stored?.version), value: "late", ttlMs: 1 })).toBe("gone");
    expect(await store.load("a")).toBeUndefined();
  });

  it("50 that replace at once: one does", async () => {
    await create("a");
    const version = String((await store.load("a"))?.version);
    const replacing = Array.from({ length: 50 }, (_, n) =>
      store.replace({ id: "a", version, value: String(n), ttlMs: 9 }),
    );
    const outcomes = await Promise.all(replacing);
    expect(outcomes.filter((outcome) => outcome === "replaced").length).toBe(1);
  });

  it("a version of a session that ended is none of the next one under the same id", async () => {
    await create("a");
    const version = String((await store.load("a"))?.version);
    await store.delete("a");
    await create("a");
    expect(await store.replace({ id: "a", version, value: "x", ttlMs: 9 })).toBe("changed");
  });

  it("lists and ends by owner", async () => {
    await create("a");
    await create("b");
    await create("c", "two");
    expect(await idsOf("one")).toEqual(["a", "b"]);
    await store.deleteAll("one", "b");
    expect(await idsOf("one")).toEqual(["b"]);
    await store.deleteAll("one");
    await store.deleteAll("nobody");
    await store.delete("nothing");
    expect(await idsOf("one")).toEqual([]);
    expect(await idsOf("two")).toEqual(["c"]);
  });

  it("is bounded: first goes what has ended, then what was written longest ago", async () => {
    await create("a");
    await create("b");
    await create("c");
    const version = String((await store.load("a"))?.version);
    await store.replace({ id: "a", version, value: "new", ttlMs: 1_000 });
    await create("d");
    expect(await idsOf("one")).toEqual(["c", "a", "d"]);
    await create("short", "one", 500);
    await create("e", "one", 5_000);
    expect(await idsOf("one")).toEqual(["d", "short", "e"]);
    time = 500;
    await create("f");
    expect(await idsOf("one")).toEqual(["d", "e", "f"]);
  });

  it.each([0, -1, 1.5, Number.NaN])("%d is no bound", (maxSessions) => {
    expect(() => createMemorySessionStore({ maxSessions })).toThrow(
      "option maxSessions must be a whole number from 1 up",
    );
  });
});
