import { describe, expect, it } from "vitest";
import { beginningOf, readAnswer, sentIn } from "../../src/protocol/api-failure.ts";
import type { ApiAnswer } from "../../src/protocol/api-failure.ts";
import { AuthApiError } from "../../src/words/api-error.ts";

const base: ApiAnswer = { status: 200, body: "{}", retryAfter: undefined, sent: "" };
const read = (answer: Partial<ApiAnswer>) => readAnswer("call", "r-1", { ...base, ...answer });

function failure(answer: Partial<ApiAnswer>): AuthApiError {
  const error = read(answer);
  if (!(error instanceof AuthApiError)) throw new Error("it succeeded");
  return error;
}

describe("a success", () => {
  it.each([200, 201, 299])("%d without an error is the object", (status) => {
    expect(read({ status, body: '{"a":{"b":1}}' })).toEqual({ a: { b: 1 } });
  });

  it("an empty error name, and the gateway's code beside a status of success, are none", () => {
    expect(read({ body: '{"error":"","code":"NORMAL"}' })).toEqual({ error: "", code: "NORMAL" });
  });
});

describe("a failure", () => {
  it("says all that the answer says", () => {
    const body = JSON.stringify({
      ...{ error: "invalid_status", error_code: 4033, error_description: "locked", message: "other" },
      details: [{}, { limit_remaining: 2 }, { limit_remaining: 5, retry_delay: "900s" }, { retry_delay: "1s" }],
    });
    const error = failure({ status: 403, body, retryAfter: "7" });
    expect(error).toMatchObject({
      ...{ name: "AuthApiError", kind: "locked", error: "invalid_status", errorCode: 4033 },
      ...{ upstreamStatus: 403, requestId: "r-1", retryAfterSeconds: 7, retryable: false },
      message: "call was answered 403 invalid_status (locked, request r-1)",
    });
    expect([error.description, error.cause]).toEqual(["locked", undefined]);
    expect(error.details).toEqual({ limitRemaining: 2, retryDelaySeconds: 900 });
    expect(Object.isFrozen(error.details)).toBe(true);
  });

  it.each<[string, unknown, object]>([
    ["no details", undefined, {}],
    ["details that are no list", {}, {}],
    ["a delay with a fraction", [{ retry_delay: "0.5s" }], { retryDelaySeconds: 0.5 }],
    ["of nine digits", [{ retry_delay: "123456789s" }], { retryDelaySeconds: 123_456_789 }],
    ["of ten", [{ retry_delay: "1234567890s" }], {}],
    ["with something in front", [{ retry_delay: "x900s" }], {}],
    ["with something behind", [{ retry_delay: "900sx" }], {}],
    ["in another unit", [{ retry_delay: "900m" }], {}],
    ["with a bare point", [{ retry_delay: "9.s" }], {}],
    ["with a fraction of several digits", [{ retry_delay: "1.25s" }], { retryDelaySeconds: 1.25 }],
  ])("details: %s", (_title, details, expected) => {
    expect(failure({ status: 400, body: JSON.stringify({ error: "e", details }) }).details).toEqual(expected);
  });

  it("an error in an answer of status 200 is one", () => {
    expect(failure({ body: '{"error":"invalid_grant"}' })).toMatchObject({
      ...{ kind: "invalid_grant", error: "invalid_grant", upstreamStatus: 200 },
    });
  });

  it("the gateway's envelope: code and message", () => {
    expect(failure({ status: 400, body: '{"code":"not_found","message":"no such thing"}' })).toMatchObject({
      ...{ kind: "not_found", error: "not_found", description: "no such thing" },
    });
    expect(failure({ status: 401, body: '{"error":"expired_token","code":"not_found"}' }).error).toBe("expired_token");
  });

  it.each([
    [199, "unknown"],
    [299, undefined],
    [300, "unavailable"],
    [399, "unavailable"],
    [400, "unknown"],
    [401, "unauthenticated"],
    [402, "unknown"],
    [403, "permission"],
    [404, "not_found"],
    [429, "rate_limited"],
    [499, "unknown"],
    [500, "unavailable"],
    [599, "unavailable"],
  ])("an object of status %d without a name that is known is %s", (status, kind) => {
    if (kind === undefined) expect(read({ status })).toEqual({});
    else expect(failure({ status })).toMatchObject({ kind, error: `status_${String(status)}`, errorCode: undefined });
    expect(failure({ status, body: '{"error":"brand-new.Name"}' })).toMatchObject({
      ...{ kind: kind ?? "unknown", error: "brand-new.Name" },
    });
  });

  it.each(["two words", "a".repeat(65), "a\nb", "ü"])("%j is no name, and is not repeated", (name) => {
    const error = failure({ status: 404, body: JSON.stringify({ error: name }) });
    expect(error).toMatchObject({ kind: "not_found", error: "status_404" });
    expect(error.message).toBe("call was answered 404 status_404 (not_found, request r-1)");
  });

  it("a name of 64 characters is one, also with success written over it", () => {
    expect(failure({ body: JSON.stringify({ error: "a".repeat(64) }) }).error).toBe("a".repeat(64));
    expect(failure({ body: '{"error":"two words"}' })).toMatchObject({ error: "status_200", kind: "unknown" });
  });

  it.each([
    [200, "unavailable"],
    [404, "unavailable"],
    [429, "rate_limited"],
    [502, "unavailable"],
  ])("what is no JSON object, with status %d, is %s", (status, kind) => {
    const error = failure({ status, body: "<html>busy</html>", retryAfter: "3" });
    expect(error).toMatchObject({ kind, error: "unreachable", upstreamStatus: status, retryAfterSeconds: 3 });
    expect(error.retryable).toBe(true);
    expect(error.cause).toEqual(new Error('the answer is no JSON object; it begins "<html>busy</html>"'));
  });

  it("a JSON object may be 32 levels deep", () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;
    expect(read({ body: nested(32) })).not.toBeInstanceOf(AuthApiError);
    expect(failure({ body: nested(33) }).error).toBe("unreachable");
  });

  it.each<[string | undefined, number | undefined]>([
    ["0", 0],
    ["120", 120],
    ["123456789", 123_456_789],
    ["1234567890", undefined],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("RFC 9110 §10.2.3: Retry-After %j is %j seconds", (retryAfter, seconds) => {
    expect(failure({ status: 429, retryAfter }).retryAfterSeconds).toBe(seconds);
  });
});

describe("the beginning of an answer, for the log", () => {
  it.each<[string, string, string, string]>([
    ["200 characters of it", "a b ".repeat(51), "", "a b ".repeat(50)],
    ["19 characters in a row stay", `x ${"a".repeat(19)} y`, "", `x ${"a".repeat(19)} y`],
    ["20 may be a token", `x ${"a".repeat(20)} y`, "", "x … y"],
    ["in all letters that a token has", "<aZ09_.~+/=-aZ09_.~+/=->", "", "<…>"],
    ["a word that was sent goes", "no user lihua here", "x lihua y", "no user … here"],
    ["a word of two letters stays", "no ab", "ab", "no ab"],
    ["a word of three goes", "no abc", "abc", "no …"],
    ["in every script, with digits", "名字用户 пароль абв1 x_1", "名字用户 пароль абв1 x_1", "… … … …"],
    ["a word that was not sent stays", "no luck", "something else", "no luck"],
  ])("%s", (_title, body, sent, expected) => {
    expect(beginningOf(body, sent)).toBe(expected);
  });

  it("what was sent is the query's values, the headers' and the body", () => {
    const headers = { authorization: "Bearer t", accept: "x" };
    expect(sentIn({ url: "http://h/p?a=1%202&b=3", headers, body: "{}" })).toBe("1 2 3 Bearer t x {}");
    expect(sentIn({ url: "http://h/p" })).toBe("");
    expect(sentIn({ url: "http://h/p?a=1", headers: undefined, body: undefined })).toBe("1 ");
  });
});
