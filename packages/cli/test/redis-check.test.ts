import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedis } from "../../redis/test/support/redis.ts";
import type { RedisServer } from "../../redis/test/support/redis.ts";
import { checkRedis } from "../src/doctor/redis.ts";
import { openIoredis, openNodeRedis } from "../src/doctor/redis-connection.ts";
import { blackHole, closedPort } from "./support/stage.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis("--requirepass", "right", "--maxmemory-policy", "noeviction");
});
afterAll(() => server.stop());

const withPassword = (password: string): string => server.url.replace("://", `://:${password}@`);

const troubles: readonly (readonly [string, () => string | Promise<string>, string, string])[] = [
  [
    "WRONGPASS",
    () => withPassword("wrong-sentinel"),
    "does not accept the password (WRONGPASS)",
    "put user and password into REDIS_URL",
  ],
  ["NOAUTH", () => server.url, "does not accept the password (NOAUTH)", "put user and password into REDIS_URL"],
  ["closed", async () => (await closedPort()).replace("http", "redis"), "cannot be used (ECONNREFUSED)", "Start Redis"],
  [
    "hung",
    async () => `redis://${await blackHole()}`,
    "did not answer within 3 s",
    "Whoever runs it has to look at it",
  ],
  ["no URL", () => "127.0.0.1:6379", "REDIS_URL is no URL", "write it as redis://host:6379"],
];

describe.each([
  ["ioredis", openIoredis],
  ["redis", openNodeRedis],
] as const)("Redis by %s", (_name, open) => {
  it("is well", async () => {
    const { outcome, detail } = await checkRedis(withPassword("right"), open);
    expect(detail).toMatch(/^(?:Redis|Valkey) \d+\.\S* at 127\.0\.0\.1:\d+ answers \(\d+(?:\.\d)? m?s\)$/);
    expect(outcome).toBe("ok");
  });

  it.each(troubles)("%s: what happened, and whose turn it is", async (_case, urlOf, what, fix) => {
    const { outcome, detail, fix: told } = await checkRedis(await urlOf(), open);
    expect(detail).toContain(what);
    expect(told).toContain(fix);
    expect(outcome).toBe("failed");
    expect(detail + String(told)).not.toContain("sentinel");
  });
});

it("with no client installed it says which to install", async () => {
  const { outcome, detail } = await checkRedis("redis://127.0.0.1:1", () => Promise.resolve(undefined));
  expect(detail).toContain("npm install --save-dev ioredis");
  expect(outcome).toBe("skipped");
});
