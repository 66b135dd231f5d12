import { describe, expect, it } from "vitest";
import { isSecretMember, isSecretName } from "../../src/protocol/secret-names.ts";

const secret = [
  ..."cookie cookies set-cookie x-cloudbase-context sec-websocket-protocol passwd pwd pin otp jwt captcha".split(" "),
  ..."authorization token password passcode secret ticket credential credentials sid session_id private_key".split(" "),
  ..."secret_key apiKey verification_code authorization_code auth_code sms_code phone_code email_code".split(" "),
  ..."captcha_code recovery_code login_code code Code CODE co_de".split(" "),
  ..."accessToken refresh-token newPassword X-API-Key %5Ftoken a.token".split(" "),
];
const plain = [
  ..."cookie_name cookies2 mypin otps jwts xpwd captchas tokens passwords sids credentials2 codes encode".split(" "),
  ..."zip_code status_code error_code key name id tokenType session private user".split(" "),
  "",
];

describe("names of what is nothing for a log", () => {
  it.each(secret)("%s", (name) => expect(isSecretName(name)).toBe(true));
  it.each(plain)("not %j", (name) => expect(isSecretName(name)).toBe(false));
});

describe("members that are nothing for a log", () => {
  it.each<[string, unknown, boolean]>([
    ["password", "p", true],
    ["password", "", true],
    ["password", 0, true],
    ["password", {}, true],
    ["password", undefined, false],
    ["password", null, false],
    ["password", true, false],
    ["password", false, false],
    ["name", "p", false],
    ["name", 1_000, false],
    ["sms_code", "invalid_token", true],
    ["sms_code", 5, true],
    ["code", 999, false],
    ["code", 1_000, true],
    ["CODE", 1_000, true],
    ["Code", "invalid_token", false],
    ["code", "invalid_token", false],
    ["code", "busy", false],
    ["code", "ERR_HTTP2_ERROR", false],
    ["code", "ENOTFOUND", false],
    ["code", "7", false],
    ["code", "503", false],
    ["code", "1234", true],
    ["code", "", true],
    ["code", "123456", true],
    ["code", "4/0AfJohX", true],
    ["code", ["4/0AfJohX", "busy"], true],
    ["code", ["busy", 503], false],
    ["code", "invalid-token", true],
    ["code", "Invalid", true],
    ["code", "invalid_", true],
    ["code", "_invalid", true],
    ["code", "a1", true],
    ["code", "ERR_", true],
    ["code", "1A", true],
    ["code", " busy", true],
    ["code", "busy ", true],
    ["code", " 503", true],
    ["code", "503x", true],
    ["code", " ENOTFOUND", true],
    ["code", "ENOTFOUND\n1", true],
    ["code", {}, false],
    ["code", undefined, false],
  ])("%s: %j: %s", (name, value, expected) => {
    expect(isSecretMember(name, value)).toBe(expected);
  });
});
