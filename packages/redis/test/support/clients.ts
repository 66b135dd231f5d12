import { Cluster, Redis } from "ioredis";
import { createClient, createCluster } from "redis";
import type { RedisClient } from "../../src/index.ts";

/** An application's client, and how the application closes it. */
export interface AppClient {
  readonly client: RedisClient;
  close(): Promise<void>;
}

const port = (url: string): number => Number(new URL(url).port);

/** With the settings that each has by itself: whatever the stores promise has to hold with those. */
export const clientLibraries = {
  async ioredis(url: string): Promise<AppClient> {
    const client = new Redis(url);
    client.on("error", () => undefined);
    await Promise.resolve();
    return { client, close: () => Promise.resolve(client.disconnect()) };
  },
  async redis(url: string): Promise<AppClient> {
    const client = createClient({ url });
    client.on("error", () => undefined);
    await client.connect();
    return { client, close: () => Promise.resolve(client.destroy()) };
  },
};

export const clusterLibraries = {
  async ioredis(urls: readonly string[]): Promise<AppClient> {
    const client = new Cluster(urls.map((url) => ({ host: "127.0.0.1", port: port(url) })));
    client.on("error", () => undefined);
    await Promise.resolve();
    return { client, close: () => Promise.resolve(client.disconnect()) };
  },
  async redis(urls: readonly string[]): Promise<AppClient> {
    const client = createCluster({ rootNodes: urls.map((url) => ({ url })) });
    client.on("error", () => undefined);
    await client.connect();
    return { client, close: () => Promise.resolve(client.destroy()) };
  },
};
