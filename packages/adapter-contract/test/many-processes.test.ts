import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange } from "../src/wire.ts";
import { contentsOf } from "./support/redis-contents.ts";
import { crash, crashPoints } from "./support/crash.ts";
import type { CrashPoint } from "./support/crash.ts";
import { createSessionCluster } from "./support/session-cluster.ts";
import type { SessionCluster, SessionServer } from "./support/session-cluster.ts";
import { setCookiesOf } from "./support/visitor.ts";
import { until } from "./support/until.ts";

const hours = 3_600;

describe.each(["cookie", "store"] as const)("four processes on one Redis, sessions in a %s", (keptIn) => {
  let cluster: SessionCluster;
  let servers: SessionServer[];
  beforeAll(async () => {
    cluster = await createSessionCluster(keptIn);
    servers = await Promise.all([1, 2, 3, 4].map(() => cluster.start()));
  });
  afterAll(() => cluster.close());
  const first = (): SessionServer => servers[0] as SessionServer;
  const statusOn = async (server: SessionServer, lines: readonly string[]): Promise<number> =>
    (await exchange(server.port, { target: "/me", lines })).status;

  test("F27, F28: 100 requests at once with an access token that ended: one exchange, 100 × 200", async () => {
    const visitor = await cluster.signIn(first());
    await cluster.advance(2 * hours, servers);
    const before = cluster.exchanges();
    const asking = Array.from({ length: 100 }, (_, index) =>
      visitor.copy().send(servers[index % 4]?.port ?? 0, { target: "/me" }),
    );
    const answers = await Promise.all(asking);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(cluster.exchanges()).toBe(before + 1);
  });

  test("RV-08, BF-20: signed out everywhere is so in all four within a second, with the cookie and with the token", async () => {
    const here = await cluster.signIn(first());
    const elsewhere = await cluster.signIn(servers[1] as SessionServer);
    const cookie = `Cookie: ${[...elsewhere.cookies].map((pair) => pair.join("=")).join("; ")}`;
    const seen = await Promise.all(servers.map((server) => statusOn(server, [cookie])));
    expect(seen).toEqual([200, 200, 200, 200]);
    // A sign-out ends what was issued up to its own second.
    const answer = await here.post(first().port, "/auth/signout/everywhere");
    expect(answer.status).toBeLessThan(300);
    const begun = performance.now();
    await Promise.all(
      servers.map((server) =>
        until(
          () => statusOn(server, [cookie]),
          (status) => status === 401,
          1_000,
        ),
      ),
    );
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test("RF-12, BF-23: what lies in Redis tells neither tokens nor users, and has an end", async () => {
    // Signing out everywhere ends what is issued within its own second, too.
    await cluster.advance(1, servers);
    const visitor = await cluster.signIn(first());
    await cluster.advance(2 * hours, servers);
    const me = await visitor.send(first().port, { target: "/me" });
    const { user } = JSON.parse(me.body) as { readonly user: string };
    const contents = await contentsOf(cluster.redis);
    expect(contents.length).toBeGreaterThan(3);
    for (const { key, value, ttlSeconds } of contents) {
      expect(key).toMatch(/^cbauth/);
      // -1 is what never ends.
      expect(ttlSeconds, key).not.toBe(-1);
      // Two segments of a JWS; sealed values are JWE, whose second segment is empty.
      expect(value, key).not.toMatch(/eyJ[\w-]+\.eyJ/);
      expect(key + value, key).not.toContain(user);
    }
  });

  test("F34: Redis stands still under load", async () => {
    const visitor = await cluster.signIn(first(), "other");
    const names = [...visitor.cookies.keys()];
    cluster.redis.pause();
    const begun = performance.now();
    const answers = await Promise.all(
      servers.flatMap(({ port }) => [1, 2, 3].map(() => visitor.copy().send(port, { target: "/me" }))),
    );
    const tookMs = performance.now() - begun;
    // By now it is known: nobody waits for it any more.
    const alone = performance.now();
    const next = await visitor.copy().send(first().port, { target: "/me" });
    const aloneMs = performance.now() - alone;
    cluster.redis.resume();
    expect(next.status).toBe(keptIn === "store" ? 503 : 200);
    expect(aloneMs).toBeLessThan(250);
    // A sealed cookie needs no store while its access token lives.
    if (keptIn === "store") expect(answers.flatMap(setCookiesOf)).toEqual([]);
    // 250 ms for the store, and the rest for a busy machine that answers 12 at once.
    expect(tookMs).toBeLessThan(1_500);
    await until(
      async () => (await visitor.send(first().port, { target: "/me" })).status,
      (status) => status === 200,
      1_000,
    );
    expect([...visitor.cookies.keys()]).toEqual(names);
  });

  test("F35: Redis is killed and comes back, with nothing of what it had", async () => {
    const visitor = await cluster.signIn(first(), "other");
    await cluster.redis.kill();
    const during = await visitor.copy().send(first().port, { target: "/me" });
    expect(during.status).toBe(keptIn === "store" ? 503 : 200);
    await cluster.redis.restart();
    const wanted = keptIn === "store" ? 401 : 200;
    await until(
      async () => (await visitor.copy().send(first().port, { target: "/me" })).status,
      (status) => status === wanted,
      1_000,
    );
    // A sign-in takes as long as a password is made to take.
    const again = await cluster.signIn(first(), "other");
    expect((await again.send(first().port, { target: "/me" })).status).toBe(200);
  });
});

describe("RF-10, F29: kill -9 in the middle of an exchange", () => {
  // All of them, 20 times each: `pnpm crashes`.
  const sample: readonly CrashPoint[] = ["after the server has answered", "after it is written down"];

  test.each(sample)("%s: the session goes on, or takes one sign-in, and never a loop", async (point) => {
    const cluster = await createSessionCluster("store");
    try {
      const aftermath = await crash(cluster, await cluster.start(), point);
      expect(aftermath).toMatchObject({ outcome: crashPoints[point], exchangesAfter: 0 });
      expect(aftermath.exchanges).toBeLessThanOrEqual(2);
    } finally {
      await cluster.close();
    }
  });
});
