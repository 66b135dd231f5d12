import type { EmulatorOptions } from "@cloudbase-auth/emulator";
import type { AuthApiErrorDetails, AuthApiErrorKind } from "../../../src/index.ts";
import type { MethodName } from "./methods.ts";
import type { Dialect, Scene } from "./stage.ts";

/**
 * Every error that the documentation or the official SDK names for these endpoints, with the status that the emulator
 * gives it and what it means to the caller.
 */
export const errors = {
  invalid_argument: [400, "invalid_input"],
  invalid_phone_number: [400, "invalid_input"],
  weak_password: [400, "invalid_input"],
  out_of_range: [400, "invalid_input"],
  permission_denied: [403, "permission"],
  access_denied: [403, "permission"],
  not_found: [404, "not_found"],
  user_not_found: [404, "not_found"],
  provider_not_found: [404, "not_found"],
  already_exists: [409, "already_exists"],
  failed_precondition: [400, "precondition"],
  password_not_set: [400, "precondition"],
  aborted: [409, "precondition"],
  unauthenticated: [401, "unauthenticated"],
  unauthorized: [401, "unauthenticated"],
  invalid_grant: [400, "invalid_grant"],
  invalid_client: [401, "client"],
  unauthorized_client: [401, "client"],
  unsupported_grant_type: [400, "client"],
  invalid_scope: [400, "client"],
  invalid_password: [400, "invalid_credentials"],
  invalid_verification_code: [400, "invalid_credentials"],
  invalid_username_or_password: [400, "invalid_credentials"],
  invalid_credentials: [400, "invalid_credentials"],
  wrong_password: [400, "invalid_credentials"],
  invalid_two_factor: [400, "invalid_credentials"],
  invalid_two_factor_recovery: [400, "invalid_credentials"],
  two_factor_required: [400, "second_factor_required"],
  phone_required: [400, "second_factor_required"],
  captcha_required: [400, "captcha_required"],
  captcha_invalid: [400, "captcha_required"],
  invalid_status: [400, "locked"],
  user_pending: [403, "user_state"],
  user_blocked: [403, "user_state"],
  under_review: [403, "user_state"],
  unimplemented: [501, "not_enabled"],
  provider_not_enabled: [400, "not_enabled"],
  login_method_disabled: [400, "not_enabled"],
  rate_limit_exceeded: [429, "rate_limited"],
  resource_exhausted: [429, "rate_limited"],
  internal: [500, "unavailable"],
  data_loss: [500, "unavailable"],
  server_error: [500, "unavailable"],
  unavailable: [503, "unavailable"],
  temporarily_unavailable: [503, "unavailable"],
  deadline_exceeded: [504, "unavailable"],
} as const satisfies Readonly<Record<string, readonly [status: number, kind: AuthApiErrorKind]>>;

export type ErrorName = keyof typeof errors;

/** What a refusal has beside the usual. */
export interface Circumstances {
  /** Of the emulator. */
  readonly options?: Partial<EmulatorOptions>;
  /** Where the other dialect has no such case. @default both */
  readonly dialect?: Dialect;
  /** @default none */
  readonly details?: AuthApiErrorDetails;
}

/** A call that the emulator refuses: which, when, how, and by which error. */
export type Refusal = readonly [
  call: MethodName,
  when: string,
  act: (scene: Scene) => Promise<unknown>,
  is: ErrorName,
  circumstances?: Circumstances,
];
