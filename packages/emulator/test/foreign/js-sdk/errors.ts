import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { like } from "../../support/matchers.ts";
import { lihua, official } from "../support/official.ts";

describe("@cloudbase/js-sdk: errors", () => {
  const sdk = official({ captchaAfter: -1, loginMethods: { anonymous: false } });
  // It explains its errors on the console, at length.
  beforeEach(() => {
    for (const level of ["error", "warn", "info"] as const) vi.spyOn(console, level).mockReturnValue();
  });
  afterEach(() => vi.restoreAllMocks());

  it("an error is an AuthError in the answer", async () => {
    const { wire, jsSdk } = sdk();
    const answer = await jsSdk().signInWithPassword({ username: "lihua", password: "Wrong-123" });
    const [sent] = wire.take();
    expect(answer).toMatchObject({
      data: { user: null, session: null },
      error: {
        name: "AuthError",
        message: "password is wrong",
        status: "invalid_password",
        code: "invalid_password",
        errorCode: 4003,
        requestId: sent?.headers["x-request-id"],
        category: "INVALID_CREDENTIALS",
      },
    });
  });

  it.each([
    ["not_found", 5, "USER_NOT_FOUND"],
    ["invalid_grant", 16, "INVALID_CREDENTIALS"],
    ["invalid_verification_code", 3, "INVALID_CREDENTIALS"],
    ["user_blocked", 7, "USER_STATUS_ABNORMAL"],
    ["invalid_status", 9, "PRECONDITION_FAILED"],
    ["resource_exhausted", 8, "RATE_LIMITED"],
    ["rate_limit_exceeded", 4029, "UNKNOWN"],
    ["failed_precondition", 9, "PRECONDITION_FAILED"],
    ["permission_denied", 7, "PROVIDER_NOT_ENABLED"],
    ["unauthorized_client", 4022, "PROVIDER_NOT_ENABLED"],
    ["login_type_disabled", 4045, "PROVIDER_NOT_ENABLED"],
    ["mfa_phone_required", 4042, "MFA_REQUIRED"],
    ["invalid_argument", 3, "INVALID_PARAMS"],
    ["invalid_phone_number", 3, "INVALID_PARAMS"],
    ["weak_password", 4005, "UNKNOWN"],
    ["internal", 13, "SERVICE_ERROR"],
    ["unavailable", 14, "SERVICE_ERROR"],
  ] as const)("the category of %s, %d, is %s", async (error, errorCode, category) => {
    const { emulator, jsSdk } = sdk();
    emulator.failNext("POST /auth/v1/signin", { kind: "error", error, description: "text" });
    const answer = await jsSdk().signInWithPassword({ username: "lihua", password: lihua.password });
    expect(answer).toMatchObject({ error: { code: error, errorCode, category } });
  });

  it("anonymous sign-in that is off is a SERVICE_ERROR", async () => {
    const { jsSdk } = sdk();
    expect(await jsSdk().signInAnonymously({})).toMatchObject({
      error: { code: "unimplemented", errorCode: 12, category: "SERVICE_ERROR" },
    });
  });

  it("captcha_required makes it show a captcha of its own, which it cannot in Node", async () => {
    const { emulator, wire, jsSdk } = sdk();
    emulator.failNext("POST /auth/v1/signin", { kind: "error", error: "captcha_required" });
    const answer = await jsSdk().signInWithPassword({ username: "lihua", password: lihua.password });
    expect(answer).toMatchObject({ error: { code: "unknown", message: like(/EventBus/) } });
    expect(wire.take().map(({ line }) => line)).toEqual(["POST /auth/v1/signin", "POST /auth/v1/captcha/data"]);
  });
});
