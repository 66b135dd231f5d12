import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { person } from "./issuer.ts";
import type { IssuerKey } from "./issuer.ts";

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export const keySetPath = "/auth/v1/certs";
export const introspectPath = "/auth/v1/token/introspect";

/** The Auth API as an instance sees it, on a real socket; a test changes its behaviour as it goes. */
export interface Upstream {
  readonly endpoint: string;
  keySet: Behaviour;
  introspection: Behaviour;
  /** How often a path was asked for. */
  count(path: string): number;
  /** When it was done with an answer, or gave one up, last: milliseconds of `performance.now()`. */
  doneAt(): number;
  /** Stops listening, so that connections are refused; the port stays its own. */
  refuse(): Promise<void>;
  listen(): Promise<void>;
  close(): Promise<void>;
}

export function publish(...keys: readonly IssuerKey[]): Behaviour {
  const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  return (_request, response) => response.setHeader("content-type", "application/json").end(body);
}

/** CloudBase's form: a subject, or an empty object. */
export const active: Behaviour = (_request, response) => answer(response, 200, { sub: person, token_type: "Bearer" });
export const inactive: Behaviour = (_request, response) => answer(response, 200, {});

export function status(code: number, headers: Readonly<Record<string, string>> = {}, body: object = {}): Behaviour {
  return (_request, response) => answer(response, code, body, headers);
}

function answer(response: ServerResponse, code: number, body: object, headers: Readonly<Record<string, string>> = {}) {
  response.writeHead(code, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export async function startUpstream(...keys: readonly IssuerKey[]): Promise<Upstream> {
  const asked = new Map<string, number>();
  let doneAt = -Infinity;
  let port = 0;
  let server: Server | undefined;

  async function listen(): Promise<void> {
    server = createServer((request, response) => {
      const [path = ""] = (request.url ?? "").split("?");
      asked.set(path, (asked.get(path) ?? 0) + 1);
      response.once("close", () => (doneAt = performance.now()));
      if (path === keySetPath) upstream.keySet(request, response);
      else if (path === introspectPath) upstream.introspection(request, response);
      else response.writeHead(404).end();
    }).listen(port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address !== null && typeof address === "object") port = address.port;
  }

  async function refuse(): Promise<void> {
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    server = undefined;
  }

  await listen();
  const upstream: Upstream = {
    endpoint: `http://127.0.0.1:${String(port)}`,
    keySet: publish(...keys),
    introspection: active,
    count: (path) => asked.get(path) ?? 0,
    doneAt: () => doneAt,
    ...{ refuse, listen, close: refuse },
  };
  return upstream;
}
