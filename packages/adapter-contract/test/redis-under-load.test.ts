import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timed } from "../../redis/test/support/timing.ts";
import { exchange } from "../src/wire.ts";
import type { WireResponse } from "../src/wire.ts";
import { median } from "./support/bounds.ts";
import { createSessionCluster } from "./support/session-cluster.ts";
import type { SessionCluster, SessionServer } from "./support/session-cluster.ts";
import { setCookiesOf } from "./support/visitor.ts";
import type { Visitor } from "./support/visitor.ts";

/** An answer of the load: when it was asked for, and how long it took. */
interface Seen {
  readonly by: "session" | "token";
  readonly at: number;
  readonly ms: number;
  readonly status: number;
  readonly cookies: readonly string[];
}

const clients = 50;
/** Each client waits so long between two requests: the load is steady, and below what the machine can do. */
const pauseMs = 200;
const outageMs = 1_500;
/** Nobody waits for longer. */
const promisedMs = 250;
const ways = ["is killed (F35)", "stands still (F34)"] as const;

describe("Redis goes away under the load of 50 clients, and comes back", () => {
  let cluster: SessionCluster;
  let server: SessionServer;
  let visitor: Visitor;
  let token: string;
  beforeAll(async () => {
    cluster = await createSessionCluster("store");
    server = await cluster.start();
    visitor = await cluster.signIn(server);
    token = await cluster.emulator.issueToken({ sub: "by-token" });
  });
  afterAll(() => cluster.close());

  const send = (by: Seen["by"]): Promise<WireResponse> =>
    by === "session"
      ? visitor.copy().send(server.port, { target: "/me" })
      : exchange(server.port, { target: "/me", lines: [`Authorization: Bearer ${token}`] });

  async function goAway(way: (typeof ways)[number]): Promise<() => Promise<void>> {
    if (way === "stands still (F34)") {
      cluster.redis.pause();
      return () => Promise.resolve(cluster.redis.resume());
    }
    await cluster.redis.admin("SAVE");
    await cluster.redis.kill();
    return () => cluster.redis.restart();
  }

  test.each(ways)("it %s", async (way) => {
    const seen: Seen[] = [];
    let isOver = false;
    const load = Array.from({ length: clients }, async (_, n) => {
      const by = n % 2 === 0 ? "session" : "token";
      await wait((n * pauseMs) / clients);
      while (!isOver) {
        const at = performance.now();
        const { value, error, ms } = await timed(() => send(by));
        if (value === undefined) throw error;
        seen.push({ by, at, ms, status: value.status, cookies: setCookiesOf(value) });
        await wait(pauseMs);
      }
    });
    await wait(500);
    const comeBack = await goAway(way);
    const goneAt = performance.now();
    await wait(outageMs);
    const backAt = performance.now();
    await comeBack();
    const thereAt = performance.now();
    await wait(1_300);
    isOver = true;
    await Promise.all(load);

    const of = (by: Seen["by"], from: number, to: number): readonly Seen[] =>
      seen.filter((one) => one.by === by && one.at >= from && one.at + one.ms < to);
    const middle = (some: readonly Seen[]): number => median(some.map(({ ms }) => ms));
    /** Of the slowest, one in twenty is the machine's. */
    const most = (some: readonly Seen[]): number =>
      some.map(({ ms }) => ms).toSorted((one, other) => one - other)[Math.floor(some.length * 0.95)] ?? Infinity;
    const statuses = (some: readonly Seen[]): readonly number[] => [...new Set(some.map(({ status }) => status))];
    // What the machine itself takes for one of 50 clients.
    const usualMs = most(seen.filter(({ at, ms }) => at + ms < goneAt));

    expect(statuses(seen.filter(({ by }) => by === "token"))).toEqual([200]);
    const byToken = of("token", goneAt, backAt);
    expect(byToken.length).toBeGreaterThan(clients);
    expect(middle(byToken)).toBeLessThanOrEqual(50 + usualMs);
    expect(most(byToken)).toBeLessThanOrEqual(promisedMs + usualMs);

    const bySession = of("session", goneAt, backAt);
    expect(bySession.length).toBeGreaterThan(clients);
    expect(statuses(bySession)).toEqual([503]);
    // From the first one on.
    expect(most(bySession.filter(({ at }) => at < goneAt + 200))).toBeLessThanOrEqual(promisedMs + usualMs);
    expect(most(bySession)).toBeLessThanOrEqual(promisedMs + usualMs);
    // Once that is known, one goes and sees now and then, and the others do not wait for it.
    expect(middle(bySession.filter(({ at }) => at > goneAt + 500))).toBeLessThanOrEqual(50 + usualMs);

    const after = seen.filter(({ by, at }) => by === "session" && at >= thereAt + 1_000);
    expect(after.length).toBeGreaterThan(clients / 4);
    expect(statuses(after)).toEqual([200]);
    expect(seen.flatMap(({ cookies }) => cookies)).toEqual([]);
  });
});
