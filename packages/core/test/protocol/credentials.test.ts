import { describe, expect, it } from "vitest";
import {
  createExtract,
  fromCookie,
  fromForm,
  fromHeader,
  fromQuery,
  parseOrigins,
} from "../../src/protocol/credentials.ts";
import type { AuthRequest } from "../../src/words/auth.ts";
import type { CredentialsSource } from "../../src/words/credentials.ts";

const absent = { kind: "absent" };
const malformed = { kind: "refused", reason: "malformed_header" };
const repeated = { kind: "refused", reason: "repeated_header" };
const several = { kind: "refused", reason: "several_methods" };
const crossSite = { kind: "refused", reason: "cross_site" };
const token = (text: string, more: object = {}) => ({ kind: "token", credentials: `Bearer ${text}`, ...more });
const read = (source: CredentialsSource, request: object): object =>
  source.read({ headers: {}, ...request } as AuthRequest);

it("each says its name, whether it reads the body, and cannot be changed", () => {
  const sources = [fromHeader(), fromQuery(), fromQuery("t"), fromForm(), fromCookie("at", { origins: [] })];
  expect(sources.map(({ name, readsBody }) => [name, readsBody])).toEqual([
    ["header", false],
    ["query access_token", false],
    ["query t", false],
    ["form", true],
    ["cookie at", false],
  ]);
  for (const source of sources) expect(Object.isFrozen(source)).toBe(true);
});

it("RFC 6750 §2.1: the header", () => {
  expect(read(fromHeader(), { headers: { authorization: "bearer t" } })).toEqual(token("t"));
});

describe("RFC 6750 §2.3: the query", () => {
  it.each<[string | undefined, object]>([
    [undefined, absent],
    ["/?b=1", absent],
    ["/?access_token=t", token("t", { noStore: true })],
    ["/?access_token=", token("", { noStore: true })],
    ["/?access_token=t&access_token=t", repeated],
  ])("%s", (url, expected) => {
    expect(read(fromQuery(), { url })).toStrictEqual(expected);
  });
  it("under another name", () => {
    expect(read(fromQuery("t"), { url: "/?t=x&access_token=y" })).toEqual(token("x", { noStore: true }));
  });
  it.each(["", null, 7])("not under the name %j", (name) => {
    expect(() => fromQuery(name as string)).toThrow(new TypeError("fromQuery() needs the parameter's name"));
  });
});

describe("RFC 6750 §2.2: a form", () => {
  const form = (changes: object, type: unknown = "application/x-www-form-urlencoded"): object =>
    read(fromForm(), { method: "POST", body: { access_token: "t" }, headers: { "content-type": type }, ...changes });

  it.each(["POST", "PUT", "PATCH", "DELETE", "get"])("of %s", (method) => {
    expect(form({ method })).toStrictEqual(token("t"));
  });
  it.each(["GET", "HEAD", "OPTIONS", "TRACE", undefined])("not of %s", (method) => {
    expect(form({ method })).toEqual(absent);
  });
  it.each<[unknown, boolean]>([
    ["APPLICATION/X-WWW-FORM-URLENCODED", true],
    ["application/x-www-form-urlencoded;charset=utf-8", true],
    ["application/x-www-form-urlencoded \t; charset=utf-8", true],
    ["application/x-www-form-urlencoded ", true],
    ["application/x-www-form-urlencoded2", false],
    ["application/x-www-form-urlencoded x", false],
    ["x application/x-www-form-urlencoded", false],
    ["application/json", false],
    ["multipart/form-data; x=application/x-www-form-urlencoded", false],
    [undefined, false],
    [["application/x-www-form-urlencoded"], false],
  ])("of type %j: %s", (type, expected) => {
    expect(form({}, type === undefined ? null : type)).toEqual(expected ? token("t") : absent);
  });
  it.each<[unknown, object]>([
    [undefined, absent],
    [null, absent],
    ["access_token=t", absent],
    [{}, absent],
    [Object.create({ access_token: "t" }), absent],
    [{ access_token: "" }, token("")],
    [{ access_token: ["t", "u"] }, repeated],
    [{ access_token: { a: 1 } }, malformed],
    [{ access_token: 7 }, malformed],
    [{ access_token: null }, malformed],
  ])("with the body %j", (body, expected) => {
    expect(form({ body })).toEqual(expected);
  });
});

describe("a cookie (RFC 6265 §4.2.1)", () => {
  const source = fromCookie("at", { origins: ["https://app.example"] });
  it.each<[string | string[] | undefined, object]>([
    [undefined, absent],
    ["", absent],
    ["at=t", token("t", { ambient: true })],
    ["a=1; at=t; b=2", token("t", { ambient: true })],
    ["a=1;at=t", token("t", { ambient: true })],
    [" \tat \t=\t t \t", token("t", { ambient: true })],
    ["at=a=b==", token("a=b==", { ambient: true })],
    ["at=a b", token("a b", { ambient: true })],
    ["at=", absent],
    ["at= \t", absent],
    ["at", absent],
    ["=t", absent],
    ["AT=t", absent],
    ["xat=t; atx=t", absent],
    ["at\u00a0=t", absent],
    ["at=t\u00a0", token("t\u00a0", { ambient: true })],
    ["at=; at=t", token("t", { ambient: true })],
    ["at=t; at=t", repeated],
    [["a=1", "at=t"], token("t", { ambient: true })],
    [["at=t", "at=u"], repeated],
    ["at=%20", token("%20", { ambient: true })],
  ])("%j", (cookie, expected) => {
    expect(read(source, { method: "GET", headers: { cookie } })).toStrictEqual(expected);
  });

  it.each<[string | undefined, object, boolean]>([
    ["GET", {}, true],
    ["HEAD", { origin: "https://evil.example" }, true],
    ["OPTIONS", {}, true],
    ["TRACE", {}, true],
    ["POST", {}, false],
    [undefined, {}, false],
    ["get", {}, false],
    ["POST", { "sec-fetch-site": "same-origin" }, true],
    ["POST", { "sec-fetch-site": "same-site" }, false],
    ["POST", { "sec-fetch-site": "cross-site" }, false],
    ["POST", { "sec-fetch-site": "none" }, false],
    ["POST", { origin: "https://app.example" }, true],
    ["POST", { origin: "https://app.example", "sec-fetch-site": "cross-site" }, true],
    ["POST", { origin: "https://evil.example", "sec-fetch-site": "same-origin" }, true],
    ["POST", { origin: "https://evil.example" }, false],
    ["POST", { origin: "https://evil.example", "x-cb-csrf": "1" }, false],
    ["POST", { origin: "null", "x-cb-csrf": "1" }, false],
    ["POST", { origin: ["https://app.example"] }, false],
    ["POST", { "x-cb-csrf": "1" }, true],
    ["POST", { "x-cb-csrf": "1", "sec-fetch-site": "none" }, true],
    ["POST", { "x-cb-csrf": "1", "sec-fetch-site": "cross-site" }, false],
    ["POST", { "x-cb-csrf": "1", "sec-fetch-site": "same-site" }, false],
    ["POST", { "x-cb-csrf": "0" }, false],
    ["POST", { "x-cb-csrf": "" }, false],
  ])("OWASP CSRF, Fetch Metadata: %s with %j: %s", (method, headers, allowed) => {
    const presented = read(source, { method, headers: { cookie: "at=t", ...headers } });
    expect(presented).toEqual(allowed ? token("t", { ambient: true }) : crossSite);
    // Who presented nothing, or too much, is told that and not where from.
    expect(read(source, { method, headers: { ...headers } })).toEqual(absent);
    expect(read(source, { method, headers: { cookie: "at=t; at=u", ...headers } })).toEqual(repeated);
  });

  it.each(["", "a b", "a=b", "a;b", "\u00e9", "a\n", " a", null, undefined])("not of the name %j", (name) => {
    expect(() => fromCookie(name as string, { origins: [] })).toThrow(
      new TypeError("fromCookie() needs the cookie's name"),
    );
  });
  it("of every name that is a token (RFC 9110 §5.6.2)", () => {
    expect(fromCookie("__Host-!#$%&'*+.^_`|~0aZ", { origins: [] }).name).toBe("cookie __Host-!#$%&'*+.^_`|~0aZ");
  });
  it.each([undefined, {}, { origins: undefined }, { origins: "https://app.example" }])("not with %j", (options) => {
    expect(() => fromCookie("at", options as { origins: string[] })).toThrow(
      new TypeError('fromCookie() needs origins, such as ["https://app.example"]; [] for none but the same'),
    );
  });
  it("not with an origin that browsers write otherwise", () => {
    expect(() => fromCookie("at", { origins: ["https://app.example/"] })).toThrow(
      new TypeError("fromCookie(): https://app.example/ is no origin; write it as https://app.example"),
    );
  });
});

describe("RFC 6454 §6.2: origins", () => {
  it("are kept as browsers write them", () => {
    const origins = ["https://app.example", "http://localhost:3000"];
    expect([...parseOrigins(origins, "x")]).toEqual(origins);
    expect(parseOrigins([], "x").size).toBe(0);
  });
  it.each(["app.example", "https://app.example:443", "https://APP.example", "*", "null", "", "file:///x"])(
    "%j is none",
    (odd) => {
      expect(() => parseOrigins(["https://a.example", odd], "option")).toThrow(
        new TypeError(`option: ${odd} is no origin; write it as https://app.example`),
      );
    },
  );
});

describe("RFC 6750 §2: several sources, one token", () => {
  const extract = createExtract([fromHeader(), fromQuery(), fromCookie("at", { origins: [] })]);
  const request = (more: object): AuthRequest => ({ headers: {}, method: "GET", ...more }) as AuthRequest;
  it.each<[object, object]>([
    [{}, absent],
    [{ headers: { cookie: "at=t" } }, token("t", { ambient: true })],
    [{ url: "/?access_token=t" }, token("t", { noStore: true })],
    [{ headers: { authorization: "Bearer t" } }, token("t")],
    [{ headers: { authorization: "Bearer t", cookie: "at=t" } }, several],
    [{ headers: { cookie: "at=t" }, url: "/?access_token=t" }, several],
    [{ headers: { authorization: "Bearer", cookie: "at=t" } }, several],
    [{ headers: { authorization: "Bearer" } }, malformed],
    [{ headers: { cookie: "at=t; at=u" } }, repeated],
    [{ headers: { cookie: "at=" }, url: "/?access_token=t" }, token("t", { noStore: true })],
  ])("%j", (presented, expected) => {
    expect(extract(request(presented))).toEqual(expected);
  });
  it("one alone is asked directly, and none finds nothing", () => {
    const only = fromHeader();
    expect(createExtract([only])).toBe(only.read);
    expect(createExtract([])(request({ headers: { authorization: "Bearer t" } }))).toEqual(absent);
  });
});
