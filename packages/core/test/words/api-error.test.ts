import { describe, expect, it } from "vitest";
import { AuthApiError, kindOf } from "../../src/words/api-error.ts";
import { UnavailableError } from "../../src/words/unavailable.ts";

/** Every name on the wire by what it means, written out a second time. */
const names: Readonly<Record<string, string>> = {
  invalid_credentials:
    "invalid_password wrong_password invalid_username_or_password invalid_credentials invalid_verification_code invalid_two_factor invalid_two_factor_recovery",
  invalid_grant: "invalid_grant expired_token",
  unauthenticated: "unauthenticated unauthorized login_required",
  second_factor_required: "two_factor_required phone_required interaction_required",
  captcha_required: "captcha_required captcha_invalid",
  rate_limited: "resource_exhausted rate_limit_exceeded slow_down",
  locked: "invalid_status",
  not_enabled: "unimplemented provider_not_enabled login_method_disabled",
  user_state: "user_pending user_blocked under_review",
  not_found: "not_found user_not_found provider_not_found",
  already_exists: "already_exists",
  permission: "permission_denied access_denied consent_required account_selection_required",
  invalid_input:
    "invalid_argument invalid_request invalid_phone_number weak_password out_of_range invalid_request_uri invalid_request_object",
  precondition: "failed_precondition aborted password_not_set authorization_pending cancelled",
  client:
    "invalid_client unauthorized_client unsupported_grant_type unsupported_response_type invalid_scope request_not_supported request_uri_not_supported registration_not_supported",
  unavailable: "unavailable internal deadline_exceeded data_loss server_error temporarily_unavailable unreachable",
  unknown: "constructor toString brand_new",
};

describe("the error names on the wire", () => {
  it.each(Object.entries(names))("%s", (kind, list) => {
    for (const name of list.split(" ")) expect([name, kindOf(name)]).toEqual([name, kind]);
  });
});

describe("AuthApiError", () => {
  it("without an answer it says so", () => {
    const cause = new Error("refused");
    const error = new AuthApiError("signIn", { kind: "unavailable", error: "unreachable", requestId: "r", cause });
    expect(error.message).toBe("signIn got no usable answer (unavailable, request r)");
    expect(error).toMatchObject({ name: "AuthApiError", retryable: true });
    expect([error.cause, error.upstreamStatus, error.description]).toEqual([cause, undefined, undefined]);
    expect(error.details).toEqual({});
  });

  it.each(["rate_limited", "unavailable"] as const)("%s may do later what it did not do now", (kind) => {
    expect(new AuthApiError("c", { kind, error: "e", requestId: "r", status: 400 }).retryable).toBe(true);
  });

  it.each(["invalid_grant", "client", "unknown", "locked"] as const)("%s does not", (kind) => {
    const error = new AuthApiError("c", { kind, error: "e", requestId: "r", status: 400 });
    expect(error.retryable).toBe(false);
    expect(error.message).toBe(`c was answered 400 e (${kind}, request r)`);
    expect("cause" in error).toBe(false);
  });
});

it("UnavailableError says what is out of reach, and for how long", () => {
  const cause = new Error("refused");
  const error = new UnavailableError("key_set", 7, cause);
  expect(error).toMatchObject({ name: "UnavailableError", reason: "key_set", retryAfterSeconds: 7 });
  expect([error.message, error.cause]).toEqual(["what is needed to judge a token is out of reach (key_set)", cause]);
});
