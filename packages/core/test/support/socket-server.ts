import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { WebSocket, WebSocketServer } from "ws";
import type { ClientOptions } from "ws";
import { refuseUpgrade } from "../../src/index.ts";
import type { CloudbaseAuth, Upgrade, UpgradeOptions, Watch } from "../../src/index.ts";

/** A server of WebSockets as an application would write it, with the real `ws`. */
export interface SocketServer {
  readonly port: number;
  /** The answers to the requests, as they came. */
  readonly upgrades: Upgrade[];
  /** What is held, and what came in on it. */
  readonly held: { readonly watch: Watch; readonly socket: WebSocket; readonly heard: string[] }[];
  /** What an upgrade rejected with. */
  readonly failures: unknown[];
  close(): Promise<void>;
}

export async function startSocketServer(
  auth: CloudbaseAuth,
  options: UpgradeOptions = { origins: [] },
): Promise<SocketServer> {
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((_request, response) => void response.writeHead(426).end());
  const [upgrades, held, failures] = [[], [], []] as [SocketServer["upgrades"], SocketServer["held"], unknown[]];
  server.on("upgrade", (request, socket, head) => {
    auth
      .authenticateUpgrade(request, options)
      .then((upgrade) => {
        upgrades.push(upgrade);
        if (upgrade.error) return refuseUpgrade(socket, upgrade.error);
        sockets.handleUpgrade(request, socket, head, (ws) => {
          const heard: string[] = [];
          ws.on("message", (data: Buffer) => heard.push(data.toString()));
          held.push({ watch: upgrade.hold(ws), socket: ws, heard });
          ws.send("ready");
        });
      })
      .catch((error: unknown) => {
        failures.push(error);
        socket.destroy();
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    port: address.port,
    ...{ upgrades, held, failures },
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Opens a WebSocket and waits until it is held on the other side. */
export async function open(
  { port }: SocketServer,
  protocols: string[] = [],
  options: ClientOptions = {},
): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${String(port)}/`, protocols, options);
  await once(client, "message");
  return client;
}

/** Code and reason of the closing. */
export async function closing(client: WebSocket): Promise<{ readonly code: number; readonly reason: string }> {
  const [code, reason] = (await once(client, "close")) as [number, Buffer];
  return { code, reason: reason.toString() };
}

/** Asks for a WebSocket byte by byte, and reads all that is answered until the other side ends it. */
export async function ask(
  { port }: SocketServer,
  lines: readonly string[],
): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }> {
  const socket = connect(port, "127.0.0.1");
  socket.write(handshake(lines));
  const answer = await text(socket);
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  const [statusLine = "", ...fields] = head.split("\r\n");
  const headers = fields.map((field) => [field.split(": ")[0]?.toLowerCase() ?? "", field.split(": ")[1] ?? ""]);
  return {
    status: Number(/^HTTP\/1\.1 (\d+) [A-Z]/.exec(statusLine)?.[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

export function handshake(lines: readonly string[]): string {
  const usual = ["Host: test", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  return `${["GET / HTTP/1.1", ...usual, key, ...lines].join("\r\n")}\r\n\r\n`;
}
