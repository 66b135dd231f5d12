import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createEmulator } from "@cloudbase-auth/emulator";
import { describe, expect, it, vi } from "vitest";
import { successfulCalls } from "./support/calls.ts";
import { openAtStart, openSockets } from "./support/offline.ts";
import { lihua } from "./support/official.ts";

import "./oauth/sign-in.ts";
import "./oauth/codes.ts";
import "./oauth/refresh.ts";
import "./oauth/anonymous.ts";
import "./oauth/providers.ts";
import "./oauth/password.ts";
import "./oauth/account.ts";
import "./oauth/captcha.ts";
import "./oauth/errors.ts";
import "./js-sdk/sign-in.ts";
import "./js-sdk/codes.ts";
import "./js-sdk/account.ts";
import "./js-sdk/errors.ts";
import "./tickets.ts";

/** A program of somebody else: it signs in, looks at itself and signs out, with both clients. */
const program = `
  import cloudbase from "@cloudbase/js-sdk";
  import { CloudbaseOAuth } from "@cloudbase/oauth";
  const [url, username, password] = process.argv.slice(1);
  const app = cloudbase.init({ env: "demo" });
  for (const key of ["CLOUD_API", "GATEWAY"]) {
    app.registerEndPointWithKey({ key, url: url.replace("http:", ""), protocol: "http" });
  }
  const auth = app.auth({ persistence: "none" });
  await auth.signInWithPassword({ username, password });
  const { data } = await auth.getUser();
  await auth.signOut();
  const items = new Map();
  const storage = {
    getItem: async (key) => items.get(key) ?? null,
    setItem: async (key, value) => void items.set(key, value),
    removeItem: async (key) => void items.delete(key),
  };
  const { authApi } = new CloudbaseOAuth({ apiOrigin: url, clientId: "demo", env: "demo", storage });
  await authApi.signIn({ username, password });
  const me = await authApi.getUserInfo();
  await authApi.signOut();
  console.log(data.user.email, me.name);
`;

/** What succeeded at least once. A method that is missing here is not driven, or fails: see packages/docs. */
const driven = {
  "js-sdk": `
    getAccessToken getClaims getLoginState getSession getUser getUserIdentities isUsernameRegistered
    onAuthStateChange reauthenticate refreshSession refreshUser resend resetPasswordForEmail
    setSession signInAnonymously signInWithCustomTicket signInWithIdToken signInWithOtp
    signInWithPassword signOut signUp updateUser verifyOtp`,
  "node-sdk": `
    createTicket`,
  oauth: `
    bindWithProvider checkIfUserExist checkPassword createCaptchaData deleteMe editContact
    genProviderRedirectUri getCredentials getProviders getUserBehaviorLog getUserInfo
    getVerification grantProviderToken grantToken hasLoginState loginGroups loginScope
    patchProviderToken queryUserProfile refreshTokenForce resetPassword revokeAllDevices
    revokeDevice sendVerificationCodeToCurrentUser setCustomSignFunc setPassword setUserProfile
    signIn signInAnonymously signInCustom signInWithCustomTicket signInWithProvider signOut signUp
    sudo transByProvider unbindProvider updatePasswordByOld updateUserBasicInfo verify
    verifyCaptchaData`,
};

describe("the official SDK", () => {
  it("lets a process end that has signed out", { timeout: 30_000 }, async () => {
    const emulator = await createEmulator({ envId: "demo", users: [lihua] });
    const parameters = ["--input-type=module", "-e", program, emulator.endpoint, lihua.username, lihua.password];
    const child = spawn(process.execPath, parameters, {
      cwd: new URL("../..", import.meta.url),
      env: { PATH: process.env["PATH"], TENCENTCLOUD: "true" },
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (out += text));
    const closed: readonly unknown[] = await once(child, "close");
    await emulator.close();
    expect(out).toBe(`${lihua.email} ${lihua.name}\n`);
    expect(closed[0]).toBe(0);
  });

  it("leaves no socket open", async () => {
    await vi.waitFor(() => expect(openSockets()).toEqual(openAtStart));
  });

  it("was driven through these calls", () => {
    const calls = successfulCalls();
    const distinct = new Set(calls.map((call) => call.split(" ")[1]));
    expect(distinct.size).toBeGreaterThanOrEqual(25);
    const expected = Object.entries(driven).flatMap(([sdk, methods]) =>
      methods
        .trim()
        .split(/\s+/)
        .map((method) => `${sdk} ${method}`),
    );
    expect(calls).toEqual(expected);
  });

  it("is described in packages/docs/official-sdk.md, each row by a test", ({ task }) => {
    const page = readFileSync(new URL("../../../docs/official-sdk.md", import.meta.url), "utf8");
    const rows = page.split("\n## ").flatMap((section) => {
      const [sdk = ""] = section.split(" ", 1);
      const cells = [...section.matchAll(/^\|.*\| ([^|]+?) +\|$/gm)].map(([, cell = ""]) => cell);
      return cells.filter((cell) => cell !== "Test" && !/^-+$/.test(cell)).map((title) => `${sdk} ${title}`);
    });
    const titles = task.file.tasks.flatMap((suite) =>
      suite.type === "suite" ? suite.tasks.map(({ name }) => `${suite.name.split(":", 1)[0] ?? ""} ${name}`) : [],
    );
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((row) => !titles.includes(row))).toEqual([]);
  });
});
