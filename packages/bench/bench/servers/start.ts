import type { JsonWebKey } from "node:crypto";
import { startChild } from "../child.ts";
import type { Child } from "../child.ts";
import { startKeyServer } from "../key-server.ts";
import type { KeyServer } from "../key-server.ts";
import { numberOf } from "../messages.ts";

/** A guarded server in its own process, with a key server of its own. */
export interface RunningServer {
  readonly framework: string;
  readonly contestant: string;
  readonly port: number;
  readonly keyServer: KeyServer;
  /** CPU time that the process has used up to now, all its threads. */
  cpuMicros(): Promise<number>;
  stop(): Promise<void>;
}

const script = new URL("serve.ts", import.meta.url);

export async function startServer(
  framework: string,
  contestant: string,
  keys: readonly JsonWebKey[],
  keyDelayMs = 0,
): Promise<RunningServer> {
  const keyServer = await startKeyServer(keys, keyDelayMs);
  const child: Child = startChild(script, [framework, contestant, keyServer.origin]);
  const { port } = await child.ask("listen");
  return {
    framework,
    contestant,
    port: port ?? 0,
    keyServer,
    cpuMicros: async () => numberOf(await child.ask("cpu"), "micros"),
    async stop() {
      await child.stop();
      await keyServer.close();
    },
  };
}

/** Stops the server whatever comes of its use. */
export async function withServer<T>(
  starting: Promise<RunningServer>,
  use: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const server = await starting;
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
