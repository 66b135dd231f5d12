import { randomUUID } from "node:crypto";
import type { Revocation } from "@cloudbase-auth/core";
import { RedisStoreError } from "./errors.ts";
import type { Link } from "./link.ts";
import { endOf, formatEntry } from "./revocation-entry.ts";
import * as scripts from "./revocation-scripts.ts";
import { listOf } from "./script.ts";
import type { RedisWarning } from "./warning.ts";

const pageSize = 500;
const batchSize = 100;

/** What was read of the list, in the order in which it came. */
interface Page {
  /** Another one when the list was begun anew. */
  readonly epoch: string;
  /** The number of the last entry; 0 without any. */
  readonly seq: number;
  readonly entries: readonly string[];
  readonly isLast: boolean;
}

/** The list of what is revoked, as it lies in Redis. */
export interface RevocationList {
  readonly channel: string;
  /** @throws RedisStoreError (rejects) */
  add(revocations: readonly Revocation[]): Promise<void>;
  /** What came after `seq`, or the first of all if the epoch is another one. @throws RedisStoreError (rejects) */
  read(epoch: string, seq: number): Promise<Page>;
  isOver(revocation: Revocation): boolean;
  readonly foreignEntry: RedisWarning;
  readonly newerEntry: RedisWarning;
  readonly emptied: RedisWarning;
}

export function openRevocationList(link: Link): RevocationList {
  const stem = link.keys.stem("revocations");
  // One slot for all three: so a script can keep them together, and no node of a Cluster has half of the list.
  const keys = ["head", "order", "ends"].map((part) => `${link.keys.of("revocations", "list")}:${part}`);
  const channel = stem;

  return {
    channel,
    async add(revocations) {
      for (let at = 0; at < revocations.length; at += batchSize) {
        const batch = revocations.slice(at, at + batchSize);
        const entries = batch.flatMap((revocation) => [formatEntry(revocation), endOf(revocation)]);
        const answer = await link.run(scripts.addEntries, keys, [randomUUID(), channel, ...entries]);
        if (answer !== 1) throw new RedisStoreError("newer");
      }
    },
    async read(epoch, seq) {
      const answer = await link.run(scripts.readEntries, keys, [randomUUID(), epoch, seq, pageSize]);
      const [ofEpoch, ...found] = listOf(answer);
      if (typeof ofEpoch !== "string") throw new RedisStoreError("newer");
      const entries = found.filter((_, index) => index % 2 === 0).map(String);
      return { epoch: ofEpoch, entries, seq: Number(found.at(-1) ?? 0), isLast: entries.length < pageSize };
    },
    isOver: (revocation) => endOf(revocation) < Date.now(),
    foreignEntry: {
      code: "redis_foreign_value",
      message: `Redis held an entry under "${stem}" that is no revocation; it is left out. Give each application that shares a Redis a prefix of its own.`,
    },
    newerEntry: {
      code: "redis_newer_format",
      message: `Redis holds revocations under "${stem}" that a newer version of @cloudbase-auth/redis wrote; they are not known to this process. Upgrade it.`,
    },
    emptied: {
      code: "redis_emptied",
      message: `The list of revocations under "${stem}" was gone from Redis; this process wrote again what it knows. Use a Redis with maxmemory-policy noeviction that nobody flushes.`,
    },
  };
}
