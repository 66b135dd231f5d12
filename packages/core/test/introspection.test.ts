import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type {
  AuthError,
  AuthErrorReason,
  AuthResult,
  CloudbaseAuth,
  CloudbaseAuthOptions,
  WarningEvent,
} from "../src/index.ts";
import { active, inactive, introspectPath, json, startAuthServer } from "./support/auth-server.ts";
import type { AuthServer } from "./support/auth-server.ts";
import { expectInvalidToken, expectUnavailable } from "./support/harness.ts";
import "./support/no-network.ts";
import { issue, nowSeconds, userClaims } from "./support/tokens.ts";

let server: AuthServer;
let nowMs: number;
let warnings: WarningEvent[];
const instances: CloudbaseAuth[] = [];

beforeEach(async () => {
  server = await startAuthServer();
  nowMs = nowSeconds * 1_000;
  warnings = [];
});
afterEach(async () => {
  for (const instance of instances.splice(0)) await instance.close();
  await server.close();
});

function create(options: object = {}): CloudbaseAuth {
  const base = {
    ...{ envId: "demo", endpoint: server.endpoint, now: () => nowMs },
    onWarning: (event: WarningEvent) => warnings.push(event),
  };
  const instance = createCloudbaseAuth({ ...base, ...options } as CloudbaseAuthOptions);
  instances.push(instance);
  return instance;
}

const present = async (auth: CloudbaseAuth, token: string): Promise<AuthResult> =>
  auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
const questions = (): number => server.count(introspectPath);
const hybrid = (
  introspectAfterSeconds: number,
  onUnavailable: "fail" | { readonly allowStaleSeconds: number } = "fail",
): object => ({ verification: { mode: "hybrid", introspectAfterSeconds, onUnavailable } });
const introspecting: object = { verification: { mode: "introspection" } };
const refuse = (
  status: number,
  body: unknown = {},
  headers: Record<string, string> = {},
): AuthServer["introspection"] => {
  return (_request, response) => json(response, body, status, headers);
};

describe("introspection", () => {
  it("is the server's word on a token whose claims fit, and needs no key set", async () => {
    const auth = create(introspecting);
    await auth.ready();
    const { auth: how, user } = await present(auth, issue());
    expect(how).toMatchObject({ state: "authenticated", verifiedBy: "introspection", environment: "demo" });
    expect(user?.id).toBe(userClaims.sub);
    expect(server.asked).toEqual([introspectPath]);
  });

  it("wire §6.4.4: asks with the token as Bearer; with Basic and ?token= in the skill dialect", async () => {
    const seen: unknown[] = [];
    server.introspection = (request, response) => {
      seen.push(request.method, request.url, request.headers.authorization);
      active(request, response);
    };
    const token = issue();
    await present(create(introspecting), token);
    expect(seen.splice(0)).toEqual(["GET", introspectPath, `Bearer ${token}`]);
    await present(create({ ...introspecting, clientId: "c", clientSecret: "s", client: { dialect: "skill" } }), token);
    expect(seen).toEqual(["GET", `${introspectPath}?token=${token}`, `Basic ${btoa("c:s")}`]);
  });

  it.each<[string, AuthServer["introspection"]]>([
    ["IN-02: an empty object", inactive],
    ["IN-02: another subject", refuse(200, { sub: "somebody-else" })],
    ["IN-02: an empty subject", refuse(200, { sub: "" })],
    ["IN-02: a subject that is no text", refuse(200, { sub: 7 })],
    ["IN-02: active: false, beside a subject", refuse(200, { sub: userClaims.sub, active: false })],
    ["401 to the token itself", refuse(401, { error: "unauthenticated" })],
  ])("%s: 401 inactive", async (_title, answer) => {
    server.introspection = answer;
    const auth = create(introspecting);
    expectInvalidToken(await present(auth, issue()), "inactive");
    expect(warnings).toEqual([]);
    expectInvalidToken(await present(auth, issue()), "inactive");
    expect(questions()).toBe(1);
  });

  it.each<[string, Record<string, unknown>, AuthErrorReason]>([
    ["IN-08 RFC 7662 §4: another audience", { aud: "another-env" }, "audience"],
    ["IN-08: another issuer", { iss: "https://another-env.example" }, "issuer"],
    ["IN-08: past its exp", { iat: nowSeconds - 7_200, nbf: nowSeconds - 7_200, exp: nowSeconds - 60 }, "expired"],
    ["IN-08: before its nbf", { nbf: nowSeconds + 120 }, "not_yet_valid"],
    ["IN-08: a scope that is no text", { scope: ["user"] }, "claim"],
  ])("%s is refused, whatever the server says, and it is not asked", async (_title, claims, reason) => {
    server.introspection = refuse(200, { ...userClaims, active: true });
    expectInvalidToken(await present(create(introspecting), issue(claims)), reason);
    expect(questions()).toBe(0);
  });

  it("IN-10: a refresh token is no access token, and the server is not asked about it", async () => {
    server.introspection = refuse(200, { sub: userClaims.sub, active: true });
    const refreshToken = "rt.9f1c2d3e4b5a69788796a5b4c3d2e1f0";
    expectInvalidToken(await present(create(introspecting), refreshToken), "malformed");
    expect(questions()).toBe(0);
  });

  it("RFC 7662 §2.2: active: true is honoured beside the subject", async () => {
    server.introspection = refuse(200, { sub: userClaims.sub, active: true });
    expect((await present(create(introspecting), issue())).auth.state).toBe("authenticated");
  });

  it.each<[string, AuthServer["introspection"]]>([
    ["F18: 500", refuse(500)],
    ["F20: HTML under 200", (_request, response) => response.end("<html>sign in</html>")],
    ['F20: active: "true"', refuse(200, { sub: userClaims.sub, active: "true" })],
    ["IN-02: an array", refuse(200, [])],
    ["a redirect", refuse(302, {}, { location: "http://127.0.0.1:1/" })],
    ["a reset connection", (request) => request.socket.resetAndDestroy()],
    ["an unknown error", refuse(400, { error: "something_new" })],
  ])("%s: 503, and asked again next time", async (_title, answer) => {
    server.introspection = answer;
    const auth = create(introspecting);
    expectUnavailable(await present(auth, issue()), "introspection");
    expect(warnings).toMatchObject([{ code: "introspection_unavailable", environment: "demo" }]);
    server.introspection = active;
    expect((await present(auth, issue())).auth.state).toBe("authenticated");
  });

  it("IN-09: our own credentials refused: 503 and one warning that says so, never 401", async () => {
    server.introspection = refuse(401, { error: "invalid_client" });
    const auth = create({ ...introspecting, clientId: "c", clientSecret: "s", client: { dialect: "skill" } });
    for (let round = 0; round < 3; round += 1) {
      expectUnavailable(await present(auth, issue({ n: round })), "introspection");
    }
    expect(warnings).toMatchObject([{ code: "introspection_refused" }]);
    expect(warnings[0]?.message).toContain("set options clientId and clientSecret");
  });

  it("asks nothing about a token that its form or claims rule out", async () => {
    const auth = create(introspecting);
    const ruledOut = [
      "abc",
      issue({ iss: "https://elsewhere.example" }),
      issue({ aud: "x" }),
      issue({ exp: 1, iat: 0.5 }),
    ];
    for (const token of ruledOut) expect((await present(auth, token)).auth.state).toBe("rejected");
    expect(server.asked).toEqual([]);
  });

  it("F23: 100 requests with one token are one question", async () => {
    const auth = create(introspecting);
    const answers = await Promise.all(Array.from({ length: 100 }, () => present(auth, issue())));
    expect(new Set(answers).size).toBe(1);
    expect(questions()).toBe(1);
    await present(auth, issue());
    await present(auth, issue());
    expect(questions()).toBe(1);
  });

  it("IN-03: a word is never taken past exp", async () => {
    const auth = create(introspecting);
    const token = issue({ exp: nowSeconds + 2 });
    for (let round = 0; round < 3; round += 1) await present(auth, token);
    nowMs += 7_000;
    expectInvalidToken(await present(auth, token), "expired");
  });

  it("CVE-2026-35039: the word on one token is never taken for another's", async () => {
    server.introspection = (request, response) => {
      const isFirst = request.headers.authorization === `Bearer ${first}`;
      (isFirst ? active : inactive)(request, response);
    };
    const auth = create(introspecting);
    const first = issue();
    const second = issue({ n: 2 });
    for (let round = 0; round < 5; round += 1) {
      expect((await present(auth, first)).auth.state).toBe("authenticated");
      expectInvalidToken(await present(auth, second), "inactive");
    }
  });
});

describe("F18, F19: the breaker", () => {
  it("opens after 5 failures in a row, and then answers at once without asking", async () => {
    server.introspection = refuse(500);
    const auth = create(introspecting);
    // Signed before, so that the breaker does not close meanwhile.
    const tokens = Array.from({ length: 100 }, (_, n) => issue({ n }));
    for (let n = 100; n < 105; n += 1) expectUnavailable(await present(auth, issue({ n })), "introspection");
    expect(questions()).toBe(5);
    const started = performance.now();
    for (const token of tokens) {
      const result = await present(auth, token);
      expectUnavailable(result, "introspection");
      expect(result.auth.state === "unavailable" && result.auth.error.headers["Retry-After"]).toBe("5");
    }
    expect((performance.now() - started) / 100).toBeLessThan(5);
    expect(questions()).toBe(5);
  });

  it("obeys Retry-After of 429, up to a minute, while words at hand keep counting", async () => {
    const auth = create(introspecting);
    await present(auth, issue());
    server.introspection = refuse(429, { error: "resource_exhausted" }, { "retry-after": "600" });
    const limited = await present(auth, issue({ n: 1 }));
    expectUnavailable(limited, "introspection");
    expect(limited.auth.state === "unavailable" && limited.auth.error.headers["Retry-After"]).toBe("60");
    expectUnavailable(await present(auth, issue({ n: 2 })), "introspection");
    expect(questions()).toBe(2);
    expect((await present(auth, issue())).auth.state).toBe("authenticated");
  });
});

describe("hybrid: the server's last word is the token's issue or an introspection", () => {
  it("a token that was issued just now is taken as it is, at once", async () => {
    const auth = create(hybrid(30));
    await auth.ready();
    const result = auth.authenticate({ headers: { authorization: `Bearer ${issue()}` } });
    expect(result).toMatchObject({ auth: { state: "authenticated", verifiedBy: "signature" } });
    expect(questions()).toBe(0);
  });

  it("an older one is asked about, once in that time", async () => {
    const auth = create(hybrid(30));
    const token = issue({ iat: nowSeconds - 30 });
    const { auth: how } = await present(auth, token);
    expect(how).toMatchObject({ state: "authenticated", verifiedBy: "introspection" });
    for (let round = 0; round < 5; round += 1) await present(auth, token);
    expect(questions()).toBe(1);
  });

  it("a token that was kept is asked about when its time is over", async () => {
    const auth = create(hybrid(30));
    const token = issue({ iat: nowSeconds - 29.9 });
    for (let round = 0; round < 3; round += 1) {
      expect((await present(auth, token)).auth).toMatchObject({ verifiedBy: "signature" });
    }
    server.introspection = inactive;
    nowMs += 100;
    await expect.poll(async () => (await present(auth, token)).auth.state).toBe("rejected");
    expectInvalidToken(await present(auth, token), "inactive");
    expect(questions()).toBe(1);
  });

  it("a bad signature is never asked about", async () => {
    const auth = create(hybrid(30));
    const token = issue({ iat: nowSeconds - 100 });
    expectInvalidToken(await present(auth, `${token.slice(0, -8)}AAAAAAAA`), "signature");
    expect(questions()).toBe(0);
  });

  it('onUnavailable "fail": 503 when the server has to be asked and cannot be', async () => {
    server.introspection = refuse(500);
    const auth = create(hybrid(30));
    expectUnavailable(await present(auth, issue({ iat: nowSeconds - 31 })), "introspection");
    expect((await present(auth, issue())).auth.state).toBe("authenticated");
  });

  it("allowStaleSeconds: the local word alone for so long, to the second, then 503", async () => {
    server.introspection = refuse(500);
    const auth = create(hybrid(30, { allowStaleSeconds: 60 }));
    const at = (secondsAgo: number): Promise<AuthResult> => present(auth, issue({ iat: nowSeconds - secondsAgo }));
    expect((await at(89.9)).auth).toMatchObject({ state: "authenticated", verifiedBy: "signature" });
    expectUnavailable(await at(90), "introspection");
  });

  it("allowStaleSeconds does not help a token that the server called inactive", async () => {
    server.introspection = inactive;
    const auth = create(hybrid(30, { allowStaleSeconds: 3_600 }));
    const token = issue({ iat: nowSeconds - 31 });
    expectInvalidToken(await present(auth, token), "inactive");
    server.introspection = refuse(500);
    expectInvalidToken(await present(auth, token), "inactive");
  });
});

describe("requireUser({ freshSeconds })", () => {
  const judge = async (auth: CloudbaseAuth, token: string, freshSeconds: number): Promise<AuthError | undefined> =>
    auth.authorize(await present(auth, token), { freshSeconds });

  it("asks the server unless it did within so many seconds, whatever the mode", async () => {
    const auth = create();
    expect(await judge(auth, issue(), 30)).toBeUndefined();
    expect(await judge(auth, issue(), 30)).toBeUndefined();
    expect(questions()).toBe(1);
  });

  it("answers at once when the word is at hand, and without it only with a promise", async () => {
    const auth = create();
    const result = await present(auth, issue());
    const first = auth.authorize(result, { freshSeconds: 30 });
    expect(first).toBeInstanceOf(Promise);
    await first;
    expect(auth.authorize(result, { freshSeconds: 30 })).toBeUndefined();
    expect(auth.authorize(result)).toBeUndefined();
  });

  it("inactive is 401, out of reach is 503, and who is kept out anyway is not asked about", async () => {
    const auth = create();
    server.introspection = inactive;
    expect(await judge(auth, issue(), 30)).toMatchObject({ code: "invalid_token", reason: "inactive", status: 401 });
    server.introspection = refuse(500);
    const unavailable = { code: "service_unavailable", reason: "introspection", status: 503 };
    expect(await judge(auth, issue({ n: 1 }), 30)).toMatchObject(unavailable);
    const asked = questions();
    const result = await present(auth, issue({ n: 2 }));
    expect(auth.authorize(result, { freshSeconds: 30, groups: ["no-such"] })).toMatchObject({ code: "forbidden" });
    expect(questions()).toBe(asked);
  });

  it("is 503 for a result of another instance, and not a pass", async () => {
    const result = await present(create(), issue());
    const other = create({ envId: "other" });
    expect(await other.authorize(result, { freshSeconds: 1 })).toMatchObject({ status: 503, reason: "internal" });
  });

  it.each([0, -1, 1.5, "30", null, Infinity, NaN])("%j is a TypeError where the route is declared", (freshSeconds) => {
    const auth = create();
    const absent: AuthResult = { auth: { state: "absent" }, user: undefined };
    const declare = (): unknown => auth.authorize(absent, { freshSeconds } as { freshSeconds: number });
    expect(declare).toThrow("requirement.freshSeconds must be a whole number of seconds from 1 up");
  });
});

describe("option verification", () => {
  it.each<[unknown, string]>([
    [null, 'option verification must be { mode: "local" }, { mode: "introspection" } or { mode: "hybrid"'],
    ["hybrid", "option verification must be"],
    [{}, "option verification must be"],
    [{ mode: "remote" }, "option verification must be"],
    [{ mode: "local", introspectAfterSeconds: 3 }, 'mode "local": option introspectAfterSeconds is not known'],
    [{ mode: "hybrid", onUnavailable: "fail" }, "option verification.introspectAfterSeconds must be a whole number"],
    [{ mode: "hybrid", introspectAfterSeconds: 0, onUnavailable: "fail" }, "introspectAfterSeconds must be"],
    [{ mode: "hybrid", introspectAfterSeconds: 3 }, 'onUnavailable must be "fail" or { allowStaleSeconds }'],
    [{ mode: "hybrid", introspectAfterSeconds: 3, onUnavailable: {} }, "allowStaleSeconds must be a whole number"],
    [{ mode: "hybrid", introspectAfterSeconds: 3, onUnavailable: "serve" }, 'must be "fail" or'],
  ])("%j is a TypeError", (verification, message) => {
    expect(() => create({ verification })).toThrow(message);
  });
});
