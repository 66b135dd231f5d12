import { setTimeout as delay } from "node:timers/promises";
import Fastify from "fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { admit } from "./admission.ts";
import { isControl } from "./controls/access.ts";
import { meetFault } from "./controls/fault-answers.ts";
import type { Faults } from "./controls/faults.ts";
import type { RequestRecorder } from "./controls/request-log.ts";
import { addCors } from "./cors.ts";
import { parseAuthorization } from "./credentials.ts";
import { endpoints, endpointsAt } from "./endpoints.ts";
import { ApiError } from "./errors.ts";
import { isFields, readText } from "./operations/fields.ts";
import type { Fields } from "./operations/fields.ts";
import type { Call } from "./operations/operation.ts";
import type { Environment } from "./state/environment.ts";
import { documentedOnly } from "./strict.ts";

/** What stands around the API. */
export interface Surroundings {
  readonly log: RequestRecorder;
  readonly faults: Faults;
  /** Refuses what only the skill text has. */
  readonly strict: boolean;
  /** host[:port] of every origin that may call; `undefined`: all may. */
  readonly allowedOrigins: readonly string[] | undefined;
}

const bodyLimit = 1024 * 1024;

/** The HTTP side: JSON in whatever the Content-Type says, JSON out, every failure in the API's own error shape. */
export function createServer(
  environment: Environment,
  { log, faults, strict, allowedOrigins }: Surroundings,
): FastifyInstance {
  const api = strict ? documentedOnly(endpoints) : endpoints;
  const failures = new WeakMap<FastifyRequest, string>();
  const slow = new WeakMap<FastifyRequest, number>();
  const server = Fastify({
    bodyLimit,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => {
      const refusal = asApiError(error);
      log.arrived(request, "");
      log.answered(request, { status: refusal.status, error: refusal.error });
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

  // The official SDK sends a body with GET /auth/v1/checkUsername.
  server.addHttpMethod("GET", { hasBody: true, overrideExisting: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  server.addHook("onRequest", async (request, reply) => {
    // curl sends its form default with a JSON body, the official SDK sends none: what the header says is no help.
    request.raw.headers["content-type"] = "application/octet-stream";
    const given = request.headers["x-request-id"];
    const requestId = typeof given === "string" ? given : environment.random.uuid();
    void reply.headers({
      "x-request-id": requestId,
      "cache-control": "no-store",
      date: new Date(environment.clock.now()).toUTCString(),
    });
    if (!isControl(request)) log.arrived(request, requestId);
  });
  // Before the first byte leaves, so that whoever has the answer finds it in the log.
  server.addHook("onSend", async (request, reply) => {
    const delayMs = slow.get(request);
    if (delayMs !== undefined) await delay(delayMs, undefined, { ref: false });
    log.answered(request, { status: reply.statusCode, error: failures.get(request) }, request.body);
  });
  server.addHook("onRequest", async (request, reply) => {
    const fault = isControl(request) ? undefined : faults.take(request.method, pathOf(request));
    if (fault === undefined) return undefined;
    log.failed(request, fault.kind);
    if (fault.kind === "slow") {
      slow.set(request, fault.delayMs);
      return undefined;
    }
    await meetFault(fault, request, reply);
    return reply;
  });
  addCors(server, environment.envId, allowedOrigins, (path) => endpointsAt(api, path).map(({ method }) => method));
  server.setErrorHandler((error, request, reply) => {
    const refusal = asApiError(error);
    failures.set(request, refusal.error);
    if (refusal.status === 401) void reply.header("www-authenticate", challengeOf(refusal, environment.envId));
    return reply.code(refusal.status).send(refusal.toBody());
  });
  server.setNotFoundHandler(() => {
    throw new ApiError("not_found", "no such path and method");
  });

  for (const endpoint of api) {
    server.route({
      method: endpoint.method,
      url: endpoint.path,
      handler: (request) => admit(environment, endpoint, parseCall(request)),
    });
  }
  return server;
}

function parseCall(request: FastifyRequest): Call {
  const deviceId = request.headers["x-device-id"];
  if (typeof deviceId === "string" && deviceId.length >= 72) {
    throw new ApiError("invalid_argument", "device id must less than 72");
  }
  const query = parseQuery(request.query);
  return {
    query,
    params: parseQuery(request.params),
    body: parseBody(request.body),
    credentials: parseAuthorization(request.headers.authorization),
    deviceId: typeof deviceId === "string" && deviceId !== "" ? deviceId : undefined,
    captchaToken: readText(query, "captcha_token") ?? readText(request.headers, "x-captcha-token"),
    ip: request.ip,
    userAgent: request.headers["user-agent"],
  };
}

export function parseQuery(query: unknown): Fields {
  return isFields(query) ? query : {};
}

/** @throws ApiError invalid_argument unless the body is empty or a JSON object in UTF-8 */
export function parseBody(body: unknown): Fields {
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

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (status === 413) return new ApiError("invalid_argument", "request body is larger than 1 MiB", 413);
  if (typeof status === "number" && status < 500) return new ApiError("invalid_argument", "request is malformed");
  return new ApiError("internal", "unexpected error in the emulator");
}

/** RFC 9110 §15.5.2: a 401 names the scheme that would have done. */
function challengeOf({ error }: ApiError, envId: string): string {
  const scheme = error === "unauthenticated" || error === "unauthorized" ? "Bearer" : "Basic";
  return `${scheme} realm="${envId}"`;
}

const pathOf = ({ url }: FastifyRequest): string => url.split("?", 1)[0] ?? "";
