import { setTimeout as wait } from "node:timers/promises";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createRedisStores } from "@cloudbase-auth/redis";
import { createSessions } from "@cloudbase-auth/sessions";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { startRedis } from "../../redis/test/support/redis.ts";
import { contentsOf } from "./support/redis-contents.ts";
import { startForeignServer } from "./support/foreign-server.ts";
import { run } from "./support/processes.ts";
import { createVisitor } from "./support/visitor.ts";

const accessTokenSeconds = 3;

test("F27, F28: oidc-provider, four processes, 100 requests at once: one exchange, 100 × 200", async () => {
  const [foreign, redis] = await Promise.all([startForeignServer(accessTokenSeconds), startRedis()]);
  const started = ["1", "2", "3", "4"].map(() =>
    run("packages/adapter-contract/test/support/session-process.ts", [], {
      ...{ ENDPOINT: foreign.endpoint, REDIS_URL: redis.url, KEPT_IN: "store" },
    }),
  );
  const client = new Redis(redis.url);
  const auth = createCloudbaseAuth({ envId: "demo", endpoint: foreign.endpoint });
  try {
    const lines = await Promise.all(started.map((running) => running.line(/^listening /)));
    const ports = lines.map((line) => Number(new URL(line.slice("listening ".length)).port));

    const store = createRedisStores(client).sessions;
    const secret = "0123456789abcdefghijklmnopqrstuvwxyz";
    const { keeper } = createSessions({ auth, secret, store, origin: "https://app.example" });
    const tokens = await foreign.issue("person");
    const visitor = createVisitor();
    for (const line of await keeper.start({ headers: {} }, tokens)) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      visitor.cookies.set(name, value);
    }
    await wait(accessTokenSeconds * 1_000);

    const asking = Array.from({ length: 100 }, (_, index) =>
      visitor.copy().send(ports[index % 4] ?? 0, { target: "/me" }),
    );
    const answers = await Promise.all(asking);
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => '{"user":"person"}'));
    expect(foreign.exchanges()).toBe(1);

    // RF-12: what lies in Redis tells neither the tokens nor the person.
    const contents = JSON.stringify(await contentsOf(redis));
    for (const secret of [tokens.accessToken, tokens.refreshToken ?? "", "person"]) {
      expect(contents).not.toContain(secret);
    }
  } finally {
    await Promise.all(started.map((running) => running.stop("SIGKILL")));
    client.disconnect();
    await auth.close();
    await foreign.close();
    await redis.stop();
  }
});
