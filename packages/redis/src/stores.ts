import type {
  AttemptLimiter,
  IntrospectionCache,
  RefreshCoordinator,
  RevocationStore,
  SessionStore,
} from "@cloudbase-auth/core";
import { attemptLimiterOn } from "./attempt-limiter.ts";
import type { RedisClient } from "./client.ts";
import { introspectionCacheOn } from "./introspection-cache.ts";
import { openLink } from "./link.ts";
import type { Link } from "./link.ts";
import type { RedisStoreOptions } from "./options.ts";
import { refreshCoordinatorOn } from "./refresh-coordinator.ts";
import { revocationStoreOn } from "./revocation-store.ts";
import { sessionStoreOn } from "./session-store.ts";

/** All that processes share, on one connection. */
export interface RedisStores {
  /** For option `revocation: { store }`. */
  readonly revocations: RevocationStore;
  /** For option `refresh: { coordinator }`. */
  readonly refreshes: RefreshCoordinator;
  /** For option `verification: { mode: "introspection" | "hybrid", cache }`. */
  readonly introspections: IntrospectionCache;
  /** For option `store` of the sessions. */
  readonly sessions: SessionStore;
  /** For option `limiter` of the sessions. */
  readonly attempts: AttemptLimiter;
  /** Closes the connections that the stores have opened; the application's client closed does the same. */
  close(): Promise<void>;
}

/**
 * Everything that several processes share, on Redis >= 7 or Valkey: the connection is made after `client`, an `ioredis`
 * or `redis` client of the application's, of one server or of a Cluster. A second connection listens to revocations.
 *
 * Every call is over within 250 ms, whatever Redis does, and rejects with a {@link RedisStoreError} if it could not be
 * done. Keys hold digests, and values what was sealed by core or by the sessions; everything expires.
 *
 * @throws TypeError for a client or options that are wrong
 * @example
 * const redis = new Redis(process.env.REDIS_URL);
 * const stores = createRedisStores(redis, { prefix: "shop" });
 * const auth = createCloudbaseAuth({
 *   revocation: { store: stores.revocations },
 *   refresh: { coordinator: stores.refreshes },
 * });
 */
export function createRedisStores(client: RedisClient, options?: RedisStoreOptions): RedisStores {
  return storesOn(openLink(client, options));
}

export function storesOn(link: Link): RedisStores {
  return Object.freeze({
    revocations: Object.freeze(revocationStoreOn(link)),
    refreshes: Object.freeze(refreshCoordinatorOn(link)),
    introspections: Object.freeze(introspectionCacheOn(link)),
    sessions: Object.freeze(sessionStoreOn(link)),
    attempts: Object.freeze(attemptLimiterOn(link)),
    close: () => Promise.resolve(link.close()),
  });
}
