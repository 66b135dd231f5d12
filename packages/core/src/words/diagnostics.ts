import type { AuthApiErrorKind } from "./api-error.ts";
import type { Authenticated } from "./auth.ts";
import type { AuthErrorCode, AuthErrorReason } from "./errors.ts";
import type { Explanation } from "./explanation.ts";

/** A request presented a good token. */
export interface AuthenticatedEvent {
  readonly environment: string;
  readonly verifiedBy: Authenticated["verifiedBy"];
  /** Whether the answer was known already. */
  readonly cacheHit: boolean;
  readonly durationMs: number;
}

/** A request presented something, and it was no good. */
export interface RejectedEvent {
  /** The environment that the token says to be of; `undefined` if it is none of ours. */
  readonly environment: string | undefined;
  readonly code: AuthErrorCode;
  readonly reason: AuthErrorReason | undefined;
  readonly cacheHit: boolean;
  readonly durationMs: number;
}

/** A request presented a token, and it could not be found out whether that is good. */
export interface UnavailableEvent {
  readonly environment: string | undefined;
  readonly code: AuthErrorCode;
  readonly reason: AuthErrorReason | undefined;
  readonly durationMs: number;
}

/** A guard refused a request, whatever for. */
export interface DeniedEvent {
  /** `undefined` where there is no user. */
  readonly environment: string | undefined;
  readonly code: AuthErrorCode;
  readonly reason: AuthErrorReason | undefined;
  /** Which condition held and which did not; `undefined` if a `check` threw when it was asked for this. */
  readonly explanation: Explanation | undefined;
}

/** A key set was asked for. */
export interface KeySetFetchEvent {
  readonly environment: string;
  readonly outcome: "fetched" | "failed";
  readonly durationMs: number;
  /** The ids of the keys at hand afterwards. */
  readonly keyIds: readonly string[];
  /** One sentence on what went wrong. */
  readonly error: string | undefined;
}

/** The server was asked about a token. */
export interface IntrospectionEvent {
  readonly environment: string;
  readonly outcome: "active" | "inactive" | "unavailable";
  readonly durationMs: number;
}

/** The client exchanged a refresh token, or could not. */
export interface RefreshEvent {
  readonly environment: string;
  readonly outcome: "refreshed" | "failed";
  readonly durationMs: number;
  /** What went wrong; `undefined` also if the call was aborted. */
  readonly kind: AuthApiErrorKind | undefined;
}

/** Something was revoked; one event for each of those who have to be told. */
export interface RevocationEvent {
  readonly environment: string;
  readonly revoked: "token" | "user" | "environment";
  readonly told: "instance" | "store" | "server";
  /** `queued`: it is told again until it is heard. `refused`: the server will not. */
  readonly outcome: "done" | "queued" | "refused";
  readonly durationMs: number;
}

/** A request was sent to the Auth API, whatever for and however it ended; repetitions are requests of their own. */
export interface UpstreamRequestEvent {
  readonly environment: string;
  /** `keySet`, or the client's name of the call: `introspect`, `user.me`. */
  readonly call: string;
  readonly method: string;
  /** Without the query, and with placeholders for what is variable in the path. */
  readonly url: string;
  /** How often the call had been sent before. */
  readonly resends: number;
  /** `undefined` if there was no whole answer. */
  readonly status: number | undefined;
  /** `timeout`, `aborted`, `too_long`, `compressed`, or the system's code such as `ECONNREFUSED`. */
  readonly error: string | undefined;
  readonly durationMs: number;
}

/**
 * What is published on `node:diagnostics_channel`, by the name of the channel. Nothing in any of it is a token, a claim, a
 * secret, or text that a client or a server sent.
 *
 * @example
 * ```ts
 * import { subscribe } from "node:diagnostics_channel";
 *
 * subscribe("cloudbase-auth:rejected", (message) => {
 *   const { code, reason } = message as DiagnosticsEvents["cloudbase-auth:rejected"];
 *   count(code, reason);
 * });
 * ```
 */
export interface DiagnosticsEvents {
  readonly "cloudbase-auth:authenticated": AuthenticatedEvent;
  readonly "cloudbase-auth:rejected": RejectedEvent;
  readonly "cloudbase-auth:unavailable": UnavailableEvent;
  readonly "cloudbase-auth:denied": DeniedEvent;
  readonly "cloudbase-auth:key_set_fetch": KeySetFetchEvent;
  readonly "cloudbase-auth:introspection": IntrospectionEvent;
  readonly "cloudbase-auth:refresh": RefreshEvent;
  readonly "cloudbase-auth:revocation": RevocationEvent;
  readonly "cloudbase-auth:upstream_request": UpstreamRequestEvent;
}
