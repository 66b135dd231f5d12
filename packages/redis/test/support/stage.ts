import { createRedisStores } from "../../src/index.ts";
import type { RedisClient, RedisStores, RedisWarning } from "../../src/index.ts";
import { clientLibraries } from "./clients.ts";
import type { AppClient } from "./clients.ts";
import { createPatientStores } from "./patient-stores.ts";
import { startRedis } from "./redis.ts";
import type { RedisServer } from "./redis.ts";

/** One Redis, and any number of processes, as far as the stores can tell. */
export interface Stage {
  readonly server: RedisServer;
  readonly warnings: RedisWarning[];
  open(library: keyof typeof clientLibraries, options?: { readonly prefix?: string }): Promise<RedisStores>;
  /** The same with all the time that a busy machine may need, where time is not what is tested. */
  openPatiently(library: keyof typeof clientLibraries, options?: { readonly prefix?: string }): Promise<RedisStores>;
  /** Ends all processes; the server stays. */
  closeStores(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(...settings: string[]): Promise<Stage> {
  const server = await startRedis(...settings);
  const apps: AppClient[] = [];
  const opened: RedisStores[] = [];
  const warnings: RedisWarning[] = [];
  const onWarning = (warning: RedisWarning): unknown => warnings.push(warning);

  async function open(
    library: keyof typeof clientLibraries,
    create: (client: RedisClient) => RedisStores,
  ): Promise<RedisStores> {
    const app = await clientLibraries[library](server.url);
    apps.push(app);
    const stores = create(app.client);
    opened.push(stores);
    return stores;
  }

  async function closeStores(): Promise<void> {
    for (const stores of opened.splice(0)) await stores.close();
    for (const app of apps.splice(0)) await app.close();
  }

  return {
    ...{ server, warnings },
    open: (library, options) => open(library, (client) => createRedisStores(client, { ...options, onWarning })),
    openPatiently: (library, options) =>
      open(library, (client) => createPatientStores(client, { ...options, onWarning })),
    closeStores,
    async close() {
      await closeStores();
      await server.stop();
    },
  };
}
