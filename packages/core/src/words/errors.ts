/** Stable names of what can go wrong; safe to switch on and to show to a client. */
export type AuthErrorCode =
  | "missing_token"
  | "invalid_request"
  | "invalid_token"
  | "insufficient_scope"
  | "anonymous_user"
  | "forbidden"
  | "csrf"
  | "service_unavailable";

/** Why, in one word: for logs and metrics. It never reaches the client. */
export type AuthErrorReason =
  // invalid_request
  | "malformed_header"
  | "repeated_header"
  | "several_methods"
  // invalid_token
  | "malformed"
  | "algorithm"
  | "unknown_key"
  | "signature"
  | "expired"
  | "not_yet_valid"
  | "issuer"
  | "audience"
  | "type"
  | "claim"
  | "inactive"
  | "revoked"
  // forbidden
  | "group"
  | "role"
  | "provider"
  | "check"
  | "not"
  | "not_anonymous"
  // csrf
  | "cross_site"
  // service_unavailable
  | "key_set"
  | "introspection"
  | "revocation_store"
  | "internal";

interface Catalogued {
  readonly status: number;
  readonly title: string;
  /** One sentence: what happened, and what the caller does next. Fixed, so nothing of a request can come back in it. */
  readonly detail: string;
}

/**
 * Status and public text per code. The texts keep to the characters that RFC 6750 §3 allows in
 * `error_description`: no quote, no backslash, ASCII only.
 */
export const errorCatalogue: Readonly<Record<AuthErrorCode, Catalogued>> = {
  missing_token: {
    status: 401,
    title: "Sign-in required",
    detail: "No access token was presented; send one as a Bearer token in the Authorization header.",
  },
  invalid_request: {
    status: 400,
    title: "Malformed authentication",
    detail:
      "The access token was not presented in the one way allowed; send a single Authorization header, Bearer and the token.",
  },
  invalid_token: {
    status: 401,
    title: "Access token not accepted",
    detail:
      "The access token is malformed, expired, revoked or not meant for this server; refresh it or sign in again.",
  },
  insufficient_scope: {
    status: 403,
    title: "Scope missing",
    detail:
      "The access token does not carry the scope that this needs; ask for a token with the scope named in the challenge.",
  },
  anonymous_user: {
    status: 403,
    title: "Not for anonymous users",
    detail: "This needs a signed-in user and the access token belongs to an anonymous one; sign in or sign up.",
  },
  forbidden: {
    status: 403,
    title: "Not allowed",
    detail: "The user is signed in but is not allowed to do this; another token will not help, ask for the permission.",
  },
  csrf: {
    status: 403,
    title: "Request from elsewhere",
    detail:
      "The request would change something and came with a cookie from another site; send it from the application itself.",
  },
  service_unavailable: {
    status: 503,
    title: "Authentication is out of reach",
    detail:
      "The access token could not be checked because a service that is needed for it is out of reach; retry later with the same token.",
  },
};

const brand = Symbol.for("@cloudbase-auth/AuthError");

/** What the frameworks' own error handlers honour: `status`, `statusCode`, `expose` and `headers`. */
interface AuthErrorParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly reason?: AuthErrorReason | undefined;
  readonly cause?: unknown;
}

/**
 * A refusal. `message` is the fixed public sentence of its `code` and is safe to send; `reason` and `cause` are for logs.
 *
 * Neither message nor headers ever hold a token, a claim or anything else that the client or a server sent. It has no
 * stack: it is an answer to a request and not a fault in the code, and taking one costs more than all else about it.
 */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: AuthErrorCode;
  readonly reason: AuthErrorReason | undefined;
  readonly status: number;
  readonly statusCode: number;
  readonly expose = true;
  /** Response headers: `WWW-Authenticate` (RFC 6750 §3) and `Retry-After` (RFC 9110 §10.2.3) as they apply. */
  readonly headers: Readonly<Record<string, string>>;

  /** For the core itself, which gives every error the headers that belong to it. */
  constructor(code: AuthErrorCode, parts: AuthErrorParts) {
    const { status, detail } = errorCatalogue[code];
    const limit = Error.stackTraceLimit;
    limitStack(0);
    super(detail, parts.cause === undefined ? undefined : { cause: parts.cause });
    limitStack(limit);
    this.code = code;
    this.reason = parts.reason;
    this.status = status;
    this.statusCode = status;
    this.headers = Object.freeze({ ...parts.headers });
    Object.defineProperty(this, brand, { value: true });
  }
}

function limitStack(frames: number): void {
  try {
    Error.stackTraceLimit = frames;
  } catch {
    // With frozen intrinsics it stays as it is, and the error gets its stack.
  }
}

/**
 * The same refusal for another request, with more headers if need be: what a framework or a handler adds to an error must
 * not reach the next one.
 */
export function repeatError(
  { code, headers, reason, cause }: AuthError,
  more?: Readonly<Record<string, string>>,
): AuthError {
  return new AuthError(code, { headers: { ...headers, ...more }, reason, cause });
}

/** Whether `value` is an {@link AuthError}, also one of another copy of this package in the same process. */
export function isAuthError(value: unknown): value is AuthError {
  return typeof value === "object" && value !== null && brand in value;
}
