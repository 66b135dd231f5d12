import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createEmulator } from "@cloudbase-auth/emulator";
import { expect, it } from "vitest";
import * as everything from "../src/index.ts";
import { openStage } from "./support/stage.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

it("the first lines of README.md are a program of twelve lines, and it works", async ({ onTestFinished }) => {
  const file = "test/support/quick-start.ts";
  const program = readFileSync(join(import.meta.dirname, "..", file), "utf8");
  expect(readme).toContain(`<!-- ${file} -->\n\n\`\`\`ts\n${program}\`\`\`\n`);
  expect(program.trimEnd().split("\n").length).toBeLessThanOrEqual(12);

  const stage = await openStage();
  onTestFinished(() => stage.close());
  const emulator = await createEmulator({ envId: "demo" });
  onTestFinished(() => emulator.close());
  Object.assign(process.env, {
    REDIS_URL: stage.server.url,
    SESSION_SECRET: "a secret of at least thirty-two characters",
    CLOUDBASE_ENV_ID: "demo",
    CLOUDBASE_AUTH_ENDPOINT: emulator.endpoint,
  });
  const { auth, redis, sessions } = await import("./support/quick-start.ts");
  onTestFinished(() => redis.disconnect());
  const headers = { authorization: `Bearer ${await emulator.issueToken({})}` };
  expect((await auth.authenticate({ headers })).auth.state).toBe("authenticated");
  await expect.poll(() => auth.status().revocations.store).toBe("up");
  const opened = await sessions.keeper.open({ headers: {} });
  expect([sessions.keeper.hasStore, opened.state]).toEqual([true, "none"]);
  await auth.close();
});

it("README.md names everything that can be imported, and the keys of the table are those there are", () => {
  for (const name of Object.keys(everything)) expect(readme).toContain(name);
  expect(Object.keys(everything).sort()).toMatchInlineSnapshot(`
    [
      "RedisStoreError",
      "createRedisAttemptLimiter",
      "createRedisIntrospectionCache",
      "createRedisRefreshCoordinator",
      "createRedisRevocationStore",
      "createRedisSessionStore",
      "createRedisStores",
    ]
  `);
});
