import { connectTimeoutMs, reconnectMs, refusedMs, silentMs } from "./connection.ts";
import type { Connection, Driver } from "./connection.ts";
import { slotOf } from "./slot.ts";

/** What is used of `createClient()` and of `createCluster()`. */
interface NodeRedis {
  readonly isOpen: boolean;
  /** A Cluster has it since version 6. */
  readonly isReady?: boolean;
  /** Of a Cluster: who has each slot. */
  readonly slots?: readonly ({ readonly master?: { readonly address?: string } } | undefined)[];
  /** A Cluster has none. */
  readonly options?: { readonly socket?: object } | undefined;
  sendCommand(...args: unknown[]): Promise<unknown>;
  subscribe(channel: string, listener: (text: string) => void): Promise<unknown>;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  once(event: string, listener: () => void): unknown;
  duplicate(overrides: object): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
}

export function isNodeRedis(client: unknown): client is NodeRedis {
  if (typeof client !== "object" || client === null || "getSentinelNode" in client) return false;
  return "sendCommand" in client && typeof client.sendCommand === "function" && "isOpen" in client;
}

/** Drives `redis` 5 and 6. */
export function driveNodeRedis(client: NodeRedis): Driver {
  const isCluster = "nodeByAddress" in client;

  function duplicate(): NodeRedis {
    // Of a Cluster's connections to its nodes, the settings are the application's; what they queue is dropped in time.
    const commandOptions = { timeout: reconnectMs };
    const made = isCluster
      ? client.duplicate({ commandOptions })
      : client.duplicate({
          ...{ commandOptions, disableOfflineQueue: true, pingInterval: 1_000 },
          socket: {
            ...client.options?.socket,
            // The first attempt at once: it may be that this connection alone was closed.
            reconnectStrategy: (retries: number) => (retries === 0 ? 1 : reconnectMs),
            connectTimeout: connectTimeoutMs,
            socketTimeout: silentMs,
          },
        });
    if (!isNodeRedis(made)) throw new TypeError("client.duplicate() must return a client of redis");
    // Without a listener an error would end the process; what matters of it is told by the command that fails.
    made.on("error", () => undefined);
    return made;
  }

  /** Connects, and again if that fails for good; the function that it answers ends it. */
  function keepConnected(connection: NodeRedis, connected: () => void): () => void {
    let closed = false;
    let timer: NodeJS.Timeout | undefined;
    function connect(): void {
      connection.connect().then(
        () => (closed ? connection.destroy() : connected()),
        () => {
          if (!closed) timer = setTimeout(() => (connection.isOpen ? undefined : connect()), reconnectMs);
        },
      );
    }
    connect();
    return () => {
      closed = true;
      clearTimeout(timer);
      if (connection.isOpen) connection.destroy();
    };
  }

  return {
    connect(): Connection {
      let connection = duplicate();
      let disconnect = keepConnected(connection, () => undefined);
      return {
        isReady: () => connection.isReady ?? connection.isOpen,
        send: (key, command) =>
          isCluster ? connection.sendCommand(key, false, command) : connection.sendCommand(command),
        nodeOf: (key) => connection.slots?.[slotOf(key)]?.master?.address,
        renew() {
          // A Cluster client finds the new master of a slot by itself.
          if (isCluster) return;
          disconnect();
          connection = duplicate();
          disconnect = keepConnected(connection, () => undefined);
        },
        close: () => disconnect(),
      };
    },
    listen(channel, listener) {
      const connection = duplicate();
      let isOurs = false;
      function subscribe(): void {
        if (isOurs) return listener.subscribed(true);
        connection
          .subscribe(channel, (text) => listener.message(text))
          .then(
            () => {
              isOurs = true; // and the client subscribes again by itself from now on
              listener.subscribed(true);
            },
            () => {
              listener.subscribed(false);
              retry = setTimeout(subscribe, refusedMs);
            },
          );
      }
      let retry: NodeJS.Timeout | undefined;
      connection.on("ready", () => (isOurs ? listener.subscribed(true) : undefined));
      connection.on("reconnecting", () => listener.subscribed(false));
      const disconnect = keepConnected(connection, subscribe);
      return () => {
        clearTimeout(retry);
        disconnect();
      };
    },
    onEnd: (listener) => void client.once(isCluster ? "disconnect" : "end", listener),
  };
}
