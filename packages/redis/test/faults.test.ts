import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { RedisStoreError } from "../src/index.ts";
import type { RedisStores } from "../src/index.ts";
import { revokedToken } from "./support/conformance/revocations.ts";
import { openStage } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";
import { timed, untilSucceeds } from "./support/timing.ts";

const ttlMs = 60_000;
const leaseMs = 30_000;
const secret = "a-digest-that-no-error-may-hold";
const limit = { attempts: 100, perSeconds: 60 };

/** One of everything that asks Redis, each with a key that would be a secret in an error. */
function everyCall({ sessions, refreshes, attempts, introspections, revocations }: RedisStores) {
  const turn = { key: secret, fence: `${secret}.${secret}` };
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    "sessions.create": () => sessions.create({ id: secret, owner: secret, value: secret, ttlMs }),
    "sessions.load": () => sessions.load(secret),
    "sessions.replace": () => sessions.replace({ id: secret, version: secret, value: secret, ttlMs }),
    "sessions.delete": () => sessions.delete(secret),
    "sessions.list": () => sessions.list(secret),
    "sessions.deleteAll": () => sessions.deleteAll(secret),
    "refreshes.begin": () => refreshes.begin({ key: secret, leaseMs }),
    "refreshes.renew": () => refreshes.renew({ ...turn, leaseMs }),
    "refreshes.succeed": () => refreshes.succeed({ ...turn, outcome: secret, successorKey: secret, graceMs: 1 }),
    "refreshes.release": () => refreshes.release(turn),
    "refreshes.end": () => refreshes.end({ key: secret }),
    "attempts.count": () => attempts.count(secret, limit),
    "attempts.forget": () => attempts.forget(secret),
    "introspections.load": () => introspections.load(secret),
    "introspections.save": () => introspections.save(secret, { active: true, askedAt: 1 }, ttlMs),
    "revocations.add": () => revocations.add({ ...revokedToken(), environment: secret }),
  };
  return Object.entries(calls);
}

/** All at once, and then once more each, as requests come in. */
async function expectFailures(stores: RedisStores, ...codes: readonly string[]): Promise<void> {
  const outcomes = await Promise.all(everyCall(stores).map(async ([name, call]) => ({ name, ...(await timed(call)) })));
  for (const [name, call] of everyCall(stores)) outcomes.push({ name, ...(await timed(call)) });
  for (const { name, error, ms } of outcomes) {
    expect(error, name).toBeInstanceOf(RedisStoreError);
    expect(codes, name).toContain(error instanceof RedisStoreError ? error.code : error);
    expect(ms, name).toBeLessThanOrEqual(250);
    expect(inspect(error, { depth: 10, showHidden: true }), name).not.toContain(secret);
  }
}

async function expectAllWell(stores: RedisStores): Promise<void> {
  for (const [name, call] of everyCall(stores)) {
    const { error } = await timed(call);
    expect(error, name).toBeUndefined();
  }
}

const libraries = ["ioredis", "redis"] as const;
const stages = new Map<string, { readonly stage: Stage; readonly stores: RedisStores }>();

beforeAll(async () => {
  for (const library of libraries) {
    const stage = await openStage();
    const stores = await stage.open(library);
    stages.set(library, { stage, stores });
    await expectAllWell(stores);
  }
});
afterAll(async () => {
  for (const { stage } of stages.values()) await stage.close();
});

async function at(library: string): Promise<{ readonly stage: Stage; readonly stores: RedisStores }> {
  const found = stages.get(library);
  if (found === undefined) throw new Error("Redis has not started");
  await untilSucceeds(() => found.stores.sessions.load(secret));
  return found;
}

describe("F34: hung (SIGSTOP): every call fails within 250 ms, soon at once, and works within 1 s of its return", () => {
  it.concurrent.each(libraries)("through %s", async (library) => {
    const { stage, stores } = await at(library);
    stage.server.pause();
    try {
      await expectFailures(stores, "unanswered");
      const { ms } = await timed(() => stores.sessions.load(secret));
      expect(ms).toBeLessThanOrEqual(250);
      const atOnce = await Promise.all(Array.from({ length: 50 }, () => timed(() => stores.sessions.load(secret))));
      // One goes and sees; the others do not wait for it.
      expect(atOnce.filter(({ ms: each }) => each < 150).length).toBeGreaterThanOrEqual(49);
    } finally {
      stage.server.resume();
    }
    expect(await untilSucceeds(() => stores.sessions.load(secret))).toBeLessThan(1_000);
    await expectAllWell(stores);
  });
});

describe("F34: what was given up while it hung does nothing when it goes on", () => {
  it.concurrent.each(libraries)("through %s", async (library) => {
    const { stage, stores } = await at(library);
    const [owner, kept, made, key] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await stores.sessions.create({ id: kept, owner, value: "before", ttlMs });
    const { version = "" } = (await stores.sessions.load(kept)) ?? {};
    await stores.attempts.count(key, { attempts: 1, perSeconds: 60 });
    const before = await stage.server.admin("DBSIZE");
    stage.server.pause();
    try {
      const outcomes = await Promise.allSettled([
        stores.sessions.replace({ id: kept, version, value: "after", ttlMs }),
        stores.sessions.deleteAll(owner),
        stores.sessions.delete(kept),
        stores.sessions.create({ id: made, owner, value: "x", ttlMs }),
        stores.refreshes.begin({ key, leaseMs }),
        stores.introspections.save(key, { active: true, askedAt: 1 }, ttlMs),
        stores.attempts.forget(key),
        stores.revocations.add(revokedToken()),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => "rejected"));
    } finally {
      stage.server.resume();
    }
    // The connection keeps the order: with the answer to this, all that lay in it has been read.
    await untilSucceeds(() => stores.sessions.load(kept));
    expect(await stores.sessions.load(kept)).toEqual({ value: "before", version });
    expect(await stores.sessions.load(made)).toBeUndefined();
    expect(await stores.introspections.load(key)).toBeUndefined();
    expect(await stores.attempts.count(key, { attempts: 1, perSeconds: 60 })).toBeGreaterThan(0);
    expect(await stage.server.admin("DBSIZE")).toBe(before);
    expect(await stores.refreshes.begin({ key, leaseMs })).toMatchObject({ state: "yours" });
  });
});

describe("F35: killed: every call fails within 250 ms, and works within 1 s of its return, however long that takes", () => {
  it.concurrent.each(libraries)("through %s", async (library) => {
    const { stage, stores } = await at(library);
    await stage.server.kill();
    try {
      // Until the end of the connection has been heard of, it is one that does not answer.
      await expectFailures(stores, "unreachable", "unanswered");
      // Long enough for the clients' own reconnecting, left to itself, to have slowed down.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await expect(stores.sessions.load(secret)).rejects.toMatchObject({ code: "unreachable" });
    } finally {
      await stage.server.restart();
    }
    expect(await untilSucceeds(() => stores.sessions.load(secret))).toBeLessThan(1_000);
    await expectAllWell(stores);
  });
});

describe("F36: a replica: writing fails with the word for it, reading goes on, and all works within 1 s of its end", () => {
  it.concurrent.each(libraries)("through %s", async (library) => {
    const { stage, stores } = await at(library);
    const id = randomUUID();
    await stores.sessions.create({ id, owner: "o", value: "v", ttlMs });
    await stage.server.admin("REPLICAOF", "127.0.0.1", 1);
    const { error, ms } = await timed(() => stores.sessions.create({ id: secret, owner: "o", value: "v", ttlMs }));
    expect(error).toMatchObject({ name: "RedisStoreError", code: "refused", reply: "READONLY" });
    expect(inspect(error, { depth: 10 })).not.toContain(secret);
    expect(ms).toBeLessThanOrEqual(250);
    expect(await stores.sessions.load(id)).toMatchObject({ value: "v" });
    await stage.server.admin("REPLICAOF", "NO", "ONE");
    expect(await untilSucceeds(() => stores.sessions.create({ id: "x", owner: "o", value: "v", ttlMs }))).toBeLessThan(
      1_000,
    );
  });
});

describe("F36: a replica without its master: fails with the word for it, and works within 1 s of its end", () => {
  it.concurrent.each(libraries)("through %s", async (library) => {
    const { stage, stores } = await at(library);
    await stage.server.admin("CONFIG", "SET", "replica-serve-stale-data", "no");
    await stage.server.admin("REPLICAOF", "127.0.0.1", 1);
    const { error, ms } = await timed(() => stores.sessions.load(secret));
    expect(error).toMatchObject({ code: "refused", reply: "MASTERDOWN" });
    expect(ms).toBeLessThanOrEqual(250);
    await stage.server.admin("REPLICAOF", "NO", "ONE");
    expect(await untilSucceeds(() => stores.sessions.load(secret))).toBeLessThan(1_000);
  });
});

describe("F36: one failure in passing is not noticed", () => {
  it.concurrent.each(libraries)("through %s", async (library) => {
    const { stage, stores } = await at(library);
    await stage.server.admin("REPLICAOF", "127.0.0.1", 1);
    const writing = stores.sessions.create({ id: randomUUID(), owner: "o", value: "v", ttlMs });
    await stage.server.admin("REPLICAOF", "NO", "ONE");
    await writing;
  });
});

describe("F36: loading: fails with the word for it, and works within 1 s of its end", () => {
  it.concurrent.each(libraries)("through %s", async (library) => {
    const { stage, stores } = await at(library);
    for (let n = 0; n < 100; n += 1) await stage.server.admin("SET", `load-${String(n)}`, "x".repeat(5_000));
    for (const [name, value] of [
      ["rdbcompression", "no"],
      ["loading-process-events-interval-bytes", 1_024],
      ["key-load-delay", 8_000],
    ] as const) {
      await stage.server.admin("CONFIG", "SET", name, value);
    }
    const reload = stage.server.admin("DEBUG", "RELOAD");
    await vi.waitFor(
      async () =>
        expect(await (async () => (await timed(() => stores.sessions.load(secret))).error)()).toMatchObject({
          code: "refused",
          reply: "LOADING",
        }),
      { interval: 5 },
    );
    const { error, ms } = await timed(() => stores.sessions.load(secret));
    expect(error).toMatchObject({ code: "refused", reply: "LOADING" });
    expect(ms).toBeLessThanOrEqual(250);
    await reload;
    expect(await untilSucceeds(() => stores.sessions.load(secret))).toBeLessThan(1_000);
  });
});
