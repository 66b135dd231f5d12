import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isObject, refusal, text } from "./support/api.ts";
import type { Answer } from "./support/api.ts";

const lines = readFileSync(new URL("seed-curl-lines.txt", import.meta.url), "utf8");
const client = { clientId: "backend", clientSecret: "s3cret:with/odd+signs" };

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({
    envId: "demo",
    ...client,
    users: [
      { email: "test@example.com", password: "your password" },
      { username: "changer", password: "old" },
    ],
  });
});
afterAll(() => emulator.close());

/** Runs a line of the file by the real curl: only `${…}`, `<…>`, the code and the account's own password are filled in. */
async function curl(name: string, fill: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const line = lines.split(/^# \d+ /m).find((block) => block.startsWith(`${name}\n`));
  if (line === undefined) throw new Error(`seed-curl-lines.txt has no line named ${name}`);
  const variables: Readonly<Record<string, string>> = {
    "${base}": `${emulator.endpoint}/auth/v1`,
    "${deviceID}": "backend-service-1",
    "${requestID}": "manual-request-id",
    "${clientId}": client.clientId,
    "${clientSecret}": client.clientSecret,
    ...fill,
  };
  const command = Object.entries(variables).reduce(
    (filled, [variable, value]) => filled.replaceAll(variable, () => value),
    line.slice(name.length),
  );
  const output = await shell(command);
  const [, body = "", status = ""] = /^(.*)\n(\d{3})$/s.exec(output) ?? [];
  const parsed: unknown = JSON.parse(body);
  if (!isObject(parsed)) throw new Error(`${name} answered ${output}`);
  return { status: Number(status), headers: new Headers(), body: parsed };
}

function shell(command: string): Promise<string> {
  const env = {
    PATH: process.env["PATH"],
    CURL_HOME: new URL("support/curl-home", import.meta.url).pathname,
  };
  return new Promise((resolve, reject) => {
    execFile("/bin/sh", ["-c", command], { env }, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === 127) reject(new Error("These tests need curl: install it (apt-get install curl)."));
      else reject(new Error(`curl failed: ${stderr}`, { cause: error }));
    });
  });
}

describe("the curl lines of the official HTTP API skill work as they stand", () => {
  it("scenarios 1, 4, 5, 6 and 7: sign in, refresh, introspect, read, change the password, revoke", async () => {
    const signedIn = await curl("sign-in");
    expect(signedIn.status).toBe(200);

    const refreshed = await curl("refresh", { "<refresh_token>": text(signedIn, "refresh_token") });
    expect(refreshed.status).toBe(200);
    expect(refreshed.body["sub"]).toBe(signedIn.body["sub"]);
    expect(refusal(await curl("refresh", { "<refresh_token>": text(signedIn, "refresh_token") }))).toBe(
      "400 invalid_grant",
    );

    const accessToken = { "${accessToken}": text(refreshed, "access_token") };
    expect(await curl("introspect", accessToken)).toMatchObject({
      status: 200,
      body: { token_type: "Bearer", client_id: "backend", sub: signedIn.body["sub"], scope: "user sso" },
    });
    expect(await curl("current user", accessToken)).toMatchObject({
      status: 200,
      body: { sub: signedIn.body["sub"], email: "test@example.com" },
    });

    expect(await curl("revoke", accessToken)).toMatchObject({ status: 200, body: {} });
    expect(await curl("introspect", accessToken)).toMatchObject({ status: 200, body: {} });
    expect((await curl("introspect", accessToken)).body).toEqual({});
    expect(refusal(await curl("current user", accessToken))).toBe("401 unauthenticated");
  });

  it("scenario 2: send a code, verify it, sign up", async () => {
    const sent = await curl("send code");
    expect(sent).toMatchObject({ status: 200, body: { expires_in: 600, is_user: false } });
    const code = { '"000000"': JSON.stringify(emulator.inbox.latest("+86 13800000000")) };
    const verified = await curl("verify code", { ...code, "<from previous step>": text(sent, "verification_id") });
    expect(verified).toMatchObject({ status: 200, body: { expires_in: 600 } });
    const signedUp = await curl("sign-up", { ...code, "<from verify>": text(verified, "verification_token") });
    expect(signedUp.status).toBe(200);

    const me = await curl("current user", { "${accessToken}": text(signedUp, "access_token") });
    expect(me.body).toMatchObject({
      sub: signedUp.body["sub"],
      phone_number: "+86 13800000000",
      username: "username",
      name: "手机用户",
      has_password: true,
    });
  });

  it("scenario 3: an anonymous user", async () => {
    const first = await curl("anonymous");
    expect(first).toMatchObject({ status: 200, body: { scope: "anonymous" } });
    expect((await curl("anonymous")).body["sub"]).toBe(first.body["sub"]);
  });

  it("scenario 7: a new password without a sudo token, however weak", async () => {
    const account = { "test@example.com": "changer", "your password": "old" };
    const signedIn = await curl("sign-in", account);
    expect(await curl("change password", { "${accessToken}": text(signedIn, "access_token") })).toMatchObject({
      status: 200,
      body: {},
    });
    expect(refusal(await curl("sign-in", account))).toBe("400 invalid_password");
    expect(await curl("sign-in", { ...account, "your password": "new" })).toMatchObject({ status: 200 });
  });

  it.each(["sign-in", "send code", "verify code", "sign-up", "anonymous", "refresh", "introspect", "revoke"])(
    "%s with a wrong client secret: 401 unauthorized_client",
    async (name) => {
      expect(refusal(await curl(name, { "${clientSecret}": "wrong" }))).toBe("401 unauthorized_client");
    },
  );
});
