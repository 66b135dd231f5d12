import { randomUUID } from "node:crypto";
import type { RefreshCoordinator, RefreshTurn } from "@cloudbase-auth/core";
import type { RedisClient } from "./client.ts";
import { RedisStoreError } from "./errors.ts";
import { openLink } from "./link.ts";
import type { Link } from "./link.ts";
import type { RedisStoreOptions } from "./options.ts";
import { listOf } from "./script.ts";
import * as scripts from "./refresh-scripts.ts";

// A token that was spent earlier than this is the server's to refuse; the session is then not ended for it here.
const rememberedMs = 86_400_000;
const firstPollMs = 20;
const longestPollMs = 100;

/**
 * Sees to it that each refresh token is exchanged once by all processes that share a Redis: a lock with a lease and a
 * fence, and the sealed outcome for whoever comes late.
 *
 * In a Cluster, the tokens of one session lie on different nodes. Whether the session is over is kept with its first
 * token, and asked last: whatever was found before that is not told of a session that has ended.
 *
 * Every call but `wait` rejects with a {@link RedisStoreError} within 250 ms when Redis cannot be reached. It knows
 * digests and sealed outcomes only. A Redis that evicts entries may let a token be exchanged twice.
 *
 * @example
 * createCloudbaseAuth({ refresh: { coordinator: createRedisRefreshCoordinator(new Redis()) } });
 */
export function createRedisRefreshCoordinator(
  client: RedisClient,
  options?: RedisStoreOptions,
): RefreshCoordinator & { close(): Promise<void> } {
  const link = openLink(client, options);
  return Object.freeze({ ...refreshCoordinatorOn(link), close: () => Promise.resolve(link.close()) });
}

export function refreshCoordinatorOn(link: Link): RefreshCoordinator {
  const tokenKey = (key: string): string => link.keys.of("refresh", key);
  const both = (key: string): string[] => [tokenKey(key), link.keys.of("refresh-outcome", key)];

  async function isOver(family: string, until: number): Promise<boolean> {
    return family !== "" && (await link.run(scripts.isFamilyOver, [tokenKey(family)], [], until)) === 1;
  }

  async function release(key: string, fence: string): Promise<void> {
    await link.run(scripts.giveBack, [tokenKey(key)], [fence]);
  }

  async function begin(key: string, leaseMs: number, fence: string): Promise<RefreshTurn> {
    const until = link.until();
    const answer = await link.run(scripts.beginTurn, both(key), [fence, leaseMs, rememberedMs], until);
    const [state, family, outcome] = listOf(answer);
    if (state === "newer" || typeof family !== "string") throw new RedisStoreError("newer");
    if (state === "spent" || (await isOver(family, until))) {
      if (state === "yours") await release(key, fence);
      return { state: "spent" };
    }
    if (state === "yours") return { state: "yours", fence };
    if (state === "done" && typeof outcome === "string") return { state: "done", outcome };
    return { state: "taken" };
  }

  return {
    async begin({ key, leaseMs }) {
      const fence = randomUUID();
      try {
        return await begin(key, leaseMs, fence);
      } catch (error) {
        // It may be ours without our knowing. If Redis does not hear this either, the lease ends by itself.
        release(key, fence).catch(() => undefined);
        throw error;
      }
    },
    async renew({ key, fence, leaseMs }) {
      return (await link.run(scripts.renewTurn, [tokenKey(key)], [fence, leaseMs])) === 1;
    },
    async succeed({ key, fence, outcome, successorKey, graceMs }) {
      const until = link.until();
      const family = await link.run(scripts.familyOfTurn, [tokenKey(key)], [fence], until);
      if (typeof family !== "string" || (await isOver(family, until))) return false;
      // First of all the successor belongs to the session, so that there is no moment at which the session could end
      // without it.
      if (successorKey !== undefined) {
        await link.run(
          scripts.joinFamily,
          [tokenKey(successorKey)],
          [family === "" ? key : family, rememberedMs],
          until,
        );
      }
      const args = [fence, outcome, Math.round(graceMs), rememberedMs];
      const isOurs = (await link.run(scripts.finishTurn, both(key), args, until)) === 1;
      return isOurs && !(await isOver(family, until));
    },
    release: ({ key, fence }) => release(key, fence),
    async end({ key }) {
      const until = link.until();
      const family = await link.run(scripts.spend, both(key), [rememberedMs], until);
      if (typeof family !== "string" || family === "") return;
      await link.run(scripts.endFamily, [tokenKey(family)], [rememberedMs], until);
    },
    async wait({ key, atMostMs }) {
      const endsAt = performance.now() + atMostMs;
      for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, longestPollMs)) {
        // Whether Redis is away is told by the next turn that is asked for.
        const isTaken = await link.run(scripts.isTaken, [tokenKey(key)], []).catch(() => 1);
        const leftMs = endsAt - performance.now();
        if (isTaken !== 1 || leftMs <= 0) return;
        await new Promise((resolve) => setTimeout(resolve, Math.min(pollMs, leftMs)));
      }
    },
  };
}
