import { Redis } from "ioredis";
import { createClient, createSentinel } from "redis";
import { afterAll, describe, expect, it } from "vitest";
import * as everything from "../src/index.ts";
import type { RedisClient, RedisStoreOptions } from "../src/index.ts";
import { clientLibraries } from "./support/clients.ts";
import { openStage } from "./support/stage.ts";

const stage = await openStage();
afterAll(() => stage.close());
const { RedisStoreError: _, ...creators } = everything;

describe.each(Object.entries(creators))("%s", (_name, create) => {
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["an address", "redis://127.0.0.1"],
    ["an object", {}],
    ["a Sentinel client of redis", createSentinel({ name: "m", sentinelRootNodes: [{ host: "127.0.0.1", port: 1 }] })],
  ])("%s is no client: a TypeError that says what is one", (_what, client) => {
    expect(() => create(client as RedisClient)).toThrow(/client must be one of "ioredis".* or of "redis"/);
  });

  it.each<[unknown, string]>([
    [null, "options must be an object"],
    [{ prefx: "app" }, "option prefx is not known"],
    [{ prefix: "" }, "option prefix must be 1 to 64 letters"],
    [{ prefix: "a{b}" }, "option prefix must be 1 to 64 letters"],
    [{ prefix: "a".repeat(65) }, "option prefix must be 1 to 64 letters"],
    [{ onWarning: "log" }, "option onWarning must be a function"],
  ])("%j is a TypeError", (options, message) => {
    const client = createClient();
    expect(() => create(client, options as RedisStoreOptions)).toThrow(message);
  });

  it.each(["ioredis", "redis"] as const)(
    "opens one connection through %s, and it ends with the client",
    async (library) => {
      const connections = async (): Promise<number> => {
        const list = String(await stage.server.admin("CLIENT", "LIST", "TYPE", "normal"));
        return list.trim().split("\n").length;
      };
      await stage.server.admin("PING");
      const before = await connections();
      const app = await clientLibraries[library](stage.server.url);
      const made = create(app.client);
      await expect.poll(connections).toBe(before + 2);
      await app.close();
      await expect.poll(connections).toBe(before);
      await made.close();
    },
  );

  it("ends by itself too, and leaves the client alone", async () => {
    const client = new Redis(stage.server.url);
    await create(client).close();
    expect(await client.ping()).toBe("PONG");
    client.disconnect();
  });
});

it("what the client is set to does not matter: key prefix, number of the database, queues", async () => {
  const client = new Redis(stage.server.url, {
    keyPrefix: "app:",
    db: 3,
    commandTimeout: 1,
    enableAutoPipelining: true,
  });
  client.on("error", () => undefined);
  const stores = everything.createRedisStores(client);
  await expect
    .poll(() =>
      stores.sessions.create({ id: "i", owner: "o", value: "v", ttlMs: 60_000 }).then(() => "created", String),
    )
    .toBe("created");
  expect(await stores.sessions.list("o")).toMatchObject([{ id: "i", value: "v" }]);
  client.disconnect();
});
