import { describe, expect, it } from "vitest";
import { formatProblemAnswer } from "../src/adapter.ts";
import { AuthError } from "../src/index.ts";
import { isChallengeText } from "../src/protocol/challenge.ts";
import { createRefusals } from "../src/protocol/refusals.ts";
import { errorCatalogue } from "../src/words/error-catalogue.ts";
import { repeatError } from "../src/words/errors.ts";
import { errorCodes, refusalByCode } from "./support/error-pages.ts";

const realm = "cloudbase";
const inEnglish = createRefusals(realm);
const inChinese = createRefusals(realm, { locale: "zh", docsBaseUrl: undefined });

describe("every code of the family", () => {
  it.each(errorCodes)("%s: status, challenge and Retry-After belong together", (code) => {
    const { status, headers } = refusalByCode[code](inEnglish);
    const challenge = headers["WWW-Authenticate"];
    if (status === 401) expect(challenge).toMatch(/^Bearer realm="cloudbase"/);
    expect(challenge !== undefined && /error="/.test(challenge)).toBe(
      ["invalid_request", "invalid_token", "insufficient_scope", "anonymous_user"].includes(code),
    );
    expect(headers["Retry-After"] !== undefined).toBe(status === 429 || status === 503);
    if (code !== "upstream_rejected") expect(status).toBe(errorCatalogue[code].status);
  });

  it.each(errorCodes)("%s: in Chinese all but the challenge is Chinese", (code) => {
    const english = refusalByCode[code](inEnglish);
    const chinese = refusalByCode[code](inChinese);
    expect(chinese.message).toMatch(/^[\p{Script=Han}A-Za-z \-，；、（）]+。$/u);
    expect(chinese.message).not.toBe(english.message);
    expect(chinese).toMatchObject({ code, status: english.status, headers: english.headers, locale: "zh" });
    for (const value of Object.values(chinese.headers)) expect(value).toMatch(/^[\x20-\x7e]+$/);
    const problem: unknown = JSON.parse(formatProblemAnswer(chinese, undefined).body);
    expect(problem).toEqual({
      type: `urn:cloudbase-auth:error:${code}`,
      title: errorCatalogue[code].zh.title,
      status: english.status,
      detail: errorCatalogue[code].zh.detail,
      code,
    });
  });

  it.each(errorCodes)("%s: the English text fits a challenge (RFC 6750 §3)", (code) => {
    expect(isChallengeText(errorCatalogue[code].detail)).toBe(true);
  });

  it.each(errorCodes)("%s: with docsBaseUrl the type is a link, the same in both languages", (code) => {
    for (const locale of ["en", "zh"] as const) {
      const refusals = createRefusals(realm, { locale, docsBaseUrl: "https://docs.example/errors" });
      const error = refusalByCode[code](refusals);
      expect(error.docs).toBe(`https://docs.example/errors/${code}`);
      expect(JSON.parse(formatProblemAnswer(error, undefined).body)).toMatchObject({ type: error.docs });
      expect(repeatError(error).docs).toBe(error.docs);
    }
    expect(refusalByCode[code](inEnglish).docs).toBeUndefined();
  });

  it.each(errorCodes)("%s: repeated, it is the same to the last member, and another object", (code) => {
    const first = Object.freeze(refusalByCode[code](inEnglish));
    const second = repeatError(first, { headers: { "Cache-Control": "no-store" }, locale: "zh", negotiated: true });
    const { message, headers, locale, negotiated } = second;
    expect([message, locale, negotiated]).toEqual([errorCatalogue[code].zh.detail, "zh", true]);
    expect(headers).toEqual({ ...first.headers, "Cache-Control": "no-store" });
    const others = Object.keys(first).filter((name) => !["headers", "locale", "negotiated"].includes(name));
    expect(Object.keys(second)).toEqual(Object.keys(first));
    for (const name of [...others, "cause"])
      expect([name, Reflect.get(second, name)]).toEqual([name, Reflect.get(first, name)]);
    expect(first).toMatchObject({ message: errorCatalogue[code].detail, locale: "en", negotiated: false });
    expect(repeatError(second)).toMatchObject({ message, headers, locale, negotiated });
  });
});

describe("the whole answer", () => {
  const negotiated = (): AuthError => repeatError(inEnglish.missingToken(), { locale: "zh", negotiated: true });

  it("says its language, and what it varies by only where the request chose", () => {
    expect(formatProblemAnswer(inChinese.missingToken(), "Origin").headers).toEqual({
      "WWW-Authenticate": 'Bearer realm="cloudbase"',
      "Content-Type": "application/problem+json",
      "Content-Language": "zh",
    });
    expect(formatProblemAnswer(negotiated(), undefined).headers).toMatchObject({
      "Content-Language": "zh",
      Vary: "Accept-Language",
    });
  });

  it.each<[unknown, string]>([
    [undefined, "Accept-Language"],
    ["", "Accept-Language"],
    ["Origin", "Origin, Accept-Language"],
    ["Origin,Accept-Encoding", "Origin, Accept-Encoding, Accept-Language"],
    [["Origin", "Cookie"], "Origin, Cookie, Accept-Language"],
    ["accept-language, Origin", "accept-language, Origin"],
    ["*", "*"],
    [7, "Accept-Language"],
  ])("RFC 9110 §12.5.5: Vary %j becomes %s", (vary, expected) => {
    expect(formatProblemAnswer(negotiated(), vary).headers["Vary"]).toBe(expected);
  });

  it("an error of an older copy of this package speaks English", () => {
    const older = Object.assign(new Error("A sentence."), { code: "forbidden", status: 403, headers: {} });
    expect(formatProblemAnswer(older as unknown as AuthError, undefined)).toMatchObject({
      headers: { "Content-Language": "en" },
      body: '{"type":"urn:cloudbase-auth:error:forbidden","title":"Not allowed","status":403,"detail":"A sentence.","code":"forbidden"}',
    });
  });
});

it("made by hand, as a package beside the core does, an error has the status and text of its code", () => {
  const error = new AuthError("csrf", { headers: {} });
  expect(error).toMatchObject({ status: 403, statusCode: 403, message: errorCatalogue.csrf.detail, locale: "en" });
  expect(error).toMatchObject({ expose: true, headers: {}, docs: undefined, negotiated: false, reason: undefined });
});
