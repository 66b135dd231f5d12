import { createMemoryRefreshCoordinator, createMemoryRevocationStore } from "@cloudbase-auth/core";
import type { RefreshCoordinator, RevocationStore } from "@cloudbase-auth/core";
import { createMemoryAttemptLimiter, createMemorySessionStore } from "@cloudbase-auth/sessions";
import { afterAll, beforeAll, describe } from "vitest";
import type { RedisStores } from "../src/index.ts";
import { clientLibraries } from "./support/clients.ts";
import type { AppClient } from "./support/clients.ts";
import { describeAttemptLimiter } from "./support/conformance/attempts.ts";
import { describeIntrospectionCache } from "./support/conformance/introspections.ts";
import { describeRefreshCoordinator } from "./support/conformance/refreshes.ts";
import { describeRevocationStore } from "./support/conformance/revocations.ts";
import { describeSessionStore } from "./support/conformance/sessions.ts";
import { createPatientStores } from "./support/patient-stores.ts";
import { startRedis } from "./support/redis.ts";
import type { RedisServer } from "./support/redis.ts";

describe("memory, the measure", () => {
  const sessions = createMemorySessionStore();
  const limiter = createMemoryAttemptLimiter();
  const refreshes = createMemoryRefreshCoordinator();
  const revocations = createMemoryRevocationStore();
  describeSessionStore(() => sessions);
  describeAttemptLimiter(() => limiter);
  describeRefreshCoordinator((): [RefreshCoordinator, RefreshCoordinator] => [refreshes, refreshes]);
  describeRevocationStore((): [RevocationStore, RevocationStore] => [revocations, revocations]);
});

describe.each(["ioredis", "redis"] as const)("Redis through %s", (library) => {
  let server: RedisServer;
  const apps: AppClient[] = [];
  const stores: RedisStores[] = [];

  beforeAll(async () => {
    server = await startRedis();
    for (let n = 0; n < 2; n += 1) {
      const app = await clientLibraries[library](server.url);
      apps.push(app);
      stores.push(createPatientStores(app.client));
    }
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await server.stop();
  });

  function process(n: number): RedisStores {
    const found = stores[n];
    if (found === undefined) throw new Error("Redis has not started");
    return found;
  }
  describeSessionStore(() => process(0).sessions);
  describeAttemptLimiter(() => process(1).attempts);
  describeRefreshCoordinator(() => [process(0).refreshes, process(1).refreshes]);
  describeRevocationStore(() => [process(0).revocations, process(1).revocations]);
  describeIntrospectionCache(() => [process(0).introspections, process(1).introspections]);
});
