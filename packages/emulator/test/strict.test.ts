import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, refusal, signIn, text } from "./support/api.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({
    envId: "demo",
    strict: true,
    users: [{ username: "lihua", email: "li@example.com", password: "Right-1-right" }],
  });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const basic = "demo:any-secret";
const user = { username: "lihua", password: "Right-1-right" };

describe("strict refuses the skill text's", () => {
  it.each([
    ["POST /signin", { basic, body: user }],
    ["POST /signup", { basic, body: {} }],
    ["POST /signin/anonymously", { basic, headers: { "x-device-id": "device-1" }, body: {} }],
    ["POST /verification", { basic, body: { email: "li@example.com", target: "ANY" } }],
    ["POST /verification/verify", { basic, body: {} }],
    ["POST /token", { basic, body: { grant_type: "refresh_token", refresh_token: "x" } }],
    ["GET /token/introspect?token=x", { basic }],
    ["POST /revoke", { basic, body: { token: "x" } }],
    ["GET /token/introspect?token=x", {}],
    ["GET /user/me", { basic }],
  ])("Basic and ?token=: %s %j is 401 unauthenticated", async (line, request) => {
    expect(refusal(await call(emulator, line, request))).toBe("401 unauthenticated");
  });

  it.each([
    ["POST /signin-anonymously", "404 not_found", { headers: { "x-device-id": "device-1" }, body: {} }],
    ["GET /user/providers", "404 not_found", {}],
    ["POST /verification", "400 invalid_argument", { body: { email: "li@example.com" } }],
  ])("%s: %s", async (line, expected, request) => {
    expect(refusal(await call(emulator, line, request))).toBe(expected);
  });

  it.each(["POST /token/clientCredential", "POST /token"])("but not the API key of %s", async (line) => {
    const body = { grant_type: "client_credentials" };
    expect((await call(emulator, line, { basic: "id:key", body })).status).toBe(200);
  });

  it("changes without a sudo_token, for a user; without a user the token is what is missing", async () => {
    const { access: bearer } = await signIn(emulator, user.username, user.password);
    const body = { old_password: user.password, new_password: "Other-1-other" };
    for (const sent of [body, { new_password: "Other-1-other" }, { ...body, sudo_token: "" }]) {
      const answer = await call(emulator, "PATCH /user/password", { bearer, body: sent });
      expect(refusal(answer)).toBe("403 permission_denied");
    }
    expect(refusal(await call(emulator, "DELETE /user/me", { bearer }))).toBe("403 permission_denied");
    expect(refusal(await call(emulator, "DELETE /user/me"))).toBe("401 unauthenticated");
    expect((await call(emulator, "GET /user/me", { bearer })).status).toBe(200);
  });
});

it("strict takes everything that is documented", async () => {
  const { access: bearer, refresh } = await signIn(emulator, user.username, user.password);
  const status = async (...request: Parameters<typeof call> extends [unknown, ...infer Rest] ? Rest : never) =>
    (await call(emulator, ...request)).status;
  expect(await status("POST /signin/anonymously", { headers: { "x-device-id": "device-1" }, body: {} })).toBe(200);
  expect(await status("POST /verification", { body: { email: "li@example.com", target: "ANY" } })).toBe(200);
  expect(await status("GET /token/introspect", { bearer })).toBe(200);
  const grant = { grant_type: "refresh_token", refresh_token: refresh, client_id: "demo", client_secret: "any" };
  expect(await status("POST /token?client_id=demo", { body: grant })).toBe(200);
  const sudo = await call(emulator, "POST /user/sudo", { bearer, body: { password: user.password } });
  const line = `?sudo_token=${text(sudo, "sudo_token")}`;
  expect(await status(`PATCH /user/password${line}`, { bearer, body: { new_password: "Other-1-other" } })).toBe(200);
  expect(await status(`DELETE /user/me${line}`, { bearer })).toBe(200);
  expect(await status("POST /revoke", { bearer: await emulator.issueToken(), body: {} })).toBe(200);
});

it("strict answers no preflight for a path that is not there", async () => {
  const headers = { origin: "http://a.example", "access-control-request-method": "POST" };
  const answer = await fetch(`${emulator.endpoint}/auth/v1/signin-anonymously`, { method: "OPTIONS", headers });
  expect(answer.status).toBe(404);
});

it("is an option that must be true or false", async () => {
  const strict: unknown = "yes";
  await expect(createEmulator({ envId: "demo", strict: strict as boolean })).rejects.toThrow("strict must be");
});
