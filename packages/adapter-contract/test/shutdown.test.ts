import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentsOf } from "./support/redis-contents.ts";
import { createSessionCluster } from "./support/session-cluster.ts";
import type { SessionCluster, SessionServer } from "./support/session-cluster.ts";
import { until } from "./support/until.ts";

const hours = 3_600;

describe("F53: SIGTERM in the middle of an exchange", () => {
  let cluster: SessionCluster;
  let leaving: SessionServer;
  let staying: SessionServer;
  beforeAll(async () => {
    cluster = await createSessionCluster("cookie");
    [leaving, staying] = await Promise.all([cluster.start(), cluster.start()]);
  });
  afterAll(() => cluster.close());

  /** How many turns somebody holds, as Redis has it. */
  const held = async (): Promise<number> =>
    (await contentsOf(cluster.redis)).filter(({ key, value }) => /:refresh:/.test(key) && value.includes('"begun"'))
      .length;

  test("it is brought to its end and written down, and its turn is free: the next one goes on at once", async () => {
    const visitor = await cluster.signIn(leaving);
    await cluster.advance(2 * hours, [leaving, staying]);
    const before = cluster.exchanges();
    cluster.emulator.failNext("POST /auth/v1/token", { kind: "slow", delayMs: 700 });
    const cutOff = visitor
      .copy()
      .send(leaving.port, { target: "/me" })
      .then(
        () => "answered",
        () => "cut off",
      );
    await until(
      () => cluster.exchanges(),
      (exchanges) => exchanges === before + 1,
    );
    expect(await held()).toBe(1);

    const begun = performance.now();
    // It would answer to the signal itself with an exit code of null.
    expect(await leaving.running.stop("SIGTERM")).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await cutOff).toBe("cut off");
    expect(await held()).toBe(0);

    const next = performance.now();
    expect((await visitor.send(staying.port, { target: "/me" })).status).toBe(200);
    // A lease that had to end by itself would take 6 seconds.
    expect(performance.now() - next).toBeLessThan(2_000);
    expect(cluster.exchanges()).toBe(before + 1);
    await cluster.advance(2 * hours, [staying]);
    expect((await visitor.send(staying.port, { target: "/me" })).status).toBe(200);
  });
});
