import "./no-network.ts";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

/** What the key server does with a request; the default is the set that it was given. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A key server on a real socket, whose behaviour a test changes as it goes. */
export interface KeyServer {
  readonly endpoint: string;
  hits: number;
  behave: Behaviour;
  /** Publishes these keys from now on. */
  publish(keys: readonly object[]): void;
  close(): Promise<void>;
}

export async function startKeyServer(keys: readonly object[] = []): Promise<KeyServer> {
  const sockets = createServer((request, response) => {
    keyServer.hits += 1;
    keyServer.behave(request, response);
  }).listen(0, "127.0.0.1");
  await once(sockets, "listening");
  const address = sockets.address();
  if (address === null || typeof address === "string") throw new Error("the key server has no port");
  const keyServer: KeyServer = {
    endpoint: `http://127.0.0.1:${String(address.port)}`,
    hits: 0,
    behave: () => undefined,
    publish(published) {
      keyServer.behave = (_request, response) => response.end(JSON.stringify({ keys: published }));
    },
    async close() {
      sockets.close();
      sockets.closeAllConnections();
      await once(sockets, "close");
    },
  };
  keyServer.publish(keys);
  return keyServer;
}

/** The ways in which a key server fails, by the name of the fault. */
export const faults: Readonly<Record<string, Behaviour>> = {
  "status 500": (_request, response) => response.writeHead(500).end("{}"),
  "status 404": (_request, response) => response.writeHead(404).end('{"keys":[]}'),
  "an empty body": (_request, response) => response.end(),
  "an HTML page": (_request, response) => response.setHeader("content-type", "text/html").end("<html>login</html>"),
  "JSON of another form": (_request, response) => response.end('["keys"]'),
  "an empty set": (_request, response) => response.end('{"keys":[]}'),
  "only unusable keys": (_request, response) =>
    response.end('{"keys":[null,{"kty":"oct","k":"AA","kid":"a"},{"kty":"RSA"}]}'),
  "101 keys": (_request, response) => response.end(JSON.stringify({ keys: Array(101).fill({ kty: "RSA" }) })),
  "a body that is cut off": (_request, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write('{"keys":[');
    setImmediate(() => response.destroy());
  },
  "a reset connection": (request) => request.socket.resetAndDestroy(),
  "a compressed body": (_request, response) => response.setHeader("content-encoding", "gzip").end('{"keys":[]}'),
  "200 MB": (_request, response) => {
    const chunk = Buffer.alloc(1 << 20, 0x20);
    let sent = 0;
    const more = (): void => {
      while (sent < 200 && !response.destroyed) {
        sent += 1;
        if (!response.write(chunk)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  },
};
