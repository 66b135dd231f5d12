import { createServer } from "node:http";
import { once } from "node:events";
import { Writable } from "node:stream";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { AuthError, createCloudbaseAuth, logSerializers, redact } from "../src/index.ts";
import { issue } from "./support/tokens.ts";

const token = issue();
const mark = "[redacted]";

describe("redact() of texts", () => {
  it.for([
    [
      "a request line",
      "GET /cb?code=4f2a91&state=s&access_token=abc",
      `GET /cb?code=${mark}&state=s&access_token=${mark}`,
    ],
    ["a name that is percent-encoded", "/?access%5Ftoken=abc", `/?access%5Ftoken=${mark}`],
    [
      "a form",
      "grant_type=password&username=lihua&password=p%26q",
      `grant_type=password&username=lihua&password=${mark}`,
    ],
    ["JSON", '{"password":"a\\"b","username":"x","n":1}', `{"password":"${mark}","username":"x","n":1}`],
    ["JSON in JSON", JSON.stringify({ body: '{"password":"a\\"b"}' }), `{"body":"{\\"password\\":\\"${mark}\\"}"}`],
    ["a number in JSON", '{"verification_code":123456,"n":2}', `{"verification_code":${mark},"n":2}`],
    ["JSON that is cut off", '{"refresh_token":"abc', `{"refresh_token":"${mark}"`],
    ["what util.inspect prints", "{ password: 'a b', user: 'x' }", `{ password: '${mark}', user: 'x' }`],
    [
      "headers",
      "authorization: Digest a, b\r\nCookie: a=b; c=d\r\nhost: h",
      `authorization: ${mark}\r\nCookie: ${mark}\r\nhost: h`,
    ],
    ["the gateway's context", "x-cloudbase-context: H4sIAAA==", `x-cloudbase-context: ${mark}`],
    ["a cookie of a session", "__Host-sid=abc; theme=dark", `__Host-sid=${mark}; theme=dark`],
    ["a bearer without a name", "sent Bearer abc.def~1", `sent Bearer ${mark}`],
    ["Basic", "sent basic YTpi", `sent basic ${mark}`],
    ["a token without a name", `it was ${token}.`, `it was ${mark}`],
    ["a password in a URL", "redis://user:pass@host:1/0", `redis://${mark}@host:1/0`],
    ["a code that was sent", "code: 123456", `code: ${mark}`],
    ["the same in JSON", '{"code":"123456"}', `{"code":"${mark}"}`],
    ["a token that begins as a word does", "token: abc1", `token: ${mark}`],
    ["a token that ends as one does", "token: 1abc", `token: ${mark}`],
  ] as const)("%s", ([, text, expected]) => {
    expect(redact(text)).toBe(expected);
  });

  it.for([
    'Bearer realm="cloudbase", error="invalid_token", error_description="The access token expired"',
    "invalid token: expired",
    "code: ECONNREFUSED, code=invalid_token, code: 503",
    "signIn was answered 401 invalid_password (invalid_credentials, request 5f2c)",
    "http://127.0.0.1:3000/me?page=2&sort=name",
    "user: lihua, status: 200",
    '{"code":"invalid_token","status":401}',
    "{ code: 'ENOTFOUND' }",
  ])("what is no secret stays: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("redact() of values", () => {
  it("members by their names, whatever they hold, at any depth", () => {
    const secret = { any: "thing" };
    expect(
      redact({
        user: { id: "u", newPassword: "p", emailCode: 123_456, tokens: 3, isToken: false },
        ...{ credentials: secret, refresh_token: null, cookie: ["a", "b"], list: [{ "X-API-Key": 1 }] },
      }),
    ).toEqual({
      user: { id: "u", newPassword: mark, emailCode: mark, tokens: 3, isToken: false },
      ...{ credentials: mark, refresh_token: null, cookie: mark, list: [{ "X-API-Key": mark }] },
    });
  });

  it.for([
    ["a code that somebody was sent", { code: "123456" }, { code: mark }],
    ["the same as a number", { code: 123_456 }, { code: mark }],
    ["an OAuth code", { code: "4/0AfJohX" }, { code: mark }],
    ["an error's code", { code: "invalid_token" }, { code: "invalid_token" }],
    ["the system's", { code: "ERR_HTTP2_ERROR" }, { code: "ERR_HTTP2_ERROR" }],
    ["a status", { code: 16, status: "401" }, { code: 16, status: "401" }],
  ] as const)("%s", ([, value, expected]) => {
    expect(redact(value)).toEqual(expected);
  });

  it("headers in every form in which they come", () => {
    const plain = { host: "h", authorization: mark, "set-cookie": mark };
    const headers = { host: "h", authorization: "Bearer a", "set-cookie": ["a=b"] };
    expect(redact(headers)).toEqual(plain);
    expect(redact(new Headers({ host: "h", authorization: "Bearer a", "set-cookie": "a=b" }))).toEqual(plain);
    expect(redact(new Map(Object.entries(headers)))).toEqual(plain);
    expect(redact({ rawHeaders: ["Host", "h", "Cookie", "a=b"] })).toEqual({
      rawHeaders: ["Host", "h", "Cookie", mark],
    });
  });

  it("errors: message, stack, members, causes and collected ones", () => {
    const cause = Object.assign(new TypeError("at /?token=abc"), { url: "/?token=abc" });
    const error = new AggregateError([new Error("password=abc")], "Bearer abc", { cause });
    const logged = redact(error);
    expect(logged).toMatchObject({
      type: "AggregateError",
      message: `Bearer ${mark}`,
      cause: { type: "TypeError", message: `at /?token=${mark}`, url: `/?token=${mark}` },
      errors: [{ message: `password=${mark}` }],
    });
    expect(JSON.stringify(logged)).toContain("redact.test.ts");
    expect(JSON.stringify(logged)).not.toContain("abc");
  });

  it("rings, depth, getters that throw, bytes, functions", () => {
    const ring: Record<string, unknown> = { name: "ring" };
    ring["self"] = ring;
    expect(redact(ring)).toEqual({ name: "ring", self: "[circular]" });
    let deep: object = {};
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    expect(JSON.stringify(redact(deep))).toContain("[too deep]");
    const odd = Object.defineProperty({}, "bad", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    const when = new Date(0);
    const url = new URL("http://h/?token=abc");
    expect(redact([odd, Buffer.from("secret"), redact, when, url, 1n, undefined])).toEqual([
      ...["[unreadable]", "[6 bytes]", "[function redact]", when, `http://h/?token=${mark}`, 1n, undefined],
    ]);
    expect(redact({ toJSON: () => ({ password: "p" }) })).toEqual({ password: mark });
    expect(redact(new Set(["Bearer abc"]))).toEqual(new Set([`Bearer ${mark}`]));
  });

  it("changes nothing of what it is given", () => {
    const value = Object.freeze({ password: "p", list: Object.freeze(["Bearer abc"]) });
    redact(value);
    expect(value).toEqual({ password: "p", list: ["Bearer abc"] });
  });

  it("an AuthError keeps all that it says", () => {
    const headers = { "WWW-Authenticate": 'Bearer realm="cloudbase", error="invalid_token"' };
    const error = new AuthError("invalid_token", { headers, reason: "expired" });
    expect(redact(error)).toMatchObject({
      ...{ type: "AuthError", message: error.message, code: "invalid_token", reason: "expired", status: 401, headers },
    });
  });
});

describe("logSerializers in pino", () => {
  /** What pino writes. */
  function log(merged: object): Record<string, unknown> {
    let written = "";
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written += chunk.toString();
        done();
      },
    });
    pino({ serializers: logSerializers, base: null, timestamp: false }, sink).info(merged);
    return JSON.parse(written) as Record<string, unknown>;
  }

  it("req: line and headers of a request of Node, without its secrets", async () => {
    let logged: Record<string, unknown> = {};
    const server = createServer((request, response) => {
      logged = log({ req: request });
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const headers = { authorization: `Bearer ${token}`, cookie: "a=b", "x-request-id": "r1" };
    await fetch(`http://127.0.0.1:${port}/me?access_token=abc&page=2`, { headers });
    server.close();
    expect(logged["req"]).toMatchObject({
      ...{ method: "GET", url: `/me?access_token=${mark}&page=2`, remoteAddress: "127.0.0.1" },
      headers: { authorization: mark, cookie: mark, "x-request-id": "r1" },
    });
  });

  it("req: what Express keeps of a mounted router, and what is no request", () => {
    expect(log({ req: { method: "GET", url: "/", originalUrl: "/api/?code=123456" } })["req"]).toEqual({
      ...{ method: "GET", url: `/api/?code=${mark}` },
    });
    expect(log({ req: "Bearer abc" })["req"]).toEqual({ value: `Bearer ${mark}` });
  });

  it("err: with its causes", () => {
    const err = new Error("password=abc", { cause: new Error("Bearer abc") });
    expect(log({ err })["err"]).toMatchObject({ type: "Error", message: `password=${mark}` });
    expect(JSON.stringify(log({ err }))).not.toContain("abc");
    expect(log({ err: { password: "abc" } })["err"]).toEqual({
      ...{ type: "object", message: "what was thrown is no error", stack: "", value: { password: mark } },
    });
    const odd = Object.defineProperty(new Error("x"), "message", { value: 1 });
    expect(log({ err: odd })["err"]).toEqual({ type: "Error", message: "[unreadable]", stack: "" });
  });

  it("auth: how it came about, no claims and no token", async () => {
    const auth = createCloudbaseAuth({ envId: "demo" });
    const { auth: rejected } = await auth.authenticate({ headers: { authorization: "Bearer rubbish" } });
    expect(log({ auth: rejected })["auth"]).toEqual({
      ...{ state: "rejected", code: "invalid_token", reason: "malformed", status: 401 },
    });
    const claims = { sub: "user-1" };
    const authenticated = {
      state: "authenticated",
      environment: "demo",
      verifiedBy: "signature",
      expiresAt: 1,
      claims,
    };
    expect(log({ auth: authenticated })["auth"]).toEqual({
      ...{ state: "authenticated", environment: "demo", verifiedBy: "signature", expiresAt: 1 },
    });
    expect(log({ auth: undefined })).not.toHaveProperty("auth");
  });
});
