import type { RedisClient, RedisStoreOptions, RedisStores } from "../../src/index.ts";
import { openLink } from "../../src/link.ts";
import { storesOn } from "../../src/stores.ts";

/** The stores with all the time that a busy machine may need, where time is not what is tested. */
export function createPatientStores(client: RedisClient, options?: RedisStoreOptions): RedisStores {
  return storesOn(openLink(client, options, 10_000));
}
