import { createRedisStores } from "../../src/index.ts";
import type { RedisStores, RedisWarning } from "../../src/index.ts";
import { clientLibraries } from "./clients.ts";
import type { AppClient } from "./clients.ts";
import { startRedis } from "./redis.ts";
import type { RedisServer } from "./redis.ts";

/** One Redis, and any number of processes, as far as the stores can tell. */
export interface Stage {
  readonly server: RedisServer;
  readonly warnings: RedisWarning[];
  open(library: keyof typeof clientLibraries, options?: { readonly prefix?: string }): Promise<RedisStores>;
  close(): Promise<void>;
}

export async function openStage(...settings: string[]): Promise<Stage> {
  const server = await startRedis(...settings);
  const apps: AppClient[] = [];
  const opened: RedisStores[] = [];
  const warnings: RedisWarning[] = [];
  return {
    ...{ server, warnings },
    async open(library, options) {
      const app = await clientLibraries[library](server.url);
      apps.push(app);
      const stores = createRedisStores(app.client, { ...options, onWarning: (warning) => warnings.push(warning) });
      opened.push(stores);
      return stores;
    },
    async close() {
      for (const stores of opened) await stores.close();
      for (const app of apps) await app.close();
      await server.stop();
    },
  };
}
