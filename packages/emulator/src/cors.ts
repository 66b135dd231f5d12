import type { FastifyInstance, FastifyRequest } from "fastify";
import { isControl } from "./controls/access.ts";
import { ApiError } from "./errors.ts";
import { isFields } from "./operations/fields.ts";

/**
 * The request headers that a browser may send: those of the documentation and of the official web SDK. Which ones the
 * real service allows is not documented.
 */
const allowedHeaders = [
  "authorization",
  "content-type",
  "x-device-id",
  "x-request-id",
  "x-captcha-token",
  "x-sdk-version",
  "x-project-id",
  "accept-language",
].join(", ");

/**
 * CORS (https://fetch.spec.whatwg.org/#http-cors-protocol) by the environment's security domains. An origin that is
 * not listed is refused as docs.cloudbase.net http-api/auth/auth-reset-password shows: 403 `permission_denied`.
 * Nothing under /emulator is ever open to another origin.
 *
 * @param allowedOrigins - host[:port] of each; `undefined` allows every origin
 */
export function addCors(
  server: FastifyInstance,
  envId: string,
  allowedOrigins: readonly string[] | undefined,
  methodsOf: (path: string) => readonly string[],
): void {
  server.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    const path = request.url.split("?", 1)[0] ?? "";
    if (origin === undefined || isControl(request)) return undefined;
    if (!isAllowed(origin, request.host, allowedOrigins)) {
      throw new ApiError("permission_denied", refusalOf(origin, clientOf(request) ?? envId));
    }
    void reply
      .header("access-control-allow-origin", origin)
      .header("vary", "origin")
      .header("access-control-expose-headers", "x-request-id");
    const methods = methodsOf(path);
    if (!isPreflight(request) || methods.length === 0) return undefined;
    return reply
      .header("access-control-allow-methods", methods.join(", "))
      .header("access-control-allow-headers", allowedHeaders)
      .header("access-control-max-age", "600")
      .code(204)
      .send();
  });
}

/** A server's own pages are no cross-origin callers. */
function isAllowed(origin: string, ownHost: string, allowedOrigins: readonly string[] | undefined): boolean {
  if (allowedOrigins === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host, hostname, port, protocol } = new URL(origin);
  // An origin leaves the usual port out, an entry may name it.
  const withPort = `${hostname}:${port === "" ? (protocol === "https:" ? "443" : "80") : port}`;
  return host !== "" && (host === ownHost || allowedOrigins.includes(host) || allowedOrigins.includes(withPort));
}

/** The whole text is a constant but for the two names, which are cut to what such names consist of. */
function refusalOf(origin: string, clientId: string): string {
  const host = (URL.canParse(origin) ? new URL(origin).host : origin).replaceAll(/[^\w.:[\]-]/g, "?").slice(0, 200);
  const client = clientId.replaceAll(/[^\w.-]/g, "?").slice(0, 72);
  return `host "${host}" is not in the security domains of client "${client}"`;
}

function clientOf({ query }: FastifyRequest): string | undefined {
  const id = isFields(query) ? query["client_id"] : undefined;
  return typeof id === "string" && id !== "" ? id : undefined;
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
