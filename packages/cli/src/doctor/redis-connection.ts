/** What is used of a Redis client. */
export interface RedisConnection {
  /** Server and memory, as INFO writes them. */
  readonly info: () => Promise<string>;
  readonly close: () => void;
}

/** By whichever client is installed; `undefined` if none is. Nothing is tried again. */
export async function openRedis(url: string): Promise<RedisConnection | undefined> {
  return (await openIoredis(url)) ?? (await openNodeRedis(url));
}

export async function openIoredis(url: string): Promise<RedisConnection | undefined> {
  const { Redis } = (await ifInstalled(() => import("ioredis"))) ?? {};
  if (Redis === undefined) return undefined;
  const client = new Redis(url, { lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null });
  let failure: Error | undefined;
  client.on("error", (error) => (failure ??= error));
  return {
    async info() {
      try {
        await client.connect();
        return await client.info();
      } catch (error) {
        // The command only says that the connection was closed; the connection knows why.
        throw failure ?? error;
      }
    },
    close: () => client.disconnect(),
  };
}

export async function openNodeRedis(url: string): Promise<RedisConnection | undefined> {
  const { createClient } = (await ifInstalled(() => import("redis"))) ?? {};
  if (createClient === undefined) return undefined;
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on("error", () => undefined);
  return {
    async info() {
      await client.connect();
      return client.info();
    },
    close: () => client.destroy(),
  };
}

async function ifInstalled<Module>(load: () => Promise<Module>): Promise<Module | undefined> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
