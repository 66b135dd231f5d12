import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { CustomLoginKeyFile, Emulator, EmulatorOptions } from "@cloudbase-auth/emulator";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refusal, signIn, text } from "./support/api.ts";
import { aString, like } from "./support/matchers.ts";

let emulator: Emulator;
let key: CustomLoginKeyFile;
beforeAll(async () => {
  emulator = await createEmulator({
    envId: "demo",
    clientId: "app",
    clientSecret: "app-secret",
    secretId: "AKID1",
    secretKey: "the:key",
    users: [{ username: "lihua", password: "right" }],
  });
  key = await emulator.customLoginKey();
});
afterAll(() => emulator.close());

/** A ticket in the official Node SDK's form; members of `changes` are laid over. */
function ticket(changes: object = {}, header: object = {}, privateKey?: KeyObject, id = key.private_key_id): string {
  const now = emulator.clock.now();
  const payload = {
    alg: "RS256",
    env: "demo",
    iat: now,
    exp: now + 10 * 60 * 1000,
    uid: "user-1",
    refresh: 3_600_000,
    expire: now + 7 * 24 * 3600 * 1000,
    ...changes,
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const input = `${encode({ alg: "RS256", typ: "JWT", ...header })}.${encode(payload)}`;
  const signature = sign("sha256", Buffer.from(input), privateKey ?? createPrivateKey(key.private_key));
  return `${id}/@@/${input}.${signature.toString("base64url")}`;
}

const signInCustom = (value: unknown, more: object = {}, at = emulator) =>
  call(at, "POST /signin/custom", { body: { provider_id: "custom", ticket: value, ...more } });

describe("the key file of custom sign-in", () => {
  it("has the official Node SDK's three members, is the same each time, and over HTTP", async () => {
    expect(key).toEqual({
      private_key_id: like(/^[\w-]{36}$/),
      private_key: like(/^-----BEGIN PRIVATE KEY-----/),
      env_id: "demo",
    });
    expect(await emulator.customLoginKey()).toEqual(key);
    expect((await call(emulator, "GET /emulator/custom-login-key")).body).toEqual(key);
  });

  it("may be given: as a file, or its public half, of 1024 bits too", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const own = {
      private_key_id: "own",
      private_key: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
      env_id: "demo",
    };
    const half = {
      private_key_id: "half",
      public_key: publicKey.export({ type: "spki", format: "pem" }).toString(),
      env_id: "demo",
    };
    const given = await createEmulator({ envId: "demo", customLoginKeys: [half, own] });
    expect(await given.customLoginKey()).toEqual(own);
    for (const id of ["own", "half"]) {
      expect((await signInCustom(ticket({}, {}, privateKey, id), {}, given)).status).toBe(200);
    }
    expect(refusal(await signInCustom(ticket(), {}, given))).toBe("400 invalid_argument");
    await given.close();
  });

  it.each<[string, object]>([
    ["customLoginKeys[0].env_id must be", { private_key_id: "a", public_key: "x", env_id: "other" }],
    ["customLoginKeys[0].private_key_id must be", { private_key_id: "a/@@/b", public_key: "x", env_id: "demo" }],
    ["customLoginKeys[0] needs a private_key or", { private_key_id: "a", public_key: "x", env_id: "demo" }],
  ])("throws TypeError: %s", async (message, given) => {
    // @ts-expect-error -- wrong on purpose
    await expect(createEmulator({ envId: "demo", customLoginKeys: [given] })).rejects.toThrow(message);
  });
});

describe("POST /auth/v1/signin/custom", () => {
  it("makes a user for a uid, and finds it again", async () => {
    const first = await signInCustom(ticket());
    expect(first.body).toMatchObject({ expires_in: 7200, refresh_token: aString, sub: like(/^\d{19}$/) });
    expect(decodeJwt(text(first, "access_token"))).toMatchObject({ provider_type: "custom", provider_sub: "user-1" });
    expect((await signInCustom(ticket(), { provider_id: undefined })).body["sub"]).toBe(first.body["sub"]);
    expect((await signInCustom(ticket({ uid: "user-2" }))).body["sub"]).not.toBe(first.body["sub"]);
    const refresh = { body: { grant_type: "refresh_token", refresh_token: text(first, "refresh_token") } };
    expect((await call(emulator, "POST /token", refresh)).status).toBe(200);
  });

  it.each(["a-_#", "@~=*(){}[]:.,<>+", "x".repeat(32)])("takes the uid %j", async (uid) => {
    expect((await signInCustom(ticket({ uid }))).status).toBe(200);
  });

  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  it.each<[string, () => unknown]>([
    ["no ticket", () => undefined],
    ["no separator", () => "x"],
    ["an unknown key", () => ticket({}, {}, undefined, "unknown")],
    ["__proto__ as the key", () => ticket({}, {}, undefined, "__proto__")],
    ["a foreign signature", () => ticket({}, {}, stranger)],
    ["a changed payload", () => ticket().replace(/\.[^.]+\./, ".e30.")],
    ["no signature", () => ticket().replace(/[^.]+$/, "")],
    ["alg none", () => ticket({}, { alg: "none" })],
    ["alg HS256", () => ticket({}, { alg: "HS256" })],
    ["another environment", () => ticket({ env: "other" })],
    ["its end reached", () => ticket({ exp: emulator.clock.now() })],
    ["times in seconds", () => ticket({ iat: 1_795_000_000, exp: 4_000_000_000 })],
    ["no exp", () => ticket({ exp: undefined })],
    ["a text as exp", () => ticket({ exp: "9999999999999" })],
    ["a short uid", () => ticket({ uid: "abc" })],
    ["a long uid", () => ticket({ uid: "x".repeat(33) })],
    ["a uid with a space", () => ticket({ uid: "user 1" })],
    ["a number as uid", () => ticket({ uid: 12345 })],
    ["two tickets", () => `${ticket()}/@@/x`],
    ["no JSON", () => `${key.private_key_id}/@@/eA.eA.eA`],
  ])("refuses %s: 400 invalid_argument", async (_title, make) => {
    expect(refusal(await signInCustom(make()))).toBe("400 invalid_argument");
  });

  it("takes milliseconds at their word: ten minutes, and not one more", async () => {
    const value = ticket();
    emulator.clock.advance(599);
    expect((await signInCustom(value)).status).toBe(200);
    emulator.clock.advance(1);
    expect(refusal(await signInCustom(value))).toBe("400 invalid_argument");
    emulator.clock.reset();
  });

  it("is 404 provider not found for another provider, and when it is off", async () => {
    const other = await signInCustom(ticket(), { provider_id: "wechat" });
    expect([refusal(other), other.body["error_description"]]).toEqual(["404 not_found", "provider not found"]);
    const off = await createEmulator({ envId: "demo", settings: { loginMethods: { custom: false } } });
    expect(refusal(await signInCustom(ticket(), {}, off))).toBe("404 not_found");
    await off.close();
  });
});

describe("client credentials", () => {
  const grant = (path: string, basic: string | undefined, grantType = "client_credentials", query = "") =>
    call(emulator, `POST ${path}${query}`, { basic, body: { grant_type: grantType } });

  it.each(["/token/clientCredential", "/token"])("POST %s: an administrator's token for five days", async (path) => {
    const answer = await grant(path, "AKID1:the:key");
    expect(answer.body).toEqual({ token_type: "Bearer", access_token: aString, expires_in: 432_000 });
    const claims = decodeJwt(text(answer, "access_token"));
    expect(claims).toMatchObject({
      sub: "AKID1",
      aud: "demo",
      scope: "client_credentials",
      client_type: "client_server",
      is_system_admin: true,
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(432_000);
    const bearer = text(answer, "access_token");
    expect((await call(emulator, "GET /token/introspect", { bearer })).body).toMatchObject({ sub: "AKID1" });
  });

  it.each<[string, string | undefined, string, string]>([
    ["/token/clientCredential", "AKID1:wrong", "client_credentials", "401 unauthorized_client"],
    ["/token/clientCredential", "AKID2:the:key", "client_credentials", "401 invalid_client"],
    ["/token/clientCredential", "app:app-secret", "client_credentials", "401 invalid_client"],
    ["/token/clientCredential", undefined, "client_credentials", "401 unauthenticated"],
    ["/token/clientCredential", "AKID1:the:key", "password", "400 unsupported_grant_type"],
    ["/token/clientCredential", "AKID1:the:key", "", "400 invalid_argument"],
    ["/token", "AKID1:wrong", "client_credentials", "401 unauthorized_client"],
    ["/token", undefined, "client_credentials", "401 unauthenticated"],
  ])("POST %s with Basic %s and grant_type %s: %s", async (path, basic, grantType, expected) => {
    expect(refusal(await grant(path, basic, grantType))).toBe(expected);
  });

  it("the aud is the query's client_id; an unknown one is refused; TC3 is not checked here", async () => {
    const answer = await grant("/token/clientCredential", "AKID1:the:key", undefined, "?client_id=app");
    expect(decodeJwt(text(answer, "access_token")).aud).toBe("app");
    const unknown = await grant("/token/clientCredential", "AKID1:the:key", undefined, "?client_id=other");
    expect(refusal(unknown)).toBe("401 invalid_client");
    const signed = await call(emulator, "POST /token/clientCredential", {
      headers: { authorization: "TC3-HMAC-SHA256 Credential=AKID1/2026-01-01/tcb/tc3_request, Signature=00" },
      body: { grant_type: "client_credentials" },
    });
    expect(refusal(signed)).toBe("501 unimplemented");
  });

  it("without secretId any key is taken at its word", async () => {
    const open = await createEmulator({ envId: "demo" });
    const body = { grant_type: "client_credentials" };
    expect((await call(open, "POST /token/clientCredential", { basic: "any:thing", body })).status).toBe(200);
    await open.close();
  });

  it.each<[string, Partial<EmulatorOptions>]>([
    ["secretId and secretKey belong together", { secretId: "a" }],
    ["secretId and secretKey belong together", { secretKey: "a" }],
    ["secretId must not contain a colon", { secretId: "a:b", secretKey: "c" }],
    ["secretKey must be a string", { secretId: "a", secretKey: "" }],
    // @ts-expect-error -- wrong on purpose
    ["users[0].status must be", { users: [{ username: "a", status: "GONE" }] }],
  ])("throws TypeError: %s", async (message, options) => {
    await expect(createEmulator({ envId: "demo", ...options })).rejects.toThrow(message);
  });
});

describe("X-Cloudbase-Context", () => {
  const read = (header: string): unknown => JSON.parse(gunzipSync(Buffer.from(header, "base64")).toString("utf8"));
  const usual = { envId: "demo", uin: aString, source: aString, serviceName: aString, serviceVersion: aString };

  it("says UNAUTHORIZED without a token, and the user with one", async () => {
    expect(read(await emulator.cloudbaseContext())).toEqual({ ...usual, authMethod: "UNAUTHORIZED", userType: "NONE" });
    const { access: accessToken, sub: userId } = await signIn(emulator, "lihua", "right");
    expect(read(await emulator.cloudbaseContext({ accessToken, serviceName: "mine" }))).toEqual({
      ...usual,
      serviceName: "mine",
      authMethod: "TCB_OAUTH2_C",
      userType: "C_SIDE_USER",
      userId,
      accessToken,
    });
    const { body } = await call(emulator, "POST /emulator/context", { body: { accessToken } });
    expect(read(text({ status: 200, body }, "header"))).toMatchObject({ userId });
  });

  it("says administrator for a token of client credentials", async () => {
    const accessToken = await emulator.issueToken({ is_system_admin: true });
    expect(read(await emulator.cloudbaseContext({ accessToken }))).toMatchObject({
      authMethod: "TCB_OAUTH2_B",
      userType: "B_SIDE_USER",
      isAdministrator: true,
    });
  });

  it("is not minted for a token that the gateway would refuse", async () => {
    await expect(emulator.cloudbaseContext({ accessToken: "x" })).rejects.toThrow(TypeError);
    const answer = await call(emulator, "POST /emulator/context", { body: { accessToken: "x" } });
    expect(refusal(answer)).toBe("400 invalid_argument");
  });
});
