import { Redis } from "ioredis";
import { describe, expect, it, vi } from "vitest";
import type { TestContext } from "vitest";
import type { RedisStores } from "../src/index.ts";
import { createEar, inSeconds, revokedToken } from "./support/conformance/revocations.ts";
import type { Ear } from "./support/conformance/revocations.ts";
import { createPatientStores } from "./support/patient-stores.ts";
import { openStage } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";

const [head = "", order = "", ends = ""] = ["head", "order", "ends"].map(
  (part) => `cbauth:1:revocations:{list}:${part}`,
);

/** A Redis for one test; they wait for most of their time, so all go on at once. */
async function setUp({ onTestFinished }: TestContext): Promise<Stage> {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  return stage;
}

async function listen(stores: RedisStores): Promise<Ear> {
  const ear = createEar();
  stores.revocations.subscribe(ear);
  await vi.waitFor(() => expect(ear.troubles.length).toBeGreaterThan(0), { interval: 5, timeout: 3_000 });
  return ear;
}

/** Revokes something at one process, and answers how long another needed to hear of it. */
async function revoke(from: RedisStores, ear: Ear, withinMs: number): Promise<number> {
  const revocation = revokedToken();
  const startedAt = performance.now();
  await from.revocations.add(revocation);
  await vi.waitFor(() => expect(ear.heard).toContainEqual(revocation), { interval: 5, timeout: withinMs });
  return performance.now() - startedAt;
}
const subscriptions = async (stage: Stage): Promise<number> => {
  const answer = await stage.server.admin("PUBSUB", "NUMSUB", "cbauth:1:revocations");
  return Array.isArray(answer) ? Number(answer[1]) : 0;
};

describe.each(["ioredis", "redis"] as const)("through %s", (library) => {
  it.concurrent("RV-08: a lost subscription is resumed, and what was said meanwhile is read", async (context) => {
    const stage = await setUp(context);
    const [one, two] = [await stage.open(library), await stage.open(library)];
    const ear = await listen(two);
    await vi.waitFor(async () => expect(await subscriptions(stage)).toBe(1));
    for (let round = 0; round < 3; round += 1) {
      await stage.server.admin("CLIENT", "KILL", "TYPE", "pubsub");
      await revoke(one, ear, 1_000);
      await vi.waitFor(async () => expect(await subscriptions(stage)).toBe(1), { timeout: 3_000 });
    }
    expect(await revoke(one, ear, 1_000)).toBeLessThan(1_000);
  });

  it.concurrent("RV-08: where nobody may listen, within 1 s all the same", async (context) => {
    const stage = await setUp(context);
    await stage.server.admin("ACL", "SETUSER", "default", "-subscribe");
    const [one, two] = [await stage.open(library), await stage.open(library)];
    const ear = await listen(two);
    for (let round = 0; round < 3; round += 1) await revoke(one, ear, 1_000);
    await stage.server.admin("ACL", "SETUSER", "default", "+subscribe");
    await vi.waitFor(async () => expect(await subscriptions(stage)).toBe(1), { timeout: 3_000 });
  });
});

it.concurrent("RV-08: where no message gets through, within 5 s", async (context) => {
  const stage = await setUp(context);
  const [one, two] = [await stage.open("redis"), await stage.open("redis")];
  const ear = await listen(two);
  await vi.waitFor(async () => expect(await subscriptions(stage)).toBe(1));
  // Whoever writes may not publish: the messages end there, and nobody is told that they do.
  await stage.server.admin("ACL", "SETUSER", "default", "-publish");
  await revoke(one, ear, 5_000);
  await stage.server.admin("ACL", "SETUSER", "default", "+publish");
});

it.concurrent("RV-09: says when Redis is away, and when all is told again", async (context) => {
  const stage = await setUp(context);
  const [one, two] = [await stage.open("ioredis"), await stage.open("ioredis")];
  const ear = await listen(two);
  expect(ear.troubles).toEqual([undefined]);
  stage.server.pause();
  await vi.waitFor(() => expect(ear.troubles.at(-1)).toMatchObject({ code: "unanswered" }), {
    timeout: 3_000,
  });
  stage.server.resume();
  await vi.waitFor(() => expect(ear.troubles.at(-1)).toBeUndefined(), { timeout: 1_000 });
  expect(ear.troubles).toHaveLength(3);
  await revoke(one, ear, 1_000);
});

it.concurrent("F37: FLUSHALL: whoever was told judges on, writes it again, and a new process knows it too", async (context) => {
  const stage = await setUp(context);
  const [one, two] = [await stage.open("redis"), await stage.open("redis")];
  const ear = await listen(two);
  await revoke(one, ear, 1_000);
  const [revocation] = ear.heard;
  await one.sessions.create({ id: "id", owner: "owner", value: "v", ttlMs: 60_000 });
  await stage.server.admin("FLUSHALL");
  expect(await one.sessions.load("id")).toBeUndefined();
  await vi.waitFor(async () => expect(await stage.server.admin("ZCARD", order)).toBe(1), { timeout: 4_000 });
  expect((await listen(await stage.open("redis"))).heard).toEqual([revocation]);
  expect(stage.warnings.map(({ code }) => code)).toEqual(["redis_emptied"]);
});

it.concurrent("F33: Redis down at boot: the stores are made, say so, and work within 1 s of its start", async (context) => {
  const stage = await setUp(context);
  await stage.server.kill();
  const stores = await stage.open("ioredis");
  const ear = await listen(stores);
  expect(ear.troubles).toMatchObject([{ code: "unreachable" }]);
  await expect(stores.sessions.load("id")).rejects.toMatchObject({ code: "unreachable" });
  await stage.server.restart();
  await vi.waitFor(() => expect(ear.troubles.at(-1)).toBeUndefined(), { timeout: 1_000 });
  await stores.sessions.load("id");
});

it.concurrent("F37: warns of a Redis that evicts, once", async (context) => {
  const stage = await setUp(context);
  await stage.server.admin("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
  const stores = await stage.openPatiently("redis");
  await listen(stores);
  await listen(stores);
  await vi.waitFor(() => expect(stage.warnings.map(({ code }) => code)).toEqual(["redis_evicts"]));
  expect(stage.warnings[0]?.message).toContain("Set maxmemory-policy noeviction");
});

it.concurrent("RV-07: what has expired goes, from the list and from the keys", async (context) => {
  const stage = await setUp(context);
  const stores = await stage.openPatiently("ioredis");
  const margin = 120;
  const soon = revokedToken(inSeconds(1 - margin));
  await stores.revocations.add(soon);
  await stores.revocations.add(revokedToken(inSeconds(-margin - 1)));
  const inForce = revokedToken();
  await stores.revocations.add(inForce);
  expect(await stage.server.admin("ZCARD", order)).toBe(2);
  async function entriesAfterAnother(): Promise<unknown> {
    await stores.revocations.add(inForce);
    return stage.server.admin("ZCARD", order);
  }
  await vi.waitFor(async () => expect(await entriesAfterAnother()).toBe(1), { interval: 50, timeout: 5_000 });
  expect((await listen(stores)).heard).toEqual([inForce]);
  for (const key of [order, ends]) expect(await stage.server.admin("ZCARD", key)).toBe(1);
  expect(await stage.server.admin("HGET", head, "count")).toBe("1");
});

it.concurrent("reads a list of any length, in pages", async (context) => {
  const stage = await setUp(context);
  const [one, two] = [await stage.openPatiently("redis"), await stage.openPatiently("ioredis")];
  const revocations = Array.from({ length: 1_234 }, () => revokedToken());
  for (let at = 0; at < revocations.length; at += 100) {
    await Promise.all(revocations.slice(at, at + 100).map((revocation) => one.revocations.add(revocation)));
  }
  const ear = await listen(two);
  expect(ear.troubles).toEqual([undefined]);
  expect(new Set(ear.heard.map((each) => JSON.stringify(each))).size).toBe(1_234);
});

it.concurrent("tells that it hears no more when the stores are closed", async (context) => {
  const stage = await setUp(context);
  const stores = await stage.openPatiently("redis");
  const ear = await listen(stores);
  await stores.close();
  expect(ear.troubles).toMatchObject([undefined, { code: "closed" }]);
  await expect(stores.revocations.add(revokedToken())).rejects.toMatchObject({ code: "closed" });
});

it.concurrent("hears nothing of another database, whose channels are the same", async (context) => {
  const stage = await setUp(context);
  const clients = [0, 1].map((db) => new Redis(stage.server.port, "127.0.0.1", { db }));
  context.onTestFinished(() => clients.forEach((client) => client.disconnect()));
  const [one, other] = clients.map((client) => createPatientStores(client));
  if (one === undefined || other === undefined) throw new Error("there are two");
  const [ear, otherEar] = [await listen(one), await listen(other)];
  await vi.waitFor(async () => expect(await subscriptions(stage)).toBe(2));
  const revocation = revokedToken();
  await one.revocations.add(revocation);
  await vi.waitFor(() => expect(ear.heard).toEqual([revocation]));
  const ofOther = revokedToken();
  await other.revocations.add(ofOther);
  await vi.waitFor(() => expect(otherEar.heard).toEqual([ofOther]));
  expect(ear.heard).toEqual([revocation]);
});
