import { generateKeyPairSync } from "node:crypto";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { call, refusal, signIn, text, tokens } from "./support/api.ts";
import { like } from "./support/matchers.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({
    envId: "demo",
    issuer: "http://demo.ap-shanghai.tcb-api.tencentcloudapi.com",
    users: [{ username: "lihua", password: "right" }],
  });
});
afterAll(() => emulator.close());
afterEach(() => emulator.clock.reset());

const me = (bearer: string) => call(emulator, "GET /user/me", { bearer });
const introspect = (bearer: string) => call(emulator, "GET /token/introspect", { bearer });
const refresh = (refreshToken: string) =>
  call(emulator, "POST /token", { body: { grant_type: "refresh_token", refresh_token: refreshToken } });

describe("POST /auth/v1/token, refresh_token (RFC 6749 §6)", () => {
  it("rotates: new tokens for the same user, the old refresh token dead at once, the old access token alive", async () => {
    const first = await signIn(emulator, "lihua", "right");
    const second = tokens(await refresh(first.refresh));
    expect(second.sub).toBe(first.sub);
    expect(second.refresh).not.toBe(first.refresh);
    expect(second.access).not.toBe(first.access);
    expect(refusal(await refresh(first.refresh))).toBe("400 invalid_grant");
    expect((await refresh(second.refresh)).status).toBe(200);
    expect((await me(first.access)).status).toBe(200);
  });

  it("lets one of many simultaneous uses win", async () => {
    const { refresh: token } = await signIn(emulator, "lihua", "right");
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("keeps the aud of the sign-in, whoever refreshes", async () => {
    const body = { username: "lihua", password: "right" };
    const { refresh: token } = tokens(await call(emulator, "POST /signin?client_id=app", { body }));
    expect(decodeJwt(tokens(await refresh(token)).access).aud).toBe("app");
  });

  it("ends 30 days after the sign-in, however often it was rotated", async () => {
    emulator.clock.set(Date.UTC(2030, 0));
    const first = await signIn(emulator, "lihua", "right");
    emulator.clock.advance(29 * 86_400);
    const second = tokens(await refresh(first.refresh));
    emulator.clock.advance(86_400 - 0.001);
    const third = tokens(await refresh(second.refresh));
    emulator.clock.advance(0.001);
    expect(refusal(await refresh(third.refresh))).toBe("400 invalid_grant");
  });

  it.each([
    ["no grant_type", {}, "400 invalid_argument"],
    ["an unknown grant_type", { grant_type: "magic" }, "400 unsupported_grant_type"],
    ["no refresh_token", { grant_type: "refresh_token" }, "400 invalid_argument"],
    ["an invented refresh_token", { grant_type: "refresh_token", refresh_token: "x" }, "400 invalid_grant"],
    ["password without username", { grant_type: "password", password: "right" }, "400 invalid_argument"],
    ["a wrong password", { grant_type: "password", username: "lihua", password: "x" }, "400 invalid_password"],
  ])("refuses %s", async (_title, body, expected) => {
    expect(refusal(await call(emulator, "POST /token", { body }))).toBe(expected);
  });

  it("refuses an access token as refresh token", async () => {
    const { access } = await signIn(emulator, "lihua", "right");
    expect(refusal(await refresh(access))).toBe("400 invalid_grant");
  });

  it("grants by password", async () => {
    const body = { grant_type: "password", username: "lihua", password: "right" };
    expect((await me(tokens(await call(emulator, "POST /token", { body })).access)).status).toBe(200);
  });
});

describe("an access token", () => {
  it("works until exp, 7200 seconds after iat", async () => {
    emulator.clock.set(Date.UTC(2030, 0));
    const { access } = await signIn(emulator, "lihua", "right");
    emulator.clock.advance(7199);
    expect((await me(access)).status).toBe(200);
    emulator.clock.advance(1);
    const answer = await me(access);
    expect(refusal(answer)).toBe("401 unauthenticated");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="demo"');
    expect((await introspect(access)).body).toEqual({});
  });

  it.each(["POST /token", "POST /signin/anonymously", "POST /signin-anonymously"])(
    "makes %s fail when it is sent along stale",
    async (line) => {
      const { access, refresh: token } = await signIn(emulator, "lihua", "right");
      const body = { grant_type: "refresh_token", refresh_token: token };
      const headers = { "x-device-id": "d" };
      emulator.clock.advance(7200);
      const stale = await call(emulator, line, { bearer: access, headers, body });
      expect(refusal(stale)).toBe("400 failed_precondition");
      expect(stale.body["error_description"]).toBe("token expiry");
      expect(refusal(await call(emulator, line, { bearer: "garbage", headers, body }))).toBe("401 unauthenticated");
      expect((await call(emulator, line, { headers, body })).status).toBe(200);
    },
  );
});

describe("GET /auth/v1/token/introspect", () => {
  it("tells about a valid token: Bearer, or ?token= with Basic", async () => {
    const { access, sub } = await signIn(emulator, "lihua", "right");
    const expected = { token_type: "Bearer", client_id: "demo", sub, scope: "user sso" };
    expect((await introspect(access)).body).toEqual(expected);
    const byQuery = await call(emulator, `GET /token/introspect?token=${access}`, { basic: "a:b" });
    expect(byQuery.body).toEqual(expected);
  });

  it.each<[string, () => Promise<string> | string]>([
    ["garbage", () => "garbage"],
    ["three parts of garbage", () => "a.b.c"],
    ["an expired token", () => emulator.issueToken({ exp: 1 })],
    ["a token that is not valid yet", () => emulator.issueToken({ nbf: 99_999_999_999 })],
    ["another issuer", () => emulator.issueToken({ iss: "https://elsewhere.example" })],
    ["another environment", () => emulator.issueToken({ project_id: "other" })],
    ["no sub", () => emulator.issueToken({ sub: undefined })],
    ["no exp", () => emulator.issueToken({ exp: undefined })],
    ["no aud", () => emulator.issueToken({ aud: undefined })],
    ["no scope", () => emulator.issueToken({ scope: undefined })],
    ["a refresh token", async () => (await signIn(emulator, "lihua", "right")).refresh],
    [
      "a verification_id",
      async () => text(await call(emulator, "POST /verification", { body: { email: "a@b.cn" } }), "verification_id"),
    ],
    ["a changed signature", async () => changed(await emulator.issueToken())],
    ["alg none", async () => unsigned(await emulator.issueToken())],
    ["a foreign key under our kid", async () => foreign(await emulator.issueToken())],
  ])("answers {} with 200 for %s, and user endpoints refuse it", async (_title, make) => {
    const token = await make();
    const answer = await introspect(token);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({});
    expect(refusal(await me(token))).toBe("401 unauthenticated");
  });

  it.each([
    ["no token at all", "GET /token/introspect", {}, "401 unauthenticated"],
    ["?token= without Basic", "GET /token/introspect?token=x", {}, "401 invalid_client"],
    ["Basic without a token", "GET /token/introspect", { basic: "a:b" }, "400 invalid_argument"],
  ])("refuses %s", async (_title, line, request, expected) => {
    expect(refusal(await call(emulator, line, request))).toBe(expected);
  });
});

describe("POST /auth/v1/revoke", () => {
  it.each<[string, (access: string) => [string, object]]>([
    ["Bearer", (access) => ["POST /revoke", { bearer: access }]],
    ["Bearer and { token }", (access) => ["POST /revoke", { bearer: access, body: { token: access } }]],
    ["{ token } with Basic", (access) => ["POST /revoke", { basic: "a:b", body: { token: access } }]],
    ["{ token } with client_id", (access) => ["POST /revoke?client_id=demo", { body: { token: access } }]],
  ])("%s: the access token is dead, the refresh token lives", async (_title, form) => {
    const session = await signIn(emulator, "lihua", "right");
    const other = await signIn(emulator, "lihua", "right");
    const [line, request] = form(session.access);
    const answer = await call(emulator, line, request);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({});
    expect((await introspect(session.access)).body).toEqual({});
    expect(refusal(await me(session.access))).toBe("401 unauthenticated");
    expect((await me(other.access)).status).toBe(200);
    expect((await refresh(session.refresh)).status).toBe(200);
  });

  it("a refresh token: the whole session is dead (RFC 7009 §2.1)", async () => {
    const session = await signIn(emulator, "lihua", "right");
    expect((await call(emulator, "POST /revoke", { body: { token: session.refresh } })).status).toBe(200);
    expect(refusal(await refresh(session.refresh))).toBe("400 invalid_grant");
    expect((await introspect(session.access)).body).toEqual({});
  });

  it("an unknown token: 200 (RFC 7009 §2.2); none: invalid_argument", async () => {
    expect((await call(emulator, "POST /revoke", { body: { token: "unknown" } })).status).toBe(200);
    expect(refusal(await call(emulator, "POST /revoke", { body: {} }))).toBe("400 invalid_argument");
  });

  it("another spelling of the signature is the same token, and revoked too", async () => {
    const token = await emulator.issueToken();
    const last = token.at(-1) ?? "";
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const spelled = token.slice(0, -1) + (alphabet[alphabet.indexOf(last) + 1] ?? "");
    await call(emulator, "POST /revoke", { bearer: token });
    expect((await introspect(spelled)).body).toEqual({});
  });
});

describe("POST /auth/v1/user/signout", () => {
  it("ends the access tokens and the refresh token of the session, not those of another one", async () => {
    const first = await signIn(emulator, "lihua", "right");
    const other = await signIn(emulator, "lihua", "right");
    const second = tokens(await refresh(first.refresh));
    expect((await call(emulator, "POST /user/signout", { bearer: second.access })).body).toEqual({});
    for (const access of [first.access, second.access]) {
      expect((await introspect(access)).body).toEqual({});
      expect(refusal(await me(access))).toBe("401 unauthenticated");
    }
    expect(refusal(await refresh(second.refresh))).toBe("400 invalid_grant");
    expect((await refresh(other.refresh)).status).toBe(200);
    expect(refusal(await call(emulator, "POST /user/signout", { bearer: second.access }))).toBe("401 unauthenticated");
  });

  it("gives redirect_uri back with state", async () => {
    const redirect = { redirect_uri: "https://app.example/bye?a=1", state: "xyz" };
    const answer = await call(emulator, "POST /user/signout", { bearer: await emulator.issueToken(), body: redirect });
    expect(answer.body).toEqual({ redirect_uri: "https://app.example/bye?a=1&state=xyz" });
    const bad = { bearer: await emulator.issueToken(), body: { redirect_uri: "nowhere" } };
    expect(refusal(await call(emulator, "POST /user/signout", bad))).toBe("400 invalid_argument");
  });
});

describe("GET /auth/v1/certs, read by a foreign verifier", () => {
  const remote = () => createRemoteJWKSet(new URL(`${emulator.endpoint}/auth/v1/certs`), { cooldownDuration: 0 });
  const strict = { issuer: "http://demo.ap-shanghai.tcb-api.tencentcloudapi.com", audience: "demo" };

  it("publishes two RS256 keys of 2048 bits and nothing private", async () => {
    const { keys } = (await call(emulator, "GET /certs")).body;
    const key = {
      kid: like(/^[0-9a-f-]{36}$/),
      kty: "RSA",
      alg: "RS256",
      use: "sig",
      n: like(/^[\w-]{342}$/),
      e: "AQAB",
    };
    expect(keys).toEqual([key, key]);
  });

  it("verifies a sign-in, an anonymous visit and issueToken", async () => {
    const headers = { "x-device-id": "d" };
    const anonymous = text(await call(emulator, "POST /signin/anonymously", { headers }), "access_token");
    for (const token of [(await signIn(emulator, "lihua", "right")).access, anonymous, await emulator.issueToken()]) {
      await expect(jwtVerify(token, remote(), strict)).resolves.toBeDefined();
    }
  });

  it("knows the next signer before a rotation; the dropped key's tokens are foreign", async () => {
    const cached = remote();
    const before = await emulator.issueToken();
    await jwtVerify(before, cached, strict);
    await emulator.rotateKeys();
    const after = await emulator.issueToken();
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    await expect(jwtVerify(after, cached, { ...strict })).resolves.toBeDefined();
    await expect(jwtVerify(before, remote(), strict)).rejects.toThrow(errors.JWKSNoMatchingKey);
    expect((await introspect(before)).body).toEqual({});
    expect((await introspect(after)).body).not.toEqual({});
    await Promise.all([emulator.rotateKeys(), emulator.rotateKeys()]);
    await expect(jwtVerify(await emulator.issueToken(), cached, strict)).resolves.toBeDefined();
  });
});

describe("issueToken", () => {
  it("overlays claims and removes those given as undefined", async () => {
    const claims = decodeJwt(await emulator.issueToken({ sub: "1001", groups: ["admin"], at_hash: undefined }));
    expect(claims).toMatchObject({ sub: "1001", groups: ["admin"], aud: "demo", scope: "user sso" });
    expect(claims).not.toHaveProperty("at_hash");
  });

  it("makes up a new user each time, whom user/me knows by the token", async () => {
    const [one, other] = [await emulator.issueToken({ name: "Li", groups: ["a"] }), await emulator.issueToken()];
    expect(decodeJwt(one).sub).toMatch(/^\d{19}$/);
    expect(decodeJwt(one).sub).not.toBe(decodeJwt(other).sub);
    expect((await me(one)).body).toMatchObject({ sub: decodeJwt(one).sub, name: "Li", groups: [{ id: "a" }] });
  });
});

function changed(token: string): string {
  const at = token.lastIndexOf(".") + 10;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

function unsigned(token: string): string {
  const header = Buffer.from('{"alg":"none"}').toString("base64url");
  return `${header}.${token.split(".")[1] ?? ""}.`;
}

function foreign(token: string): Promise<string> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = decodeProtectedHeader(token).kid ?? "";
  return new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
}
