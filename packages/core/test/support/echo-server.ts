import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** Answers with what it was sent. */
export type Echo = (response: ServerResponse, sent: string) => void;

/** The ways in which a server or what stands in its place may repeat what it was sent, the secrets among it. */
export const echoes: Readonly<Record<string, Echo>> = {
  "as a description": (response, sent) => json(response, 400, { error: "invalid_argument", error_description: sent }),
  "as the name of an error": (response, sent) => json(response, 400, { error: sent }),
  "as the gateway's message": (response, sent) => json(response, 403, { code: "FORBIDDEN", message: sent }),
  "in details": (response, sent) => json(response, 400, { error: "aborted", details: [{ [sent]: sent }] }),
  "as members that nobody needs": (response, sent) => json(response, 200, { [sent]: sent }),
  "as a page": (response, sent) => response.writeHead(502, html).end(`<h1>Bad Gateway</h1>${sent}`),
  "as a page of a success": (response, sent) => response.writeHead(200, html).end(sent),
  "as too long a page": (response, sent) => response.writeHead(200, html).end(sent.padEnd(2_097_152)),
  "as a redirect": (response, sent) => response.writeHead(302, { location: `/?${encodeURIComponent(sent)}` }).end(),
  "in the status line": (response, sent) => raw(response, `HTTP/1.1 500 ${oneLine(sent)}\r\ncontent-length: 0\r\n\r\n`),
  "in a header": (response, sent) => response.writeHead(500, { "retry-after": oneLine(sent) }).end(),
  "as bytes that are no chunk": (response, sent) =>
    raw(response, `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${oneLine(sent)}\r\n`),
  "as bytes that are no HTTP": (response, sent) => raw(response, sent),
};

const html = { "content-type": "text/html" };

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function raw(response: ServerResponse, bytes: string): void {
  response.socket?.end(bytes);
}

function oneLine(sent: string): string {
  return sent.replaceAll(/[^\x20-\x7e]/g, " ").slice(0, 4_000);
}

export interface EchoServer {
  readonly endpoint: string;
  echo: Echo;
  /** How often it has answered with what it was sent. */
  count: number;
  close(): Promise<void>;
}

/** Serves `keys` as a key set, and echoes to everything else. */
export async function startEchoServer(keys: readonly object[]): Promise<EchoServer> {
  const sockets = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === "/auth/v1/certs") {
        json(response, 200, { keys });
        return;
      }
      server.count += 1;
      const query = decodeURIComponent(request.url?.split("?")[1] ?? "");
      // What is secret comes first, so that it is in every beginning.
      const secrets = `${request.headers.authorization ?? ""} ${query} ${body}`;
      server.echo(response, `${secrets} ${request.rawHeaders.join(" ")}`);
    });
  }).listen(0, "127.0.0.1");
  await once(sockets, "listening");
  const address = sockets.address();
  if (address === null || typeof address === "string") throw new Error("the echo server has no port");
  const server: EchoServer = {
    endpoint: `http://127.0.0.1:${String(address.port)}`,
    echo: (response) => void response.destroy(),
    count: 0,
    async close() {
      sockets.close();
      sockets.closeAllConnections();
      await once(sockets, "close");
    },
  };
  return server;
}
