import { describe, expect, it } from "vitest";
import { extractBearer, isOneCredential, presentedToken, queryTokens, tokenOf } from "../../src/protocol/bearer.ts";
import type { AuthRequest } from "../../src/words/auth.ts";

const absent = { kind: "absent" };
const malformed = { kind: "refused", reason: "malformed_header" };
const repeated = { kind: "refused", reason: "repeated_header" };
const several = { kind: "refused", reason: "several_methods" };
const token = (text: string) => ({ kind: "token", credentials: `Bearer ${text}` });

function extract(authorization: string | string[] | undefined, more: Partial<AuthRequest> = {}): object {
  return extractBearer({ headers: { authorization } as AuthRequest["headers"], ...more });
}

describe("RFC 6750 §2.1, RFC 9110 §11.4: what the header says", () => {
  it.each<[string | string[] | undefined, object]>([
    [undefined, absent],
    ["", absent],
    ["Bearer t", token("t")],
    ["Bearer  t", token("t")],
    ["bearer t", token("t")],
    ["BEARER    t", token("t")],
    ["Bearer t u", token("t u")],
    ["bearer t, Bearer u", token("t, Bearer u")],
    ["Bearer t\nu", token("t\nu")],
    ["bearer t\nu", token("t\nu")],
    ["Bearer", malformed],
    ["bearer", malformed],
    ["Bearer ", malformed],
    ["Bearer   ", token(" ")],
    [" Bearer t", malformed],
    ["Bearer\tt", malformed],
    ["Bearer:t", malformed],
    ["@bearer t", malformed],
    ["=BEARER", malformed],
    ["Basic t", absent],
    ["Basic", absent],
    ["Bearerx t", absent],
    ["xBearer t", absent],
    ["!#$%&'*+.^_`|~0aZ- t", absent],
    ["@other t", absent],
    [" ", absent],
    [["Bearer t", "Bearer t"], repeated],
    [["Bearer t"], repeated],
  ])("%j", (header, expected) => {
    expect(extract(header)).toEqual(expected);
  });
});

describe("RFC 9110 §5.3: repeated lines, which Node shows in rawHeaders alone", () => {
  it.each<[readonly string[] | undefined, object]>([
    [undefined, token("t")],
    [[], token("t")],
    [["Authorization", "Bearer t"], token("t")],
    [["Host", "h", "authorization", "Bearer t"], token("t")],
    [["Authorization", "Bearer t", "authorization", "Bearer t"], repeated],
    [["AUTHORIZATION", "a", "Host", "h", "authorization", "b"], repeated],
    [["Authorization", "a", "Authorization", "b", "Authorization", "c"], repeated],
    [["Authorization", "Bearer t", "X-Note", "authorization"], token("t")],
    [["X-Note", "authorization", "Authorization", "authorization"], token("t")],
    [["Authorization", "Bearer t", "Authorizatio", "x", "Authorizations", "y", "xuthorization", "z"], token("t")],
  ])("%j", (rawHeaders, expected) => {
    expect(extract("Bearer t", rawHeaders === undefined ? {} : { rawHeaders })).toEqual(expected);
  });
});

describe("RFC 6750 §2: a token in the query beside the header makes two methods", () => {
  it.each<[string, object]>([
    ["/", token("t")],
    ["/?a=1", token("t")],
    ["/?access_token", several],
    ["/?access_token=", several],
    ["/?a=1&access_token=x", several],
    ["/?%61ccess_token=x", several],
    ["/?access_tokens=x", token("t")],
    ["/access_token=1", token("t")],
  ])("%s", (url, expected) => {
    expect(extract("Bearer t", { url })).toEqual(expected);
    expect(extract("Basic t", { url })).toEqual(absent);
    expect(extract("Bearer", { url })).toEqual(malformed);
  });
});

describe("parameters of a query", () => {
  it.each<[string | undefined, string, readonly string[]]>([
    [undefined, "a", []],
    ["/", "a", []],
    ["/?", "a", []],
    ["/?a=1", "a", ["1"]],
    ["?a=1", "a", ["1"]],
    ["/?a=1&b=2&a=3", "a", ["1", "3"]],
    ["/?b=a", "a", []],
    ["/a=1", "a", []],
    ["/?b=1?a=2", "a", []],
    ["/?%61=1", "a", ["1"]],
    ["/?a+b=1", "a b", ["1"]],
    ["/?a=1%202+3", "a", ["1 2 3"]],
    ["/?b=%61", "a", []],
  ])("%s has of %s %j", (url, parameter, values) => {
    expect(queryTokens(url, parameter)).toEqual(values);
  });
});

describe("the token itself", () => {
  it("comes back as it was presented", () => {
    expect(presentedToken("t")).toEqual(token("t"));
    expect(presentedToken("")).toEqual(token(""));
    expect(tokenOf("Bearer abc")).toBe("abc");
  });

  it("is one if it has visible ASCII alone, and no comma", () => {
    for (let code = 0; code < 0x100; code += 1) {
      const expected = code > 0x20 && code < 0x7f && code !== 0x2c;
      const letter = String.fromCharCode(code);
      for (const text of [letter, `a${letter}`, `${letter}b`])
        expect([text, isOneCredential(text)]).toEqual([text, expected]);
    }
    expect(isOneCredential("")).toBe(false);
  });
});
