import { isIP } from "node:net";
import Fastify from "fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { admit } from "./admission.ts";
import { parseAuthorization } from "./credentials.ts";
import { endpoints } from "./endpoints.ts";
import { ApiError } from "./errors.ts";
import { isFields } from "./operations/fields.ts";
import type { Fields } from "./operations/fields.ts";
import type { Call } from "./operations/operation.ts";
import type { Environment } from "./state/environment.ts";

/** What the server tells about a request once it is answered. */
export interface Answered {
  readonly method: string;
  /** The path and the names of the query parameters; no value, since some are secrets. */
  readonly path: string;
  readonly status: number;
  /** The `error` of the body. */
  readonly error: string | undefined;
}

const bodyLimit = 1024 * 1024;

/** The HTTP side: JSON in whatever the Content-Type says, JSON out, every failure in the API's own error shape. */
export function createServer(environment: Environment, answered: (answer: Answered) => void): FastifyInstance {
  const failures = new WeakMap<FastifyRequest, string>();
  const server = Fastify({
    bodyLimit,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => {
      const refusal = asApiError(error);
      reply.hijack();
      reply.raw.writeHead(refusal.status, { "content-type": "application/json" }).end(JSON.stringify(refusal.toBody()));
    },
    clientErrorHandler: (_error, socket) => {
      if (!socket.writable) {
        socket.destroy();
        return;
      }
      const body = JSON.stringify(new ApiError("invalid_argument", "request is not valid HTTP").toBody());
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    },
  });

  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  server.addHook("onRequest", async (request, reply) => {
    // curl sends its form default with a JSON body, the official SDK sends none: what the header says is no help.
    request.raw.headers["content-type"] = "application/octet-stream";
    const requestId = request.headers["x-request-id"];
    void reply.header("x-request-id", typeof requestId === "string" ? requestId : environment.random.uuid());
    void reply.header("cache-control", "no-store");
  });
  server.addHook("onResponse", async (request, reply) => {
    const { method } = request;
    answered({ method, path: describePath(request.url), status: reply.statusCode, error: failures.get(request) });
  });
  server.setErrorHandler((error, request, reply) => {
    const refusal = asApiError(error);
    failures.set(request, refusal.error);
    if (refusal.status === 401) void reply.header("www-authenticate", challengeOf(refusal, environment.envId));
    return reply.code(refusal.status).send(refusal.toBody());
  });
  server.setNotFoundHandler(() => {
    throw new ApiError("not_found", "no such path and method");
  });

  for (const endpoint of endpoints) {
    server.route({
      method: endpoint.method,
      url: endpoint.path,
      handler: (request) => admit(environment, endpoint, parseCall(request)),
    });
  }
  server.get("/emulator/inbox", async (request) => {
    requireLoopback(request);
    const { to } = parseQuery(request.query);
    // An unescaped "+" in a query means a space; no address starts with one.
    const wanted = typeof to === "string" ? to.replace(/^ /, "+").toLowerCase() : undefined;
    const messages = environment.inbox.messages();
    return { messages: messages.filter((message) => wanted === undefined || message.to.toLowerCase() === wanted) };
  });
  return server;
}

function parseCall(request: FastifyRequest): Call {
  const deviceId = request.headers["x-device-id"];
  if (typeof deviceId === "string" && deviceId.length >= 72) {
    throw new ApiError("invalid_argument", "device id must less than 72");
  }
  return {
    query: parseQuery(request.query),
    body: parseBody(request.body),
    credentials: parseAuthorization(request.headers.authorization),
    deviceId: typeof deviceId === "string" && deviceId !== "" ? deviceId : undefined,
  };
}

function parseQuery(query: unknown): Fields {
  return isFields(query) ? query : {};
}

/** @throws ApiError invalid_argument unless the body is empty or a JSON object in UTF-8 */
function parseBody(body: unknown): Fields {
  if (!Buffer.isBuffer(body) || body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) {
      throw new ApiError("invalid_argument", "request body is not JSON");
    }
    throw cause;
  }
  if (!isFields(value)) throw new ApiError("invalid_argument", "request body is not a JSON object");
  return value;
}

/** Codes are for whoever sits at this machine: not for the network, nor for a web page that rebinds a host name. */
function requireLoopback(request: FastifyRequest): void {
  const from = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const host = request.hostname.replace(/^\[|\]$/g, "");
  if (isLoopback(from) && (host === "localhost" || isLoopback(host))) return;
  throw new ApiError("permission_denied", "the inbox is open to this machine only");
}

const isLoopback = (address: string): boolean =>
  address === "::1" || (isIP(address) === 4 && address.startsWith("127."));

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (status === 413) return new ApiError("invalid_argument", "request body is larger than 1 MiB", 413);
  if (typeof status === "number" && status < 500) return new ApiError("invalid_argument", "request is malformed");
  return new ApiError("internal", "unexpected error in the emulator");
}

/** RFC 9110 §15.5.2: a 401 names the scheme that would have done. */
function challengeOf({ error }: ApiError, envId: string): string {
  return `${error === "unauthenticated" ? "Bearer" : "Basic"} realm="${envId}"`;
}

/** Also safe to print: a terminal shall not be steered from outside. */
function describePath(url: string): string {
  const [path = "", query = ""] = url.split("?", 2);
  const names = query.split("&").map((pair) => (/^[a-z_]{1,32}=/.exec(pair)?.[0] ?? "") + "…");
  // Nothing of the API's own is as long as a token.
  const shown = path.replaceAll(/[^/]{40,}/g, "…") + (query === "" ? "" : `?${names.join("&")}`);
  return shown.replaceAll(/[^\x21-\x7e…]/g, "?").slice(0, 200);
}
