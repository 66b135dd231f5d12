import * as door from "@cloudbase-auth/redis";
import { expect, test } from "vitest";

test("what @cloudbase-auth/redis exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
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
