import { connectTimeoutMs, reconnectMs, refusedMs, silentMs } from "./connection.ts";
import type { Connection, Driver } from "./connection.ts";
import { slotOf } from "./slot.ts";

/** What is used of `Redis` and of `Cluster`. */
interface Ioredis {
  readonly status: string;
  readonly isCluster: boolean;
  /** Of a Cluster: the names of the nodes that have each slot, the master's first. */
  readonly slots?: readonly (readonly string[] | undefined)[];
  call(command: string, ...args: string[]): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  once(event: string, listener: () => void): unknown;
  duplicate(...overrides: unknown[]): unknown;
  disconnect(reconnect?: boolean): void;
}

export function isIoredis(client: unknown): client is Ioredis {
  if (typeof client !== "object" || client === null) return false;
  return "call" in client && typeof client.call === "function" && "status" in client && "isCluster" in client;
}

const failsAtOnce = {
  enableOfflineQueue: false,
  enableAutoPipelining: false,
  lazyConnect: false,
};
const one = {
  ...failsAtOnce,
  // What was given up must not be sent again by a connection that comes back.
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  retryStrategy: reconnectAfterMs,
  reconnectOnError: () => false,
  commandTimeout: undefined,
  connectTimeout: connectTimeoutMs,
  socketTimeout: silentMs,
};
const cluster = {
  ...failsAtOnce,
  clusterRetryStrategy: reconnectAfterMs,
  redisOptions: { autoResendUnfulfilledCommands: false, connectTimeout: connectTimeoutMs, socketTimeout: silentMs },
};

/** The first attempt at once: it may be that this connection alone was closed. */
function reconnectAfterMs(attempt: number): number {
  return attempt <= 1 ? 1 : reconnectMs;
}

/** Drives `ioredis` 5 and 6. */
export function driveIoredis(client: Ioredis): Driver {
  function duplicate(overrides: object): Ioredis {
    const made = client.isCluster
      ? client.duplicate([], { ...cluster, ...overrides })
      : client.duplicate({ ...one, ...overrides });
    if (!isIoredis(made)) throw new TypeError("client.duplicate() must return a client of ioredis");
    // Without a listener an error would end the process; what matters of it is told by the command that fails.
    made.on("error", () => undefined);
    return made;
  }

  return {
    connect(): Connection {
      const connection = duplicate({});
      return {
        isReady: () => connection.status === "ready",
        send: (_key, [name = "", ...args]) => connection.call(name, ...args),
        nodeOf: (key) => connection.slots?.[slotOf(key)]?.[0],
        // A Cluster client finds the new master of a slot by itself.
        renew: () => (client.isCluster ? undefined : connection.disconnect(true)),
        close: () => connection.disconnect(),
      };
    },
    listen(channel, listener) {
      // A prefix of the client's would be put before the channel here, but not where a script publishes.
      const connection = duplicate({ keyPrefix: "" });
      let retry: NodeJS.Timeout | undefined;
      function subscribe(): void {
        clearTimeout(retry);
        connection.subscribe(channel).then(
          () => listener.subscribed(true),
          () => {
            listener.subscribed(false);
            // One that is lost subscribes when it is back; this one was refused.
            if (connection.status === "ready") retry = setTimeout(subscribe, refusedMs);
          },
        );
      }
      connection.on("message", (_channel, text) => listener.message(String(text)));
      connection.on("ready", subscribe);
      connection.on("close", () => listener.subscribed(false));
      return () => {
        clearTimeout(retry);
        connection.disconnect();
      };
    },
    onEnd: (listener) => void client.once("end", listener),
  };
}
