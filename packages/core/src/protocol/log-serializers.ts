import { redact, redactThrown } from "./redact.ts";
import type { LoggedError } from "./redact.ts";

/** What is read of a request; those of Node, Express, Koa and Fastify have it. */
interface LoggedRequest {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly url?: unknown;
  readonly originalUrl?: unknown;
  readonly headers?: unknown;
  readonly socket?: { readonly remoteAddress?: unknown } | null;
}

interface LoggedAuth {
  readonly state?: unknown;
  readonly environment?: unknown;
  readonly verifiedBy?: unknown;
  readonly expiresAt?: unknown;
  readonly error?: { readonly code?: unknown; readonly reason?: unknown; readonly status?: unknown };
}

/**
 * Serializers for pino, and for whatever takes the same: of `req` the line and the headers, of `err` all of it, and the
 * message `msg`, which pino takes from `err` where there is none, by {@link redact}; of `auth` (`request.auth`) the state
 * and how it came about, without claims.
 *
 * @example
 * ```ts
 * const logger = pino({ serializers: logSerializers });
 * logger.info({ req: request, auth: request.auth }, "served");
 * ```
 */
export const logSerializers = Object.freeze({
  req: (value: unknown): Readonly<Record<string, unknown>> =>
    redactMembers(isObject<LoggedRequest>(value) ? partOfRequest(value) : { value }),
  err: (value: unknown): LoggedError => redactThrown(value),
  msg: (value: unknown): unknown => redact(value),
  auth: (value: unknown): unknown => (isObject<LoggedAuth>(value) ? partOfAuth(value) : redact(value)),
});

function redactMembers(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, redact(value)]));
}

function partOfRequest(request: LoggedRequest): Readonly<Record<string, unknown>> {
  const { id, method, url, originalUrl, headers, socket } = request;
  return { id, method, url: originalUrl ?? url, headers, remoteAddress: socket?.remoteAddress };
}

function partOfAuth({ state, environment, verifiedBy, expiresAt, error }: LoggedAuth): object {
  if (error === undefined) return { state, environment, verifiedBy, expiresAt };
  const { code, reason, status } = error;
  return { state, code, reason, status };
}

/** Every member is `unknown`, so whatever is an object may be read as one that has them. */
function isObject<Members extends object>(value: unknown): value is Members {
  return typeof value === "object" && value !== null;
}
