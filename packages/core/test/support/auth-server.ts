import { createServer } from "node:http";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { publishedKey, userClaims } from "./tokens.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server with a key set, introspection and revocation on a real socket, whose answers a test changes as it goes. */
export interface AuthServer {
  readonly endpoint: string;
  /** Requests by path, as they came. */
  readonly asked: string[];
  introspection: Answer;
  revocation: Answer;
  /** What everything else is answered, if it is asked by anything but GET. */
  other: Answer;
  /** How often a path was asked for. */
  count(path: string): number;
  close(): Promise<void>;
}

export const introspectPath = "/auth/v1/token/introspect";
export const revokePath = "/auth/v1/revoke";

export const active: Answer = (_request, response) => json(response, { sub: userClaims.sub, token_type: "Bearer" });
export const inactive: Answer = (_request, response) => json(response, {});

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export async function startAuthServer(): Promise<AuthServer> {
  const sockets = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    server.asked.push(path);
    if (path === introspectPath) server.introspection(request, response);
    else if (path === revokePath) server.revocation(request, response);
    else if (request.method !== "GET") server.other(request, response);
    else json(response, { keys: [publishedKey] });
  }).listen(0, "127.0.0.1");
  await once(sockets, "listening");
  const address = sockets.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const server: AuthServer = {
    endpoint: `http://127.0.0.1:${String(address.port)}`,
    asked: [],
    introspection: active,
    revocation: inactive,
    other: inactive,
    count: (path) => server.asked.filter((asked) => asked === path).length,
    async close() {
      sockets.close();
      sockets.closeAllConnections();
      await once(sockets, "close");
    },
  };
  return server;
}
