import type { AuthError } from "./errors.ts";
import type { CloudbaseUser } from "./user.ts";

/**
 * What the core reads of a request. Node's `IncomingMessage` and the requests of Express and Koa fit as they are.
 */
export interface AuthRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Node's flat list of names and values: `headers` keeps only the first of repeated Authorization lines. */
  readonly rawHeaders?: readonly string[];
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The parsed body; read only where a token may come in a form. */
  readonly body?: unknown;
  /** The client's address as the framework sees it, so that its own trust-proxy setting holds. */
  readonly ip?: string | undefined;
}

/** A JSON value, deeply frozen; objects have no prototype. */
export type FrozenJson =
  | string
  | number
  | boolean
  | null
  | readonly FrozenJson[]
  | { readonly [name: string]: FrozenJson };

/**
 * Claims of your own that your tokens carry, added once for all of `auth.claims`. It is a promise and not a check: what a
 * token lacks is `undefined`, so declare as optional what not every token has.
 *
 * @example
 * ```ts
 * declare module "@cloudbase-auth/express" {
 *   interface CloudbaseClaims {
 *     readonly tenant?: string;
 *   }
 * }
 * ```
 */
export interface CloudbaseClaims {}

/** The claims of a verified access token, under their wire names. Deeply frozen, without a prototype. */
export interface Claims extends CloudbaseClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  /** Seconds since the epoch (RFC 7519 §4.1.4). */
  readonly exp: number;
  /** Seconds since the epoch (RFC 7519 §4.1.6). */
  readonly iat: number;
  readonly [name: string]: FrozenJson | undefined;
}

/** A token was presented and is good. */
export interface Authenticated {
  readonly state: "authenticated";
  /** The access token itself. Not enumerable, so that logging or sending `auth` does not show it. */
  readonly token: string;
  /** Not enumerable either: they may tell more of a person than `user` does. */
  readonly claims: Claims;
  readonly scopes: readonly string[];
  /** When the token ends, in milliseconds since the epoch, as `Date.now()` counts. */
  readonly expiresAt: number;
  /**
   * How we know: the signature was checked here against the environment's key set, or the server was asked and said so.
   */
  readonly verifiedBy: "signature" | "introspection";
  /** The id of the CloudBase environment that issued the token. */
  readonly environment: string;
}

/** Nothing was presented, or credentials of another scheme. */
export interface Absent {
  readonly state: "absent";
}

/** Something was presented, and it is no good. */
export interface Rejected {
  readonly state: "rejected";
  readonly error: AuthError;
}

/** A token was presented and we could not find out whether it is good: 503, never 401. */
export interface Unavailable {
  readonly state: "unavailable";
  readonly error: AuthError;
}

/** How we know who is calling, or why we do not. */
export type Auth = Authenticated | Absent | Rejected | Unavailable;

/** The answer to "who sent this request". Deeply frozen: it may be shared between requests. */
export interface AuthResult {
  readonly auth: Auth;
  /** The user, if and only if `auth.state` is `"authenticated"`. */
  readonly user: CloudbaseUser | undefined;
  /** Headers that the response must have, whatever becomes of the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie` lines that the response must have, whatever becomes of the request. */
  readonly cookies?: readonly string[];
}
