import { describe, expect, it } from "vitest";
import { formatChallenge, isChallengeText } from "../../src/protocol/challenge.ts";
import { createRefusals } from "../../src/protocol/refusals.ts";
import type { Refusals } from "../../src/protocol/refusals.ts";
import { errorCatalogue } from "../../src/words/error-catalogue.ts";
import type { AuthErrorCode } from "../../src/words/error-catalogue.ts";
import type { AuthError } from "../../src/words/errors.ts";

const membersOf = (error: AuthError): object => Object.fromEntries(Object.entries(error));

describe("RFC 6750 §3: a challenge", () => {
  it("of somebody who presented nothing has no error (§3.1)", () => {
    expect(formatChallenge("shop")).toBe('Bearer realm="shop"');
  });

  it("names error and description, and the scopes that are missing", () => {
    const detail = { error: "insufficient_scope", description: "More." } as const;
    const beginning = 'Bearer realm="shop", error="insufficient_scope", error_description="More."';
    expect(formatChallenge("shop", detail)).toBe(beginning);
    expect(formatChallenge("shop", { ...detail, scope: ["a"] })).toBe(`${beginning}, scope="a"`);
    expect(formatChallenge("shop", { ...detail, scope: ["a", "b"] })).toBe(`${beginning}, scope="a b"`);
  });

  it("has ASCII between its quotes, without quote and backslash", () => {
    for (let code = 0; code < 0x180; code += 1) {
      const letter = String.fromCharCode(code);
      const expected = code >= 0x20 && code <= 0x7e && letter !== '"' && letter !== "\\";
      for (const text of [letter, `a${letter}`, `${letter}b`])
        expect([text, isChallengeText(text)]).toEqual([text, expected]);
    }
    expect(isChallengeText("")).toBe(true);
  });
});

describe("every refusal, whole", () => {
  const cause = new Error("why");
  const challenge = (error: string, code: AuthErrorCode, rest = ""): object => ({
    "WWW-Authenticate": `Bearer realm="shop", error="${error}", error_description="${errorCatalogue[code].detail}"${rest}`,
  });
  const bare = { "WWW-Authenticate": 'Bearer realm="shop"' };
  const wait = (seconds: number): object => ({ "Retry-After": String(seconds) });

  it.each<[AuthErrorCode, (refusals: Refusals) => AuthError, number, string | undefined, object, unknown?]>([
    ["missing_token", (r) => r.missingToken(), 401, undefined, bare],
    [
      "invalid_request",
      (r) => r.invalidRequest("repeated_header"),
      ...([400, "repeated_header", challenge("invalid_request", "invalid_request")] as const),
    ],
    ["invalid_input", (r) => r.invalidInput("fields"), 400, "fields", {}],
    [
      "invalid_token",
      (r) => r.invalidToken("signature", cause),
      ...([401, "signature", challenge("invalid_token", "invalid_token"), cause] as const),
    ],
    [
      "insufficient_scope",
      (r) => r.insufficientScope(["a", "b"]),
      ...([403, undefined, challenge("insufficient_scope", "insufficient_scope", ', scope="a b"')] as const),
    ],
    [
      "anonymous_user",
      (r) => r.anonymousUser(),
      ...([403, undefined, challenge("insufficient_scope", "anonymous_user")] as const),
    ],
    ["forbidden", (r) => r.forbidden("role"), 403, "role", {}],
    ["csrf", (r) => r.csrf(), 403, "cross_site", {}],
    ["rate_limited", (r) => r.rateLimited("locked", 7, cause), 429, "locked", wait(7), cause],
    ["refresh_rejected", (r) => r.refreshRejected("reused", cause), 401, "reused", bare, cause],
    ["upstream_rejected", (r) => r.upstreamRejected("not_found", 403, cause), 403, "not_found", {}, cause],
    ["service_unavailable", (r) => r.serviceUnavailable("client", 9, cause), 503, "client", wait(9), cause],
  ])("%s", (code, make, status, reason, headers, why) => {
    const error = make(createRefusals("shop"));
    expect(membersOf(error)).toEqual({
      ...{ name: "AuthError", code, reason, status, statusCode: status, expose: true, headers },
      ...{ locale: "en", negotiated: false, docs: undefined },
    });
    expect([error.message, error.cause]).toEqual([errorCatalogue[code].detail, why]);
    const translated = make(createRefusals("shop", { locale: "zh", docsBaseUrl: "https://d" }));
    expect(translated.headers).toEqual(headers);
    expect(translated).toMatchObject({
      locale: "zh",
      docs: `https://d/${code}`,
      message: errorCatalogue[code].zh.detail,
    });
  });

  it.each([
    [0, "1"],
    [-5, "1"],
    [0.1, "1"],
    [1, "1"],
    [1.01, "2"],
    [60, "60"],
  ])("RFC 9110 §10.2.3: to wait %d seconds is Retry-After %s", (seconds, header) => {
    const refusals = createRefusals("shop");
    expect(refusals.rateLimited("attempts", seconds).headers).toEqual({ "Retry-After": header });
    expect(refusals.serviceUnavailable("key_set", seconds, cause).headers).toEqual({ "Retry-After": header });
  });
});
