import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RedisStores } from "../src/index.ts";
import { listOf } from "../src/script.ts";
import { createEar, revokedToken } from "./support/conformance/revocations.ts";
import { openStage } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";

const ttlMs = 60_000;
const leaseMs = 30_000;
const limit = { attempts: 3, perSeconds: 60 };
const listKeys = ["head", "order", "ends"].map((part) => `cbauth:1:revocations:{list}:${part}`);

let stage: Stage;
let stores: RedisStores;
const set = (...command: [string, ...(string | number)[]]): Promise<unknown> => stage.server.admin(...command);
const warned = (): readonly string[] => stage.warnings.map(({ code }) => code);

beforeAll(async () => {
  stage = await openStage();
});
beforeEach(async () => {
  await set("FLUSHALL");
  stage.warnings.length = 0;
  stores = await stage.openPatiently("ioredis");
});
afterEach(() => stage.closeStores());
afterAll(() => stage.close());

/** What is read under a key that something else was put under, and what then becomes of that. */
const reads: readonly (readonly [string, (id: string) => string, (id: string) => Promise<unknown>, unknown])[] = [
  ["session", (id) => `cbauth:1:session:{${id}}`, (id) => stores.sessions.load(id), undefined],
  ["owner", (id) => `cbauth:1:owner:{${id}}`, (id) => stores.sessions.list(id), []],
  ["introspection", (id) => `cbauth:1:introspection:{${id}}`, (id) => stores.introspections.load(id), undefined],
  ["attempts", (id) => `cbauth:1:attempts:3/60:{${id}}`, (id) => stores.attempts.count(id, limit), 0],
  [
    "refresh",
    (id) => `cbauth:1:refresh:{${id}}`,
    async (id) => (await stores.refreshes.begin({ key: id, leaseMs })).state,
    "yours",
  ],
];

describe("F38: a key with something that is not ours is a miss, deleted, and warned of once without the value", () => {
  it.each(reads)("%s: of another type", async (_purpose, keyOf, read, miss) => {
    for (let round = 0; round < 3; round += 1) {
      const id = randomUUID();
      await set("RPUSH", keyOf(id), "somebody's secret");
      expect(await read(id)).toEqual(miss);
      expect(await set("TYPE", keyOf(id))).not.toBe("list");
    }
    expect(warned()).toEqual(["redis_foreign_value"]);
    expect(JSON.stringify(stage.warnings)).not.toContain("secret");
  });

  it.each(reads.filter(([purpose]) => ["session", "introspection", "refresh"].includes(purpose)))(
    "%s: a hash without a format, and one of which half is gone",
    async (purpose, keyOf, read, miss) => {
      const id = randomUUID();
      await set("HSET", keyOf(id), "value", "x");
      expect(await read(id)).toEqual(miss);
      expect(warned()).toEqual(["redis_foreign_value"]);
      if (purpose === "refresh") return; // a turn that has only begun is half a hash
      await set("HSET", keyOf(id), "format", 1, "value", "x");
      expect(await read(id)).toEqual(miss);
      expect(await set("EXISTS", keyOf(id))).toBe(0);
    },
  );

  it("attempts: text that is no number", async () => {
    const id = randomUUID();
    await set("SET", `cbauth:1:attempts:3/60:{${id}}`, "many");
    expect(await stores.attempts.count(id, limit)).toBe(0);
    expect(await set("GET", `cbauth:1:attempts:3/60:{${id}}`)).toBe("1");
  });

  it("attempts: a count that would never end ends with its time", async () => {
    const id = randomUUID();
    await set("SET", `cbauth:1:attempts:3/60:{${id}}`, "7");
    expect(await stores.attempts.count(id, limit)).toBeGreaterThan(0);
    expect(await set("TTL", `cbauth:1:attempts:3/60:{${id}}`)).toBeGreaterThan(0);
  });

  it.each(listKeys)(
    "revocations: %s of another type, or gone: the list is begun anew, with what is known",
    async (key) => {
      const ear = createEar();
      const end = stores.revocations.subscribe(ear);
      const revocation = revokedToken();
      await stores.revocations.add(revocation);
      await expect.poll(() => ear.heard).toContainEqual(revocation);
      await set("DEL", key);
      await set("SET", key, "x");
      const late = revokedToken();
      await stores.revocations.add(late);
      const other = createEar();
      const endOther = (await stage.openPatiently("redis")).revocations.subscribe(other);
      await expect.poll(() => other.heard, { timeout: 5_000 }).toEqual(expect.arrayContaining([revocation, late]));
      expect(warned()).toEqual(expect.arrayContaining(["redis_foreign_value", "redis_emptied"]));
      await end();
      await endOther();
    },
  );

  it("revocations: an entry that is none is left out, and the others are told", async () => {
    const revocation = revokedToken();
    await stores.revocations.add(revocation);
    const entries = ["not JSON", "{}", "[]", '[1,"token","demo","soon","d"]', '[1,"robot","demo",9,"d"]', "null"];
    for (const [n, entry] of entries.entries()) {
      await set("ZADD", listKeys[1] ?? "", 100 + n, entry);
      await set("ZADD", listKeys[2] ?? "", Date.now() + ttlMs, entry);
    }
    await set("HSET", listKeys[0] ?? "", "count", 1 + entries.length);
    const ear = createEar();
    const end = stores.revocations.subscribe(ear);
    await expect.poll(() => ear.troubles.length).toBeGreaterThan(0);
    expect(ear.heard).toEqual([revocation]);
    expect(warned()).toEqual(["redis_foreign_value"]);
    await end();
  });
});

describe("F39: what a newer version wrote is a miss, and left alone", () => {
  it.each(reads.filter(([purpose]) => ["session", "introspection"].includes(purpose)))(
    "%s",
    async (_purpose, keyOf, read, miss) => {
      const id = randomUUID();
      await set("HSET", keyOf(id), "format", 2, "something", "new");
      expect(await read(id)).toEqual(miss);
      expect(await read(id)).toEqual(miss);
      expect(await set("HGET", keyOf(id), "something")).toBe("new");
      expect(warned()).toEqual(["redis_newer_format"]);
    },
  );

  it("refresh: the turn is nobody's to take: the call fails and says why", async () => {
    const id = randomUUID();
    await set("HSET", `cbauth:1:refresh:{${id}}`, "format", 2, "something", "new");
    await expect(stores.refreshes.begin({ key: id, leaseMs })).rejects.toMatchObject({ code: "newer" });
    await stores.refreshes.end({ key: id });
    expect(await set("HGET", `cbauth:1:refresh:{${id}}`, "something")).toBe("new");
  });

  it("revocations: the list is trouble, and an entry is left out", async () => {
    await stores.revocations.add(revokedToken());
    await set("ZADD", listKeys[1] ?? "", 100, '[2,"of another kind"]');
    await set("ZADD", listKeys[2] ?? "", Date.now() + ttlMs, '[2,"of another kind"]');
    await set("HSET", listKeys[0] ?? "", "count", 2);
    const ear = createEar();
    const end = stores.revocations.subscribe(ear);
    await expect.poll(() => ear.troubles.length).toBe(1);
    expect(ear.troubles).toEqual([undefined]);
    expect(ear.heard).toHaveLength(1);
    expect(warned()).toEqual(["redis_newer_format"]);
    await set("HSET", listKeys[0] ?? "", "format", 2);
    await expect.poll(() => ear.troubles.at(-1), { timeout: 5_000 }).toMatchObject({ code: "newer" });
    await expect(stores.revocations.add(revokedToken())).rejects.toMatchObject({ code: "newer" });
    expect(await set("ZCARD", listKeys[1] ?? "")).toBe(2);
    await end();
  });
});

describe("keys", () => {
  it("RF-12, IN-05: hold a prefix, a format, a purpose and a digest, and every one of them ends", async () => {
    const { sessions, refreshes, attempts, introspections, revocations } = await stage.openPatiently("redis", {
      prefix: "shop",
    });
    await sessions.create({ id: "id", owner: "owner", value: "sealed", ttlMs });
    const turn = await refreshes.begin({ key: "first", leaseMs });
    const fence = turn.state === "yours" ? turn.fence : "";
    await refreshes.succeed({ key: "first", fence, outcome: "sealed", successorKey: "second", graceMs: 10_000 });
    await refreshes.end({ key: "third" });
    await attempts.count("account", limit);
    await introspections.save("token", { active: true, askedAt: Date.now() }, ttlMs);
    await revocations.add(revokedToken());
    const keys = listOf(await set("KEYS", "*")).map(String);
    expect(keys.sort()).toEqual([
      "shop:1:attempts:3/60:{account}",
      "shop:1:introspection:{token}",
      "shop:1:owner:{owner}",
      "shop:1:refresh-outcome:{first}",
      "shop:1:refresh:{first}",
      "shop:1:refresh:{second}",
      "shop:1:refresh:{third}",
      "shop:1:revocations:{list}:ends",
      "shop:1:revocations:{list}:head",
      "shop:1:revocations:{list}:order",
      "shop:1:session:{id}",
    ]);
    for (const key of keys) expect(await set("PTTL", key), key).toBeGreaterThan(0);
  });

  it("applications with prefixes of their own know nothing of each other", async () => {
    const [one, two] = [
      await stage.openPatiently("redis", { prefix: "one" }),
      await stage.openPatiently("redis", { prefix: "two" }),
    ];
    await one.sessions.create({ id: "id", owner: "owner", value: "sealed", ttlMs });
    expect(await two.sessions.load("id")).toBeUndefined();
    await two.sessions.deleteAll("owner");
    expect(await one.sessions.load("id")).toBeDefined();
  });
});
