import type { RedisServer } from "../../../redis/test/support/redis.ts";

interface Content {
  readonly key: string;
  /** All that is under the key, as one text. */
  readonly value: string;
  readonly ttlSeconds: number;
}

const readers: Readonly<Record<string, readonly (string | number)[]>> = {
  string: ["GET"],
  hash: ["HGETALL"],
  set: ["SMEMBERS"],
  list: ["LRANGE", 0, -1],
  zset: ["ZRANGE", 0, -1],
  stream: ["XRANGE", "-", "+"],
};

/** Everything in a Redis. */
export async function contentsOf(redis: RedisServer): Promise<readonly Content[]> {
  const admin: RedisServer["admin"] = (command, ...rest) => redis.admin(command, ...rest);
  const keys = (await admin("KEYS", "*")) as readonly string[];
  return Promise.all(
    keys.map(async (key) => {
      const type = String(await admin("TYPE", key));
      const [command, ...rest] = readers[type] ?? [];
      if (command === undefined) throw new Error(`nobody knows how to read a ${type}`);
      const value = JSON.stringify(await admin(String(command), key, ...rest));
      return { key, value, ttlSeconds: Number(await admin("TTL", key)) };
    }),
  );
}
