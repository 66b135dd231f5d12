/**
 * What an answer of the Auth API means for the caller; closed, so that a `switch` over it can be complete.
 *
 * - `invalid_credentials`: the password, the code or the second factor is wrong
 * - `invalid_grant`: the refresh token, ticket or provider token is worth nothing; sign in again
 * - `unauthenticated`: the access token is missing, expired or refused
 * - `second_factor_required`, `captcha_required`: one more step, then the same call again
 * - `rate_limited`: too often; wait `retryAfterSeconds`
 * - `locked`: too many wrong passwords; wait `details.retryDelaySeconds`
 * - `not_enabled`: this way of signing in is switched off in the environment
 * - `user_state`: the account is pending, blocked or under review
 * - `not_found`, `already_exists`, `permission`, `invalid_input`, `precondition`: as they say
 * - `client`: our client id, secret or grant type is not accepted; that is configuration, not the user
 * - `unavailable`: no answer, or none that can be used; whether the call took effect is not known
 * - `unknown`: an error name that is on no list
 */
export type AuthApiErrorKind =
  | "invalid_credentials"
  | "invalid_grant"
  | "unauthenticated"
  | "second_factor_required"
  | "captcha_required"
  | "rate_limited"
  | "locked"
  | "not_enabled"
  | "user_state"
  | "not_found"
  | "already_exists"
  | "permission"
  | "invalid_input"
  | "precondition"
  | "client"
  | "unavailable"
  | "unknown";

/** What `details` of an error is known to say. */
export interface AuthApiErrorDetails {
  /** Attempts left before the account is locked. */
  readonly limitRemaining?: number;
  /** How long the account stays locked. */
  readonly retryDelaySeconds?: number;
}

interface AuthApiErrorParts {
  readonly kind: AuthApiErrorKind;
  readonly error: string;
  readonly errorCode?: number | undefined;
  readonly description?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId: string;
  readonly details?: AuthApiErrorDetails | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A call of the Auth API that did not succeed. The message names the call, the error and the request id; it holds no
 * token, no password and nothing of the server's own text.
 */
export class AuthApiError extends Error {
  override readonly name = "AuthApiError";
  readonly #description: string | undefined;
  readonly kind: AuthApiErrorKind;
  /** The machine name on the wire, such as `invalid_password`; `unreachable` if there was no usable answer. */
  readonly error: string;
  /** The number on the wire. The documentation's own examples contradict each other: use `error` or `kind`. */
  readonly errorCode: number | undefined;
  /**
   * The server's text, in whatever language it chose: for people, not for decisions. No log shows it by itself, because a
   * server may repeat in it what it was sent.
   */
  get description(): string | undefined {
    return this.#description;
  }
  /**
   * The HTTP status of the Auth API's answer; `undefined` without one. Not `status`: frameworks would answer with it when
   * nobody catches the error, and a client would be told that its token is bad where our call was.
   */
  readonly upstreamStatus: number | undefined;
  /** The `x-request-id` that was sent, for the provider's support. */
  readonly requestId: string;
  readonly details: AuthApiErrorDetails;
  /** Whether the same call may do later what it did not do now. */
  readonly retryable: boolean;
  /** What `Retry-After` asked for, if anything. */
  readonly retryAfterSeconds: number | undefined;

  constructor(call: string, parts: AuthApiErrorParts) {
    const { kind, error, status, requestId, cause } = parts;
    const answered = status === undefined ? "got no usable answer" : `was answered ${String(status)} ${error}`;
    super(`${call} ${answered} (${kind}, request ${requestId})`, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.error = error;
    this.errorCode = parts.errorCode;
    this.#description = parts.description;
    this.upstreamStatus = status;
    this.requestId = requestId;
    this.details = Object.freeze({ ...parts.details });
    this.retryable = kind === "unavailable" || kind === "rate_limited";
    this.retryAfterSeconds = parts.retryAfterSeconds;
  }
}

/** The error names on the wire, by what they mean. */
export const namesByKind: Readonly<Record<Exclude<AuthApiErrorKind, "unknown">, readonly string[]>> = {
  invalid_credentials: [
    ...["invalid_password", "wrong_password", "invalid_username_or_password", "invalid_credentials"],
    ...["invalid_verification_code", "invalid_two_factor", "invalid_two_factor_recovery"],
  ],
  invalid_grant: ["invalid_grant", "expired_token"],
  unauthenticated: ["unauthenticated", "unauthorized", "login_required"],
  second_factor_required: ["two_factor_required", "phone_required", "interaction_required"],
  captcha_required: ["captcha_required", "captcha_invalid"],
  rate_limited: ["resource_exhausted", "rate_limit_exceeded", "slow_down"],
  locked: ["invalid_status"],
  not_enabled: ["unimplemented", "provider_not_enabled", "login_method_disabled"],
  user_state: ["user_pending", "user_blocked", "under_review"],
  not_found: ["not_found", "user_not_found", "provider_not_found"],
  already_exists: ["already_exists"],
  permission: ["permission_denied", "access_denied", "consent_required", "account_selection_required"],
  invalid_input: [
    ...["invalid_argument", "invalid_request", "invalid_phone_number", "weak_password", "out_of_range"],
    ...["invalid_request_uri", "invalid_request_object"],
  ],
  precondition: ["failed_precondition", "aborted", "password_not_set", "authorization_pending", "cancelled"],
  client: [
    ...[
      "invalid_client",
      "unauthorized_client",
      "unsupported_grant_type",
      "unsupported_response_type",
      "invalid_scope",
    ],
    ...["request_not_supported", "request_uri_not_supported", "registration_not_supported"],
  ],
  unavailable: [
    ...["unavailable", "internal", "deadline_exceeded", "data_loss", "server_error", "temporarily_unavailable"],
    ...["unreachable"],
  ],
};

const kindByName: ReadonlyMap<string, AuthApiErrorKind> = new Map(
  Object.entries(namesByKind).flatMap(([kind, names]) => names.map((name) => [name, kind as AuthApiErrorKind])),
);

/** The kind of an error by its name on the wire; never by its number. */
export function kindOf(error: string): AuthApiErrorKind {
  return kindByName.get(error) ?? "unknown";
}
