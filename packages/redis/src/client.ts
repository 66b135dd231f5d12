import type { Driver } from "./connection.ts";
import { driveIoredis, isIoredis } from "./ioredis-driver.ts";
import { driveNodeRedis, isNodeRedis } from "./node-redis-driver.ts";

/**
 * A client of `ioredis` (`new Redis()`, `new Cluster()`) or of `redis` (`createClient()`, `createCluster()`). The stores
 * take its address, TLS and credentials over into connections of their own, and end with it.
 */
export interface RedisClient {
  duplicate(...overrides: never[]): unknown;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
}

/** @throws TypeError for anything else */
export function driverOf(client: RedisClient): Driver {
  if (isIoredis(client)) return driveIoredis(client);
  if (isNodeRedis(client)) return driveNodeRedis(client);
  throw new TypeError(
    'client must be one of "ioredis" (new Redis(), new Cluster()) or of "redis" (createClient(), createCluster())',
  );
}
