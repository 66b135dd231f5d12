/**
 * - `unanswered`: Redis took more than 200 ms, or did a moment ago
 * - `unreachable`: there is no connection
 * - `refused`: it answered with an error; `reply` has the word for it
 * - `newer`: what is there was written by a newer version of this package
 * - `closed`: the stores, or the application's client, were closed
 */
export type RedisStoreErrorCode = "unanswered" | "unreachable" | "refused" | "newer" | "closed";

const sentences: Readonly<Record<RedisStoreErrorCode, string>> = {
  unanswered: "Redis did not answer within 200 ms. Check its load (SLOWLOG GET) and the network.",
  unreachable:
    "Redis is not connected. Check that it runs and that the address, TLS and credentials of the client are right.",
  refused: "Redis refused a command",
  newer:
    "Redis holds data of a newer version of @cloudbase-auth/redis. Upgrade this process, or give it another prefix.",
  closed: "The stores were closed, or the client that they were made of. Make new ones.",
};

const advice: Readonly<Record<string, string>> = {
  READONLY: "It is a replica; let the client follow the master (Sentinel, Cluster or a stable address).",
  MOVED: "It is a node of a Cluster; use the Cluster client of ioredis or redis.",
  CROSSSLOT: "It is a node of a Cluster; use the Cluster client of ioredis or redis.",
  LOADING: "It is loading its data and will be back by itself.",
  MASTERDOWN: "It is a replica without its master; check the master.",
  CLUSTERDOWN: "The Cluster does not serve all slots; check its nodes.",
  OOM: "Its memory is full; raise maxmemory.",
  NOAUTH: "It asks for a password; give it to the client.",
  WRONGPASS: "It does not know the credentials of the client.",
  NOPERM:
    "The user of the client may not do this; allow EVAL, EVALSHA, INFO, SUBSCRIBE and the prefix's keys and channels.",
  BUSY: "Somebody's script keeps it busy (SCRIPT KILL).",
};

/** What went wrong with Redis. It says no key and no value, and has no `cause`: the clients' errors hold the command. */
export class RedisStoreError extends Error {
  override readonly name = "RedisStoreError";
  readonly code: RedisStoreErrorCode;
  /** Of `refused`: the first word that Redis said, such as `READONLY`. */
  readonly reply: string | undefined;

  constructor(code: RedisStoreErrorCode, reply?: string) {
    const refusal = reply === undefined ? "" : ` (${reply}). ${advice[reply] ?? "See the log of Redis."}`;
    super(sentences[code] + refusal);
    this.code = code;
    this.reply = reply;
  }
}

/** What a client threw, as ours. */
export function storeErrorOf(error: unknown): RedisStoreError {
  if (error instanceof RedisStoreError) return error;
  const reply = replyOf(error);
  return reply === undefined ? new RedisStoreError("unreachable") : new RedisStoreError("refused", reply);
}

/** The first word of an answer that is an error; `undefined` if Redis has not answered at all. */
export function replyOf(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : "";
  return /^[A-Z][A-Z0-9]{2,31}(?= )/.exec(message)?.[0];
}
