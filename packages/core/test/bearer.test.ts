import { describe, expect, it } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type { AuthRequest } from "../src/index.ts";
import { expectInvalidRequest, expectInvalidToken, useHarness } from "./support/harness.ts";
import { issue } from "./support/tokens.ts";

const harness = useHarness();
const token = issue();

function request(authorization: string, more: Partial<AuthRequest> = {}): AuthRequest {
  return {
    headers: { authorization },
    rawHeaders: ["Host", "a", "Authorization", authorization],
    method: "GET",
    url: "/me",
    ...more,
  };
}

describe("accepted", () => {
  it.each([
    ["BU-01 RFC 6750 §2.1: Bearer", request(`Bearer ${token}`)],
    ["BU-01 RFC 9110 §11.1: scheme in lower case", request(`bearer ${token}`)],
    ["BU-01 RFC 9110 §11.1: scheme in upper case", request(`BEARER ${token}`)],
    ["BU-01 RFC 9110 §11.1: scheme in mixed case", request(`BeArEr ${token}`)],
    ["BU-02 RFC 9110 §11.4: several spaces (1*SP)", request(`Bearer   ${token}`)],
    ["without rawHeaders, method and url", { headers: { authorization: `Bearer ${token}` } }],
    ["another query parameter", request(`Bearer ${token}`, { url: "/me?access=1&token=2&q=100%25" })],
    [
      "access_token in the path and fragment only",
      request(`Bearer ${token}`, { url: "/access_token=1#access_token=2" }),
    ],
    [
      "BU-13: Proxy-Authorization beside it",
      request(`Bearer ${token}`, {
        rawHeaders: ["Proxy-Authorization", "Bearer x", "authorization", `Bearer ${token}`],
      }),
    ],
    ["BU-14: OPTIONS", request(`Bearer ${token}`, { method: "OPTIONS" })],
  ])("%s", async (_title, presented) => {
    const { auth, user } = await harness.auth.authenticate(presented);
    expect(auth.state).toBe("authenticated");
    expect(user?.id).toBe("1866003456789012345");
  });
});

describe("absent: nothing presented (RFC 6750 §3.1)", () => {
  it.each<[string, AuthRequest]>([
    ["no header", { headers: {} }],
    ["an empty header", request("")],
    ["BU-12: Basic", request("Basic dXNlcjpwYXNz")],
    ["BU-12: DPoP", request(`DPoP ${token}`)],
    ["BU-12: Token", request(`Token ${token}`)],
    ["BU-12: XBearer", request(`XBearer ${token}`)],
    ["BU-12: BearerX", request(`Bearerx ${token}`)],
    ["BU-12: a fullwidth letter in the scheme", request(`\uff22earer ${token}`)],
    ["BU-12: the same as Node reads its bytes", request(`\u00ef\u00bc\u00a2earer ${token}`)],
    ["another scheme in front of ours", request(`Basic dXNlcjpwYXNz, Bearer ${token}`)],
    ["BU-05: access_token in the query alone", { headers: {}, url: `/me?access_token=${token}` }],
    [
      "BU-13: Proxy-Authorization, X-Authorization and a cookie",
      {
        headers: {
          "proxy-authorization": `Bearer ${token}`,
          "x-authorization": `Bearer ${token}`,
          cookie: `access_token=${token}`,
        },
      },
    ],
    ["a header named in another case, which Node never has", { headers: { Authorization: `Bearer ${token}` } }],
  ])("%s", async (_title, presented) => {
    expect(await harness.auth.authenticate(presented)).toEqual({ auth: { state: "absent" }, user: undefined });
  });
});

describe("400 invalid_request: malformed", () => {
  it.each([
    ["BU-02: no token", "Bearer"],
    ["BU-02: quotes around the scheme", `"Bearer" ${token}`],
    ["BU-02: quotes around all of it", `"Bearer ${token}"`],
    ["BU-02: a list that begins with nothing", `,Bearer ${token}`],
    ["BU-02: a space and no token", "Bearer "],
    ["BU-02: a tab for the space", `Bearer\t${token}`],
    ["BU-02: a tab behind", `Bearer ${token}\t`],
    ["BU-02: two tokens", `Bearer ${token} ${token}`],
    ["BU-02: a comma list", `Bearer ${token}, Bearer ${token}`],
    ["BU-02: a comma without space", `Bearer ${token},${token}`],
    ["BU-02: auth-params behind", `Bearer ${token} realm="x"`],
    ["BU-02: Bearer twice", `Bearer Bearer ${token}`],
    ["BU-02: a colon for the space", `Bearer:${token}`],
    ["BU-02: an equals sign for the space", `Bearer=${token}`],
    ["a letter outside ASCII in the token", `Bearer é${token}`],
    ["a line break", `Bearer ${token}\r\nX: y`],
    ["NUL", `Bearer ${token}\0`],
  ])("%s", async (_title, authorization) => {
    expectInvalidRequest(await harness.auth.authenticate(request(authorization)), "malformed_header");
  });
});

describe("401 invalid_token: one run of characters that is no token (JF-01, RFC 8725 §3)", () => {
  it.each([
    "{}",
    '"quoted"',
    "%E0%A4%A",
    "a%2Eb.c",
    "token=abc",
    `${token}=`,
    `${token}+`,
    "a/b",
    "null",
    "undefined",
    "[object",
    ".",
    "..",
    "<jwt>",
  ])("Bearer %s", async (credential) => {
    expectInvalidToken(await harness.headers(`Bearer ${credential}`), "malformed");
  });
});

describe("400 invalid_request: repeated or by several methods", () => {
  const line = `Bearer ${token}`;
  it.each<[string, readonly string[]]>([
    ["BU-04: bad, good", ["Authorization", "Bearer x", "Authorization", line]],
    ["BU-04: good, bad", ["Authorization", line, "authorization", "Bearer x"]],
    ["BU-04: good, good", ["authorization", line, "Host", "a", "AUTHORIZATION", line]],
    ["BU-04: good, Basic", ["authorization", line, "authorization", "Basic eDp5"]],
    ["BU-04: Basic, good", ["authorization", "Basic eDp5", "authorization", line]],
  ])("%s", async (_title, rawHeaders) => {
    const authorization = rawHeaders[1] ?? "";
    expectInvalidRequest(await harness.auth.authenticate(request(authorization, { rawHeaders })), "repeated_header");
  });

  it("BU-04: an array of values", async () => {
    expectInvalidRequest(
      await harness.auth.authenticate({ headers: { authorization: [line, line] } }),
      "repeated_header",
    );
  });

  it.each([
    ["BU-03 RFC 6750 §2: beside a query token", "/me?access_token=x"],
    ["BU-03: as the second parameter, empty", "/me?a=b&access_token="],
    ["BU-03: its name escaped", "/me?access%5Ftoken=x"],
    ["BU-03: a letter of its name escaped", "/me?%61ccess_token=x"],
    ["BU-03: twice", "/me?access_token=x&access_token=y"],
    ["BU-03: in absolute form", "http://host/me?access_token=x"],
  ])("%s", async (_title, url) => {
    expectInvalidRequest(await harness.auth.authenticate(request(line, { url })), "several_methods");
  });
});

describe("what the answers say", () => {
  it("BU-11: the realm comes from the options and never from the request", async () => {
    const auth = createCloudbaseAuth({ envId: "demo", realm: "orders api" });
    const result = await auth.authenticate({ headers: { host: 'x"y', authorization: "Bearer x" } });
    expect(result.auth.state === "rejected" && result.auth.error.headers["WWW-Authenticate"]).toMatch(
      /^Bearer realm="orders api", error="invalid_token"/,
    );
  });

  it("BU-10 RFC 6750 §3: nothing that was presented comes back", async () => {
    for (const hostile of ['a"b', "a\\b", "sentinel-1234", "é"]) {
      const { auth } = await harness.headers(`Bearer ${hostile}`);
      const shown =
        auth.state === "rejected"
          ? `${auth.error.message} ${JSON.stringify(auth.error.headers)} ${JSON.stringify(auth)}`
          : "";
      expect(shown).not.toBe("");
      expect(shown).not.toContain(hostile);
    }
  });

  it("a body is never looked at", async () => {
    const body = { get: () => expect.unreachable("the body was read") };
    const presented = Object.defineProperty({ headers: {}, url: "/" }, "body", body);
    expect((await harness.auth.authenticate(presented)).auth.state).toBe("absent");
  });

  it("none of this asked the key server", () => expect(harness.keys.hits).toBe(0));
});
