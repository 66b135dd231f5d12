import { AuthError, errorCatalogue } from "../words/errors.ts";
import type { AuthErrorReason } from "../words/errors.ts";
import { formatChallenge } from "./challenge.ts";

/** Makes the errors of one realm, each with the headers that its status needs. */
export interface Refusals {
  missingToken(): AuthError;
  invalidRequest(reason: AuthErrorReason): AuthError;
  invalidToken(reason: AuthErrorReason): AuthError;
  insufficientScope(missing: readonly string[]): AuthError;
  anonymousUser(): AuthError;
  forbidden(reason: AuthErrorReason): AuthError;
  csrf(): AuthError;
  serviceUnavailable(reason: AuthErrorReason, retryAfterSeconds: number, cause: unknown): AuthError;
}

export function createRefusals(realm: string): Refusals {
  const bare = { "WWW-Authenticate": formatChallenge(realm) };
  const invalidRequest = challenge("invalid_request", "invalid_request");
  const invalidToken = challenge("invalid_token", "invalid_token");
  const anonymousUser = challenge("insufficient_scope", "anonymous_user");

  function challenge(
    error: "invalid_request" | "invalid_token" | "insufficient_scope",
    code: keyof typeof errorCatalogue,
    scope?: readonly string[],
  ): Readonly<Record<string, string>> {
    const description = errorCatalogue[code].detail;
    return {
      "WWW-Authenticate": formatChallenge(realm, { error, description, ...(scope === undefined ? {} : { scope }) }),
    };
  }

  return {
    missingToken: () => new AuthError("missing_token", { headers: bare }),
    invalidRequest: (reason) => new AuthError("invalid_request", { headers: invalidRequest, reason }),
    invalidToken: (reason) => new AuthError("invalid_token", { headers: invalidToken, reason }),
    insufficientScope: (missing) =>
      new AuthError("insufficient_scope", { headers: challenge("insufficient_scope", "insufficient_scope", missing) }),
    anonymousUser: () => new AuthError("anonymous_user", { headers: anonymousUser }),
    forbidden: (reason) => new AuthError("forbidden", { headers: {}, reason }),
    csrf: () => new AuthError("csrf", { headers: {}, reason: "cross_site" }),
    serviceUnavailable: (reason, retryAfterSeconds, cause) =>
      new AuthError("service_unavailable", {
        headers: { "Retry-After": String(Math.max(1, Math.ceil(retryAfterSeconds))) },
        reason,
        cause,
      }),
  };
}
