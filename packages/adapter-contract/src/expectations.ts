import type { Sight } from "./contract-app.ts";

/** What must come back, all of it: what is not named here must not be there. */
export type Expected =
  /** The handler ran and saw exactly this. */
  | { readonly kind: "handled"; readonly sight: Sight }
  /** The guard refused and the handler did not run. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Something in the application threw: 500 by the framework, and the handler did not run. */
  | { readonly kind: "failed" }
  /** Node's HTTP parser refused, before any framework saw a request. */
  | { readonly kind: "not HTTP" };

/** A refusal as it goes over the wire. The texts stand here once more on purpose: clients may rely on them. */
export interface Refusal {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly retryAfter: boolean;
  readonly body: { readonly title: string; readonly detail: string; readonly code: string };
}

const realm = 'Bearer realm="cloudbase"';

function refusal(status: number, code: string, title: string, detail: string, challenge?: string): Expected {
  const body = { title, detail, code };
  return { kind: "refused", refusal: { status, challenge, retryAfter: status === 503, body } };
}

export const missingToken = refusal(
  401,
  "missing_token",
  "Sign-in required",
  "No access token was presented; send one as a Bearer token in the Authorization header.",
  realm,
);

export const invalidRequest = challenged(
  400,
  "invalid_request",
  "invalid_request",
  "Malformed authentication",
  "The access token was not presented in the one way allowed; send a single Authorization header, Bearer and the token.",
);

export const invalidToken = challenged(
  401,
  "invalid_token",
  "invalid_token",
  "Access token not accepted",
  "The access token is malformed, expired, revoked or not meant for this server; refresh it or sign in again.",
);

export const anonymousUser = challenged(
  403,
  "anonymous_user",
  "insufficient_scope",
  "Not for anonymous users",
  "This needs a signed-in user and the access token belongs to an anonymous one; sign in or sign up.",
);

/** @param scope the missing ones, as they stand in the challenge */
export function insufficientScope(scope: string): Expected {
  return challenged(
    403,
    "insufficient_scope",
    "insufficient_scope",
    "Scope missing",
    "The access token does not carry the scope that this needs; ask for a token with the scope named in the challenge.",
    `, scope="${scope}"`,
  );
}

export const forbidden = refusal(
  403,
  "forbidden",
  "Not allowed",
  "The user is signed in but is not allowed to do this; another token will not help, ask for the permission.",
);

export const serviceUnavailable = refusal(
  503,
  "service_unavailable",
  "Authentication is out of reach",
  "A service that signing in and checking tokens depend on is out of reach; nothing is known against what was sent, retry it later.",
);

export const failed: Expected = { kind: "failed" };
export const notHttp: Expected = { kind: "not HTTP" };

export function handledFor(user: string): Expected {
  return { kind: "handled", sight: { state: "authenticated", user, code: null, reason: null } };
}

export const handledAbsent: Expected = {
  kind: "handled",
  sight: { state: "absent", user: null, code: null, reason: null },
};

export function handledRejected(code: string, reason: string): Expected {
  return { kind: "handled", sight: { state: "rejected", user: null, code, reason } };
}

export const handledUnavailable: Expected = {
  kind: "handled",
  sight: { state: "unavailable", user: null, code: "service_unavailable", reason: "key_set" },
};

function challenged(status: number, code: string, error: string, title: string, detail: string, scope = ""): Expected {
  return refusal(status, code, title, detail, `${realm}, error="${error}", error_description="${detail}"${scope}`);
}
