import { createServer } from "node:http";
import { once } from "node:events";
import { inspect } from "node:util";
import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jwtVerify } from "jose";
import { AuthApiError, createAuthClient, createCloudbaseAuth } from "../src/index.ts";
import type { AuthApiErrorKind, AuthClient, AuthClientOptions } from "../src/index.ts";
import { faults } from "./support/key-server.ts";
import { plenty, startRecorder } from "./support/recorder.ts";
import type { Recorder } from "./support/recorder.ts";
import { issue } from "./support/tokens.ts";

let recorder: Recorder;
const clients: AuthClient[] = [];

beforeEach(async () => {
  recorder = await startRecorder();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await recorder.close();
});

function create(options: AuthClientOptions = {}): AuthClient {
  const client = createAuthClient({ envId: "demo", endpoint: recorder.endpoint, ...options });
  clients.push(client);
  return client;
}

async function failure(call: Promise<unknown>): Promise<AuthApiError> {
  const error: unknown = await call.then(() => "resolved").catch((reason: unknown) => reason);
  if (error instanceof AuthApiError) return error;
  throw new Error(`not an AuthApiError: ${inspect(error)}`);
}

const answerWith = (status: number, body: object | string, headers: Record<string, string> = {}): void => {
  recorder.answer = (_request, response) =>
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
};

describe("errors, keyed on error and never on error_code", () => {
  it.each<[string, AuthApiErrorKind, boolean]>([
    ["invalid_password", "invalid_credentials", false],
    ["invalid_username_or_password", "invalid_credentials", false],
    ["invalid_verification_code", "invalid_credentials", false],
    ["invalid_grant", "invalid_grant", false],
    ["unauthenticated", "unauthenticated", false],
    ["unauthorized", "unauthenticated", false],
    ["two_factor_required", "second_factor_required", false],
    ["phone_required", "second_factor_required", false],
    ["captcha_required", "captcha_required", false],
    ["captcha_invalid", "captcha_required", false],
    ["resource_exhausted", "rate_limited", true],
    ["rate_limit_exceeded", "rate_limited", true],
    ["invalid_status", "locked", false],
    ["unimplemented", "not_enabled", false],
    ["provider_not_enabled", "not_enabled", false],
    ["user_blocked", "user_state", false],
    ["not_found", "not_found", false],
    ["user_not_found", "not_found", false],
    ["already_exists", "already_exists", false],
    ["permission_denied", "permission", false],
    ["invalid_argument", "invalid_input", false],
    ["weak_password", "invalid_input", false],
    ["failed_precondition", "precondition", false],
    ["password_not_set", "precondition", false],
    ["invalid_client", "client", false],
    ["unauthorized_client", "client", false],
    ["unsupported_grant_type", "client", false],
    ["internal", "unavailable", true],
    ["temporarily_unavailable", "unavailable", true],
    ["a_name_on_no_list", "unknown", false],
  ])("%s is %s", async (error, kind, retryable) => {
    answerWith(400, { error, error_code: 4001, error_description: "text" });
    const thrown = await failure(create().signIn({ username: "u", password: "sentinel-password" }));
    expect(thrown).toMatchObject({
      name: "AuthApiError",
      error,
      kind,
      retryable,
      errorCode: 4001,
      description: "text",
      upstreamStatus: 400,
    });
    expect(thrown.requestId).toBe(recorder.requests[0]?.headers["x-request-id"]);
    expect(thrown.message).toBe(`signIn was answered 400 ${error} (${kind}, request ${thrown.requestId})`);
    expect(inspect(thrown)).not.toContain("sentinel");
  });

  it.each<[number, AuthApiErrorKind]>([
    [401, "unauthenticated"],
    [403, "permission"],
    [404, "not_found"],
    [429, "rate_limited"],
    [500, "unavailable"],
    [503, "unavailable"],
    [302, "unavailable"],
    [418, "unknown"],
  ])("status %i with a name on no list, or none, or the gateway's envelope", async (status, kind) => {
    for (const body of [{ error: "odd" }, {}, { code: "ODD", message: "m", requestId: "r" }]) {
      answerWith(status, body);
      expect(await failure(create().refresh({ refreshToken: "rt" }))).toMatchObject({ kind, upstreamStatus: status });
    }
  });

  it("the gateway's envelope gives its code and message; only with a status that says failure", async () => {
    answerWith(403, { code: "ACTION_FORBIDDEN", message: "no", requestId: "r" });
    expect(await failure(create().user.me({ accessToken: "at" }))).toMatchObject({
      error: "ACTION_FORBIDDEN",
      description: "no",
    });
    answerWith(200, { ...plenty, code: "x" });
    expect(await create().user.me({ accessToken: "at" })).toMatchObject({ sub: "1" });
  });

  it("an error member is a failure also with status 200", async () => {
    answerWith(200, { ...plenty, error: "invalid_grant" });
    expect(await failure(create().refresh({ refreshToken: "rt" }))).toMatchObject({
      kind: "invalid_grant",
      upstreamStatus: 200,
    });
  });

  it("RF-09: invalid_grant is the member, not a word in the text", async () => {
    answerWith(400, { error: "temporarily_unavailable", error_description: "not invalid_grant" });
    expect(await failure(create().refresh({ refreshToken: "rt" }))).toMatchObject({
      kind: "unavailable",
      retryable: true,
    });
  });

  it.each<[object, object]>([
    [{ details: [{ limit_remaining: 3 }] }, { limitRemaining: 3 }],
    [{ details: [{ "@type": "x" }, { retry_delay: "900s" }] }, { retryDelaySeconds: 900 }],
    [{ details: [{ retry_delay: "1.5s", limit_remaining: 0 }] }, { limitRemaining: 0, retryDelaySeconds: 1.5 }],
    [{ details: [{ retry_delay: "soon", limit_remaining: "3" }, null, 1] }, {}],
    [{ details: { limit_remaining: 3 } }, {}],
    [{}, {}],
  ])("details %j", async (details, expected) => {
    answerWith(400, { error: "invalid_status", ...details });
    expect((await failure(create().signIn({ username: "u", password: "p" }))).details).toEqual(expected);
  });
});

describe("answers that are none: unavailable, with their beginning only in the cause", () => {
  it.each<[string, number, string]>([
    ["HTML of a proxy", 200, "<html>sentinel</html>"],
    ["HTML with 502", 502, "<html>sentinel</html>"],
    ["an empty body", 200, ""],
    ["a JSON array", 200, '["sentinel"]'],
    ["JSON cut off", 200, '{"access_token":"sentinel'],
    ["a member twice", 200, '{"access_token":"sentinel","access_token":"b","expires_in":1}'],
  ])("%s", async (_title, status, body) => {
    answerWith(status, body);
    const error = await failure(create().refresh({ refreshToken: "rt" }));
    expect(error).toMatchObject({ kind: "unavailable", error: "unreachable", upstreamStatus: status, retryable: true });
    expect(error.message).not.toContain("sentinel");
    expect(String(error.cause)).toContain("the answer is no JSON object; it begins ");
    if (body !== "") expect(String(error.cause)).toContain(JSON.stringify(body).slice(1, 20));
  });

  it("a token that was cut off is not in the cause either", async () => {
    answerWith(200, `{"access_token":"${issue().slice(0, 150)}`);
    const error = await failure(create().refresh({ refreshToken: "rt" }));
    expect(String(error.cause)).toContain('it begins "{\\"access_token\\":\\"…"');
    expect(inspect(error)).not.toContain(issue().slice(0, 30));
  });

  it("a success without what it is for names the members it has, and not their values", async () => {
    answerWith(200, { token_type: "Bearer", expires_in: "7200", access_token: "" });
    const error = await failure(create().signInAnonymously());
    expect(error).toMatchObject({ kind: "unavailable", upstreamStatus: 200 });
    expect(String(error.cause)).toBe(
      "Error: the answer lacks a member that is needed; it has token_type, expires_in, access_token",
    );
  });

  it.each(["a body that is cut off", "a reset connection", "a compressed body", "200 MB"])("%s", async (fault) => {
    recorder.answer = (_request, response) => faults[fault]?.(response.req, response);
    const before = process.memoryUsage().rss;
    const error = await failure(create().refresh({ refreshToken: "sentinel-rt" }));
    expect(error).toMatchObject({ kind: "unavailable", error: "unreachable", upstreamStatus: undefined });
    expect(inspect(error)).not.toContain("sentinel");
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1_024 * 1_024);
  });

  it("1 MiB is read, a byte more is not", async () => {
    const padded = (bytes: number): string =>
      JSON.stringify({ sub: "1", pad: "x".repeat(bytes - '{"sub":"1","pad":""}'.length) });
    answerWith(200, padded(1_048_576));
    expect(await create().user.me({ accessToken: "at" })).toMatchObject({ sub: "1" });
    answerWith(200, padded(1_048_577));
    expect(String((await failure(create().user.me({ accessToken: "at" }))).cause)).toContain("more than 1048576 bytes");
  });

  it("a redirect is not followed", async () => {
    const target = await startRecorder();
    answerWith(302, "{}", { location: target.endpoint });
    expect(await failure(create().user.me({ accessToken: "at" }))).toMatchObject({
      kind: "unavailable",
      upstreamStatus: 302,
    });
    expect(target.requests).toEqual([]);
    await target.close();
  });

  it("refused: the system's code is in the cause", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    server.close();
    const endpoint = `http://127.0.0.1:${String(typeof address === "object" ? address?.port : 0)}`;
    expect(String((await failure(create({ endpoint }).refresh({ refreshToken: "rt" }))).cause)).toContain(
      "ECONNREFUSED",
    );
  });
});

describe("time", () => {
  it("a call ends when its time is over, and the cause says which", async () => {
    recorder.answer = () => undefined;
    const started = performance.now();
    const error = await failure(create().refresh({ refreshToken: "rt" }, { timeoutMs: 120 }));
    expect(error).toMatchObject({ kind: "unavailable", retryable: true });
    expect(String(error.cause)).toMatch(/POST http:\/\/127\.0\.0\.1:\d+\/auth\/v1\/token took longer than 120 ms/);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("an aborted call rejects with the signal's reason", async () => {
    const controller = new AbortController();
    recorder.answer = () => controller.abort(new Error("the user left"));
    await expect(create().refresh({ refreshToken: "rt" }, { signal: controller.signal })).rejects.toThrow(
      "the user left",
    );
    await expect(
      create().user.me({ accessToken: "at" }, { signal: AbortSignal.abort(new Error("before")) }),
    ).rejects.toThrow("before");
    expect(recorder.requests).toHaveLength(1);
  });
});

describe("repetition", () => {
  const failTimes = (times: number, fail: Recorder["answer"]): void => {
    const { answer } = recorder;
    recorder.answer = (request, response) =>
      recorder.requests.length <= times ? fail(request, response) : answer(request, response);
  };
  const status =
    (code: number, headers: Record<string, string> = {}): Recorder["answer"] =>
    (_request, response) =>
      response.writeHead(code, headers).end("{}");

  it.each<[string, Recorder["answer"]]>([
    ["503", status(503)],
    ["429", status(429)],
    ["a reset connection", (_request, response) => response.req.socket.resetAndDestroy()],
  ])("a GET is repeated after %s, twice at the most, under one request id", async (_title, fail) => {
    failTimes(2, fail);
    expect(await create().user.me({ accessToken: "at" })).toMatchObject({ sub: "1" });
    expect(recorder.requests).toHaveLength(3);
    expect(new Set(recorder.requests.map(({ headers }) => headers["x-request-id"])).size).toBe(1);
    recorder.requests.length = 0;
    failTimes(3, fail);
    await failure(create().user.me({ accessToken: "at" }));
    expect(recorder.requests).toHaveLength(3);
  });

  it.each([500, 400, 401, 404])("not after %i", async (code) => {
    recorder.answer = status(code);
    await failure(create().user.me({ accessToken: "at" }));
    expect(recorder.requests).toHaveLength(1);
  });

  it("nothing but a GET is: a refresh least of all", async () => {
    recorder.answer = status(503);
    const client = create();
    const at = { accessToken: "at" };
    for (const call of [
      () => client.refresh({ refreshToken: "rt" }),
      () => client.signIn({ username: "u", password: "p" }),
      () => client.user.revokeAll(at),
      () => client.user.changePassword({ ...at, sudoToken: "st", newPassword: "n" }),
    ]) {
      recorder.requests.length = 0;
      expect(await failure(call())).toMatchObject({ upstreamStatus: 503, retryable: true });
      expect(recorder.requests).toHaveLength(1);
    }
  });

  it("Retry-After is obeyed within the call's time, and told when it asks for more", async () => {
    failTimes(1, status(429, { "retry-after": "1" }));
    const started = performance.now();
    await create().user.me({ accessToken: "at" });
    expect(performance.now() - started).toBeGreaterThan(990);
    recorder.requests.length = 0;
    recorder.answer = status(503, { "retry-after": "60" });
    expect(await failure(create().user.me({ accessToken: "at" }))).toMatchObject({
      retryAfterSeconds: 60,
      kind: "unavailable",
    });
    expect(recorder.requests).toHaveLength(1);
  });
});

describe("ids", () => {
  it("x-device-id is one a client, x-request-id one a call; both can be given", async () => {
    const client = create();
    await client.signInAnonymously();
    await client.signInAnonymously();
    await client.signInAnonymously({}, { deviceId: "phone-1", requestId: "trace-1" });
    const [first, second, third] = recorder.requests.map(({ headers }) => headers);
    expect(first?.["x-device-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.["x-device-id"]).toBe(first?.["x-device-id"]);
    expect(second?.["x-request-id"]).not.toBe(first?.["x-request-id"]);
    expect([third?.["x-device-id"], third?.["x-request-id"]]).toEqual(["phone-1", "trace-1"]);
  });

  it.each<[object, string]>([
    [{ deviceId: "x".repeat(72) }, "deviceId must be at most 71 characters"],
    [{ deviceId: "a\r\nb" }, "deviceId must be a non-empty string of visible ASCII characters"],
    [{ requestId: "" }, "requestId must be a non-empty string of visible ASCII characters"],
  ])("%j is a TypeError", async (options, message) => {
    await expect(create().signInAnonymously({}, options)).rejects.toThrow(new TypeError(message));
  });

  it("an access token that is none is a TypeError that does not show it", async () => {
    for (const accessToken of ["", "sentinel\r\nX: y", undefined, 7]) {
      await expect(create().user.me({ accessToken: accessToken as string })).rejects.toThrow(
        new TypeError("accessToken must be a non-empty string of visible ASCII characters"),
      );
    }
    expect(recorder.requests).toEqual([]);
  });
});

describe("captcha", () => {
  it("the hook is asked, the proof earned, and the call repeated once with it", async () => {
    const { answer } = recorder;
    recorder.answer = (request, response) =>
      request.line.startsWith("POST /auth/v1/signin?") && !request.line.includes("captcha_token")
        ? response.end('{"error":"captcha_required"}')
        : answer(request, response);
    const challenges: unknown[] = [];
    const client = create({
      onCaptcha: (challenge) => {
        challenges.push(challenge);
        return "abcd";
      },
    });
    expect(await client.signIn({ username: "u", password: "p" })).toMatchObject({ accessToken: "an-access-token" });
    expect(challenges).toEqual([
      { image: "data:image/gif;base64,R0lG", token: "k", expiresInSeconds: 7200, call: "signIn" },
    ]);
    expect(recorder.requests.map(({ line, body }) => [line, body])).toEqual([
      ["POST /auth/v1/signin?client_id=demo", '{"username":"u","password":"p"}'],
      ["POST /auth/v1/captcha/data?client_id=demo", "{}"],
      ["POST /auth/v1/captcha/data/verify?client_id=demo", '{"token":"k","key":"abcd"}'],
      ["POST /auth/v1/signin?captcha_token=ct&client_id=demo", '{"username":"u","password":"p"}'],
    ]);
    expect(recorder.requests[3]?.headers["x-captcha-token"]).toBe("ct");
  });

  it("once only; without a hook, or when it gives up, the call rejects with captcha_required", async () => {
    const { answer } = recorder;
    recorder.answer = (request, response) =>
      request.line.includes("/captcha/") ? answer(request, response) : response.end('{"error":"captcha_invalid"}');
    const signIn = (client: AuthClient) => failure(client.signIn({ username: "u", password: "p" }));
    expect(await signIn(create({ onCaptcha: () => "abcd" }))).toMatchObject({ kind: "captcha_required" });
    expect(recorder.requests).toHaveLength(4);
    expect(await signIn(create({ onCaptcha: () => undefined }))).toMatchObject({ kind: "captcha_required" });
    expect(await signIn(create())).toMatchObject({ kind: "captcha_required" });
    await expect(
      create({ onCaptcha: () => Promise.reject(new Error("no screen")) }).signIn({ username: "u", password: "p" }),
    ).rejects.toThrow("no screen");
  });
});

describe("what is asked of the caller", () => {
  it("the documented password change and deletion need a sudo token, the skill text's the old password", async () => {
    const at = { accessToken: "at" };
    const skill = create({ dialect: "skill", clientId: "c", clientSecret: "s" });
    await expect(create().user.changePassword({ ...at, newPassword: "n" })).rejects.toThrow(
      new TypeError("user.changePassword needs sudoToken; get one from user.sudo"),
    );
    await expect(create().user.delete(at)).rejects.toThrow(
      new TypeError("user.delete needs sudoToken; get one from user.sudo"),
    );
    await expect(skill.user.changePassword({ ...at, newPassword: "n" })).rejects.toThrow(
      new TypeError("user.changePassword needs oldPassword in the skill dialect"),
    );
    expect(recorder.requests).toEqual([]);
  });

  it.each<[object, string]>([
    [{ dialect: "skill" }, 'dialect "skill" authenticates the client by Basic; set options clientId and clientSecret'],
    [{ dialect: "seed" }, 'option client.dialect must be "documented" or "skill"'],
    [{ timeoutMs: 0 }, "option client.timeoutMs must be a whole number of milliseconds from 1 to 600000"],
    [{ connectTimeoutMs: "1" }, "option client.connectTimeoutMs must be"],
    [{ deviceId: "" }, "option client.deviceId must be 1 to 71 visible ASCII characters"],
    [{ onCaptcha: true }, "option client.onCaptcha must be a function"],
    [{ retries: 3 }, "option retries is not known"],
    [{ environments: [{ envId: "a" }, { envId: "b" }] }, "option envId has no place beside option environments"],
  ])("%j is a TypeError", (options, message) => {
    expect(() => create(options as AuthClientOptions)).toThrow(message);
  });

  it("auth.client is the same for one environment, and a TypeError for several", async () => {
    const auth = createCloudbaseAuth({ envId: "demo", endpoint: recorder.endpoint, client: { deviceId: "d" } });
    expect(await auth.client.signInAnonymously()).toMatchObject({ accessToken: "an-access-token" });
    expect(recorder.requests[0]?.headers["x-device-id"]).toBe("d");
    expect(() => createCloudbaseAuth({ envId: "demo", client: { retries: 1 } as object })).toThrow(
      "option client.retries is not known",
    );
    const several = createCloudbaseAuth({ environments: [{ envId: "a" }, { envId: "b" }] });
    expect(() => several.client).toThrow("use createAuthClient({ envId }) for each");
    expect({ ...several }).not.toHaveProperty("client");
    expect({ ...auth }.client).toBe(auth.client);
    await auth.close();
  });
});

describe("createTicket, as the official Node SDK makes it", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = {
    private_key_id: "kid-1",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    env_id: "demo",
  };

  it("{private_key_id}/@@/{JWT}, RS256, times in milliseconds", async () => {
    const now = 1_800_000_000_123;
    const ticket = create({ now: () => now }).createTicket({ key, uid: "user-1" });
    const [keyId, jwt = ""] = ticket.split("/@@/");
    expect(keyId).toBe("kid-1");
    const { payload, protectedHeader } = await jwtVerify(jwt, publicKey, { currentDate: new Date(now) });
    expect(protectedHeader).toEqual({ alg: "RS256", typ: "JWT" });
    expect(payload).toEqual({
      alg: "RS256",
      env: "demo",
      iat: now,
      exp: now + 600_000,
      uid: "user-1",
      refresh: 3_600_000,
      expire: now + 604_800_000,
    });
  });

  it.each<[object, string]>([
    [{ key, uid: "abc" }, "uid must be 4 to 32 characters"],
    [{ key, uid: "has space" }, "uid must be 4 to 32 characters"],
    [{ key, uid: "x".repeat(33) }, "uid must be 4 to 32 characters"],
    [{ key: { ...key, env_id: "other" }, uid: "user-1" }, "key is of the environment other, not of demo"],
    [{ key: { ...key, private_key: "sentinel" }, uid: "user-1" }, "key.private_key is not a private key in PEM form"],
    [{ uid: "user-1" }, "key must be the custom login key file"],
  ])("%# is a TypeError without the key in it", (input, message) => {
    const make = (): string => create().createTicket(input as Parameters<AuthClient["createTicket"]>[0]);
    expect(make).toThrow(message);
    expect(make).not.toThrow("sentinel");
  });
});
