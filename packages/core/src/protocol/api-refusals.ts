import type { AuthApiError, AuthApiErrorKind } from "../words/api-error.ts";
import type { errorCatalogue } from "../words/error-catalogue.ts";
import type { AuthError } from "../words/errors.ts";
import type { Refusals } from "./refusals.ts";

type UpstreamReason = (typeof errorCatalogue)["upstream_rejected"]["reasons"][number];

/**
 * Status of `upstream_rejected` by kind. Never 401, which would have to name a way to authenticate (RFC 9110 §15.5.2):
 * wrong credentials are 403, as §15.5.4 has it, and what a further step makes good is 409. A user who does not exist is
 * answered as a wrong password is, or everybody could find out who has an account.
 */
export const upstreamStatus: Readonly<Record<UpstreamReason, number>> = {
  invalid_credentials: 403,
  second_factor_required: 409,
  captcha_required: 409,
  not_enabled: 403,
  user_state: 403,
  not_found: 403,
  already_exists: 409,
  permission: 403,
  invalid_input: 400,
  precondition: 409,
  unknown: 400,
};

// Where the Auth API does not say how long to wait.
const waitSeconds = { rate_limited: 30, locked: 60, unavailable: 5, client: 60 };

/** What to answer a client on whose behalf a call of the Auth API was made that did not succeed. */
export function refuseApiError(refusals: Refusals, error: AuthApiError): AuthError {
  const { kind, retryAfterSeconds, details } = error;
  if (isUpstreamReason(kind)) return refusals.upstreamRejected(kind, upstreamStatus[kind], error);
  switch (kind) {
    case "unauthenticated":
      return refusals.invalidToken("inactive", error);
    case "invalid_grant":
      return refusals.refreshRejected("invalid_grant", error);
    case "rate_limited":
      return refusals.rateLimited("auth_api", retryAfterSeconds ?? waitSeconds[kind], error);
    case "locked":
      return refusals.rateLimited("locked", details.retryDelaySeconds ?? retryAfterSeconds ?? waitSeconds[kind], error);
    case "unavailable":
      return refusals.serviceUnavailable("auth_api", retryAfterSeconds ?? waitSeconds[kind], error);
    case "client":
      return refusals.serviceUnavailable("client", waitSeconds[kind], error);
  }
}

function isUpstreamReason(kind: AuthApiErrorKind): kind is UpstreamReason {
  return Object.hasOwn(upstreamStatus, kind);
}
