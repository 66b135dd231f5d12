import { once } from "node:events";
import { createServer } from "node:http";
import type { JsonWebKey } from "node:crypto";

/** Publishes a key set at every path, as each peer asks at another one, and counts who asks. */
export interface KeyServer {
  readonly origin: string;
  readonly fetches: () => number;
  publish(keys: readonly JsonWebKey[]): void;
  close(): Promise<void>;
}

export async function startKeyServer(keys: readonly JsonWebKey[], delayMs = 0): Promise<KeyServer> {
  let body = JSON.stringify({ keys });
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches += 1;
    const send = (): void => void response.setHeader("content-type", "application/json").end(body);
    if (delayMs === 0) send();
    else setTimeout(send, delayMs);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the key server has no port");
  return {
    origin: `http://127.0.0.1:${String(address.port)}`,
    fetches: () => fetches,
    publish(published) {
      body = JSON.stringify({ keys: published });
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
