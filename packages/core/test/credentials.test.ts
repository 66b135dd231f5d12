import { describe, expect, it } from "vitest";
import { createCloudbaseAuth, fromCookie, fromForm, fromHeader, fromQuery } from "../src/index.ts";
import type { AuthRequest, AuthResult, CredentialsSource } from "../src/index.ts";
import { expectInvalidRequest, expectInvalidToken, useHarness } from "./support/harness.ts";
import { issue } from "./support/tokens.ts";

const everywhere = [fromHeader(), fromCookie("sid", { origins: ["https://app.example"] }), fromQuery(), fromForm()];
const harness = useHarness({ credentials: everywhere });
const headerOnly = useHarness();
const token = issue();

const form = { "content-type": "application/x-www-form-urlencoded" };
const ask = async (request: Partial<AuthRequest>): Promise<AuthResult> =>
  harness.auth.authenticate({ method: "GET", url: "/", headers: {}, ...request });

describe("accepted", () => {
  it.each<[string, Partial<AuthRequest>]>([
    ["RFC 6750 §2.1: the header", { headers: { authorization: `Bearer ${token}` } }],
    ["RFC 6750 §2.2: a form", { method: "POST", headers: form, body: { access_token: token } }],
    [
      "a form with a charset",
      {
        method: "PUT",
        headers: { "content-type": `${form["content-type"]}; charset=utf-8` },
        body: { access_token: token },
      },
    ],
    ["RFC 6750 §2.3: the query", { url: `/events?since=1&access_token=${token}` }],
    ["the query with its name encoded", { url: `/events?access%5Ftoken=${token}` }],
    ["a cookie among others", { headers: { cookie: `a=1; sid=${token}; sidx=2` } }],
    ["a cookie with blanks around", { headers: { cookie: `a=1;\t sid = ${token} ;b=2` } }],
  ])("%s", async (_title, request) => {
    expect((await ask(request)).auth.state).toBe("authenticated");
  });

  it("RFC 6750 §2.3: answers to a token in the query are no-store, whatever becomes of it; others are not", async () => {
    const noStore = { "Cache-Control": "no-store" };
    for (let round = 0; round < 3; round += 1) {
      expect((await ask({ url: `/?access_token=${token}` })).headers).toEqual(noStore);
      expect((await ask({ url: "/?access_token=abc" })).headers).toEqual(noStore);
      expect((await ask({ headers: { authorization: `Bearer ${token}` } })).headers).toBeUndefined();
    }
  });
});

describe("nothing presented", () => {
  it.each<[string, Partial<AuthRequest>]>([
    ["nothing", {}],
    ["another cookie", { headers: { cookie: `other=${token}` } }],
    ["hono cc067c85: a cookie whose name begins with a no-break space", { headers: { cookie: `\u00a0sid=${token}` } }],
    ["a cookie of a longer name", { headers: { cookie: `xsid=${token}; sid2=${token}` } }],
    ["a cookie without a value", { headers: { cookie: "sid" } }],
    ["a cookie that was taken back", { headers: { cookie: "sid=; a=1" } }],
    ["RFC 6750 §2.2: a form in a GET", { headers: form, body: { access_token: token } }],
    ["a JSON body", { method: "POST", headers: { "content-type": "application/json" }, body: { access_token: token } }],
    ["a body without a type", { method: "POST", body: { access_token: token } }],
    [
      "a type that only begins so",
      { method: "POST", headers: { "content-type": `${form["content-type"]}x` }, body: { access_token: token } },
    ],
    ["a body that was not parsed", { method: "POST", headers: form, body: `access_token=${token}` }],
    ["a body that inherits", { method: "POST", headers: form, body: Object.create({ access_token: token }) as object }],
    ["another parameter", { url: `/?token=${token}` }],
    ["the fragment's", { url: `/?a=1#access_token=${token}`, headers: {} }],
  ])("%s", async (_title, request) => {
    const { auth } = await ask(request);
    // The fragment never leaves a browser; if it does, it is part of the last parameter's value.
    expect(auth.state).toBe("absent");
  });
});

describe("refused", () => {
  it.each<[string, Partial<AuthRequest>]>([
    ["header and query", { headers: { authorization: `Bearer ${token}` }, url: `/?access_token=${token}` }],
    ["header and cookie", { headers: { authorization: `Bearer ${token}`, cookie: `sid=${token}` } }],
    ["query and cookie", { headers: { cookie: `sid=${token}` }, url: `/?access_token=${token}` }],
    [
      "header and form",
      { method: "POST", headers: { ...form, authorization: `Bearer ${token}` }, body: { access_token: token } },
    ],
    ["a bad one beside a good one", { headers: { authorization: "Bearer", cookie: `sid=${token}` } }],
  ])("RFC 6750 §2: more than one method, %s", async (_title, request) => {
    expectInvalidRequest(await ask(request), "several_methods");
  });

  it.each<[string, Partial<AuthRequest>]>([
    ["a parameter twice", { url: `/?access_token=${token}&access_token=${token}` }],
    ["a cookie twice", { headers: { cookie: `sid=${token}; sid=${token}` } }],
    ["a form's member twice", { method: "POST", headers: form, body: { access_token: [token, token] } }],
  ])("%s", async (_title, request) => {
    expectInvalidRequest(await ask(request), "repeated_header");
  });

  it("a form's member that is an object", async () => {
    expectInvalidRequest(await ask({ method: "POST", headers: form, body: { access_token: {} } }), "malformed_header");
  });

  it.each(["abc", `${token}.x`, "%00", `"${token}"`])("a token that is none: %#", async (bad) => {
    expectInvalidToken(await ask({ headers: { cookie: `sid=${bad}` } }), "malformed");
    expectInvalidToken(await ask({ url: `/?access_token=${encodeURIComponent(bad)}` }), "malformed");
  });

  it("several tokens in one place, and an empty parameter", async () => {
    expectInvalidRequest(await ask({ headers: { cookie: `sid=${token} ${token}` } }), "malformed_header");
    expectInvalidRequest(await ask({ url: `/?access_token=${token},${token}` }), "malformed_header");
    expectInvalidRequest(await ask({ url: "/?access_token=" }), "malformed_header");
  });

  it("CSRF: a cookie with what would change something, from another site", async () => {
    const post = (headers: Record<string, string>): Promise<AuthResult> =>
      ask({ method: "POST", headers: { cookie: `sid=${token}`, ...headers } });
    const refused = {
      auth: { state: "rejected", error: { code: "csrf", status: 403, reason: "cross_site", headers: {} } },
    };
    expect(await post({ "sec-fetch-site": "cross-site", origin: "https://evil.example" })).toMatchObject(refused);
    expect(await post({ "sec-fetch-site": "same-site", origin: "https://other.app.example" })).toMatchObject(refused);
    expect(await post({ "sec-fetch-site": "none" })).toMatchObject(refused);
    expect(await post({ origin: "null" })).toMatchObject(refused);
    expect(await post({ origin: "https://app.example.evil.example" })).toMatchObject(refused);
    expect(await post({ origin: "https://app.example:8443" })).toMatchObject(refused);
    expect(await post({})).toMatchObject(refused);
    expect(await post({ "sec-fetch-site": "cross-site", "x-cb-csrf": "1" })).toMatchObject(refused);
    expect(await post({ origin: "https://evil.example", "x-cb-csrf": "1" })).toMatchObject(refused);
    for (const headers of [
      { "sec-fetch-site": "same-origin" },
      { origin: "https://app.example" },
      { "x-cb-csrf": "1" },
      { "sec-fetch-site": "none", "x-cb-csrf": "1" },
    ] as Record<string, string>[]) {
      expect((await post(headers)).auth.state).toBe("authenticated");
    }
    const get = await ask({ headers: { cookie: `sid=${token}`, "sec-fetch-site": "cross-site" } });
    expect(get.auth.state).toBe("authenticated");
    expect(
      (await ask({ method: "POST", headers: { authorization: `Bearer ${token}`, origin: "https://evil.example" } }))
        .auth.state,
    ).toBe("authenticated");
  });
});

it("a Cookie header full of blanks, as long as Node takes one, costs no time", async () => {
  const startedAt = performance.now();
  await ask({ headers: { cookie: `sid=a${" ".repeat(16_000)}b` } });
  expect(performance.now() - startedAt).toBeLessThan(250);
});

describe("the header alone is the default", () => {
  it.each<[string, Partial<AuthRequest>]>([
    ["cookie", { headers: { cookie: `sid=${token}` } }],
    ["query", { url: `/?access_token=${token}` }],
    ["form", { method: "POST", headers: form, body: { access_token: token } }],
  ])("a token in the %s is nothing presented", async (_title, request) => {
    const result = await headerOnly.auth.authenticate({ method: "GET", url: "/", headers: {}, ...request });
    expect(result.auth.state).toBe("absent");
  });
});

describe("options are checked at creation", () => {
  const create = (credentials: unknown) => () =>
    createCloudbaseAuth({ envId: "demo", credentials: credentials as readonly CredentialsSource[] });
  it.each<[string, () => unknown, string]>([
    ["none", create([]), "option credentials must be an array such as [fromHeader(), fromQuery()]"],
    ["a name", create("header"), "option credentials must be an array"],
    ["something else", create([null]), "option credentials must be an array"],
    ["one twice", create([fromQuery(), fromQuery()]), "names query access_token twice"],
    ["a cookie without a name", () => fromCookie("", { origins: [] }), "fromCookie() needs the cookie's name"],
    ["a cookie of no name", () => fromCookie("a b", { origins: [] }), "fromCookie() needs the cookie's name"],
    ["no word on origins", () => fromCookie("sid", {} as { origins: [] }), "fromCookie() needs origins"],
    ["nothing at all on origins", () => (fromCookie as (name: string) => unknown)("sid"), "fromCookie() needs origins"],
    ["an address for an origin", () => fromCookie("sid", { origins: ["https://app.example/"] }), "is no origin"],
    ["a pattern for an origin", () => fromCookie("sid", { origins: ["*"] }), "is no origin"],
    ["a parameter without a name", () => fromQuery(""), "fromQuery() needs the parameter's name"],
  ])("%s", (_title, make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});
