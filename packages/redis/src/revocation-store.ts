import type { RevocationStore } from "@cloudbase-auth/core";
import type { RedisClient } from "./client.ts";
import { openLink } from "./link.ts";
import type { Link } from "./link.ts";
import type { RedisStoreOptions } from "./options.ts";
import { openRevocationList } from "./revocation-list.ts";
import { watchRevocations } from "./revocation-watch.ts";

/**
 * Carries revocations between all processes that share a Redis: within a second by messages, within 5 seconds where none
 * get through. Each process judges by what it was told, so that no request waits for Redis; while Redis is away,
 * `trouble` says so, and what comes back is read from where it was left. Entries end two minutes after what they concern.
 *
 * `add` rejects with a {@link RedisStoreError} within 250 ms when Redis cannot be reached; core tells it again later.
 * It warns of a `maxmemory-policy` other than `noeviction`.
 *
 * @example
 * createCloudbaseAuth({ revocation: { store: createRedisRevocationStore(new Redis()) } });
 */
export function createRedisRevocationStore(
  client: RedisClient,
  options?: RedisStoreOptions,
): RevocationStore & { close(): Promise<void> } {
  const link = openLink(client, options);
  return Object.freeze({ ...revocationStoreOn(link), close: () => Promise.resolve(link.close()) });
}

export function revocationStoreOn(link: Link): RevocationStore {
  const list = openRevocationList(link);
  return {
    add: (revocation) => list.add([revocation]),
    subscribe: (listener) => watchRevocations(link, list, listener),
  };
}
