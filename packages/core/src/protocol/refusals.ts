import { errorCatalogue } from "../words/error-catalogue.ts";
import { AuthError } from "../words/errors.ts";
import type { AuthErrorCode, AuthErrorReason, Locale } from "../words/errors.ts";
import { formatChallenge } from "./challenge.ts";
import type { ChallengeError } from "./challenge.ts";

type ReasonOf<Code extends AuthErrorCode> = (typeof errorCatalogue)[Code]["reasons"][number];

/** Makes the errors of one realm, each with the headers that its status needs. */
export interface Refusals {
  missingToken(): AuthError;
  invalidRequest(reason: ReasonOf<"invalid_request">): AuthError;
  invalidInput(reason: ReasonOf<"invalid_input">): AuthError;
  invalidToken(reason: AuthErrorReason, cause?: unknown): AuthError;
  insufficientScope(missing: readonly string[]): AuthError;
  anonymousUser(): AuthError;
  forbidden(reason: ReasonOf<"forbidden">): AuthError;
  csrf(): AuthError;
  rateLimited(reason: ReasonOf<"rate_limited">, retryAfterSeconds: number, cause?: unknown): AuthError;
  refreshRejected(reason: ReasonOf<"refresh_rejected">, cause: unknown): AuthError;
  upstreamRejected(reason: ReasonOf<"upstream_rejected">, status: number, cause: unknown): AuthError;
  serviceUnavailable(reason: ReasonOf<"service_unavailable">, retryAfterSeconds: number, cause: unknown): AuthError;
}

interface Wording {
  readonly locale: Locale;
  /** Without a slash at its end. */
  readonly docsBaseUrl: string | undefined;
}

interface Parts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly reason?: AuthErrorReason;
  readonly cause?: unknown;
  readonly status?: number;
}

const inEnglish: Wording = { locale: "en", docsBaseUrl: undefined };

export function createRefusals(realm: string, { locale, docsBaseUrl }: Wording = inEnglish): Refusals {
  const bare = { "WWW-Authenticate": formatChallenge(realm) };
  const invalidRequest = challenge("invalid_request", "invalid_request");
  const invalidToken = challenge("invalid_token", "invalid_token");
  const anonymousUser = challenge("insufficient_scope", "anonymous_user");

  // In English always: RFC 6750 §3 allows ASCII only.
  function challenge(
    error: ChallengeError,
    code: AuthErrorCode,
    scope?: readonly string[],
  ): Readonly<Record<string, string>> {
    const description = errorCatalogue[code].detail;
    return {
      "WWW-Authenticate": formatChallenge(realm, { error, description, ...(scope === undefined ? {} : { scope }) }),
    };
  }

  function refuse(code: AuthErrorCode, { headers = {}, ...parts }: Parts = {}): AuthError {
    const docs = docsBaseUrl === undefined ? undefined : `${docsBaseUrl}/${code}`;
    return new AuthError(code, { ...parts, headers, locale, docs });
  }

  return {
    missingToken: () => refuse("missing_token", { headers: bare }),
    invalidRequest: (reason) => refuse("invalid_request", { headers: invalidRequest, reason }),
    invalidInput: (reason) => refuse("invalid_input", { reason }),
    invalidToken: (reason, cause) => refuse("invalid_token", { headers: invalidToken, reason, cause }),
    insufficientScope: (missing) =>
      refuse("insufficient_scope", { headers: challenge("insufficient_scope", "insufficient_scope", missing) }),
    anonymousUser: () => refuse("anonymous_user", { headers: anonymousUser }),
    forbidden: (reason) => refuse("forbidden", { reason }),
    csrf: () => refuse("csrf", { reason: "cross_site" }),
    rateLimited: (reason, seconds, cause) => refuse("rate_limited", { headers: retryAfter(seconds), reason, cause }),
    refreshRejected: (reason, cause) => refuse("refresh_rejected", { headers: bare, reason, cause }),
    upstreamRejected: (reason, status, cause) => refuse("upstream_rejected", { reason, status, cause }),
    serviceUnavailable: (reason, seconds, cause) =>
      refuse("service_unavailable", { headers: retryAfter(seconds), reason, cause }),
  };
}

/** Whole seconds and never 0 (RFC 9110 §10.2.3). */
function retryAfter(seconds: number): Readonly<Record<string, string>> {
  return { "Retry-After": String(Math.max(1, Math.ceil(seconds))) };
}
