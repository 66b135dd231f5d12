import type { JsonWebKey } from "node:crypto";
import { startChild } from "../child.ts";
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
  const child = startChild(script, [framework, contestant, keyServer.origin]);
  const stop = async (): Promise<void> => {
    await child.stop();
    await keyServer.close();
  };
  try {
    const port = numberOf(await child.ask("listen"), "port");
    const cpuMicros = async (): Promise<number> => numberOf(await child.ask("cpu"), "micros");
    return { framework, contestant, port, keyServer, cpuMicros, stop };
  } catch (error) {
    await stop(); // or the open key server would keep the bench from ending
    throw error;
  }
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
