import { afterAll, describe, expect, it } from "vitest";
import { accessTokenOf, appOf, text } from "./support/app.ts";
import { anyOf, matching } from "./support/matchers.ts";
import { memberOf, userIdOf, byPassword } from "./support/people.ts";
import { createStages, lihua, newcomer, password } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";
import { secretForms } from "./support/visitor.ts";
import type { Answer } from "./support/visitor.ts";

const stages = createStages();
afterAll(() => stages.close());

const deviceId = "device-of-the-app-1";
const jwt = matching(/^eyJ/);

async function prove({ post }: ReturnType<typeof appOf>, { codeFor }: Stage, email: string): Promise<string> {
  const sent = await post("/verification", { email });
  expect(Object.keys(sent.json as object)).toEqual(["verificationId", "expiresInSeconds"]);
  const verificationId = text(sent, "verificationId");
  return text(await post("/verification/verify", { verificationId, code: codeFor(email) }), "verificationToken");
}

describe("mode tokens", () => {
  it("a sign-in gives the tokens in the body, and GET /me takes the bearer token", async () => {
    const app = appOf(await stages.open());
    const answer = await app.post("/signin", { ...byPassword, deviceId });
    expect(answer).toMatchObject({
      status: 200,
      json: {
        user: { name: "Li Hua" },
        tokens: { accessToken: jwt, refreshToken: anyOf(String), tokenType: "Bearer", expiresInSeconds: 7_200 },
      },
      headers: { "Cache-Control": "no-store", Vary: "Authorization" },
    });
    expect(answer.text).toMatch(secretForms);
    expect(await app.call("GET", "/me", undefined, accessTokenOf(answer))).toMatchObject({
      status: 200,
      json: { user: { email: lihua.email }, profile: { username: "lihua" } },
    });
  });

  it("a code: sent, shown, and then the token of it signs in, signs up and resets", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    expect(await app.post("/signin", { verificationToken: await prove(app, stage, lihua.email) })).toMatchObject({
      status: 200,
    });
    const signUp = { email: newcomer, verificationToken: await prove(app, stage, newcomer), name: "New" };
    expect(await app.post("/signup", signUp)).toMatchObject({
      status: 200,
      json: { user: { name: "New" }, tokens: { accessToken: jwt } },
    });
    const newPassword = "Sentinel-5678";
    const reset = { email: lihua.email, verificationToken: await prove(app, stage, lihua.email), newPassword };
    expect((await app.post("/reset", reset)).status).toBe(204);
    expect((await app.post("/signin", { ...byPassword, password: newPassword })).status).toBe(200);
  });

  it("an anonymous user is told by the device, and keeps the user id when signing up", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const anonymous = await app.post("/anonymous", { deviceId });
    expect(anonymous).toMatchObject({ status: 200, json: { user: { isAnonymous: true } } });
    expect(userIdOf(await app.post("/anonymous", { deviceId }))).toBe(userIdOf(anonymous));
    const signUp = { email: newcomer, verificationToken: await prove(app, stage, newcomer) };
    const person = await app.post("/signup", signUp, accessTokenOf(anonymous));
    expect(person).toMatchObject({ status: 200, json: { user: { isAnonymous: false } } });
    expect(userIdOf(person)).toBe(userIdOf(anonymous));
  });

  it("without a device nobody is anonymous: all would be the same user", async () => {
    const app = appOf(await stages.open());
    expect(await app.post("/anonymous", {})).toMatchObject({
      status: 400,
      json: { errors: [{ field: "deviceId", problem: "required" }] },
    });
  });

  it("a sign-up with a bearer token that is no good is 401, and nobody is signed up", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const body = { email: newcomer, verificationToken: await prove(app, stage, newcomer) };
    expect(await app.post("/signup", body, "eyJhbGciOiJub25lIn0.e30.x")).toMatchObject({
      status: 401,
      json: { code: "invalid_token" },
    });
  });

  it("a refresh gives the next tokens; the old refresh token again gives the same; a wrong one is 401", async () => {
    const app = appOf(await stages.open());
    const signedIn = await app.post("/signin", byPassword);
    const refreshToken = text(signedIn, "tokens", "refreshToken");
    const [first, second] = [
      await app.post("/refresh", { refreshToken }),
      await app.post("/refresh", { refreshToken }),
    ];
    expect(first).toMatchObject({ status: 200, json: { user: { email: lihua.email }, tokens: { accessToken: jwt } } });
    expect(second.json).toEqual(first.json);
    expect(text(first, "tokens", "refreshToken")).not.toBe(refreshToken);
    expect(await app.post("/refresh", { refreshToken: "made-up" })).toMatchObject({
      status: 401,
      json: { code: "refresh_rejected" },
    });
  });

  it("a sign-out ends the tokens here and at the server; everywhere ends all", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const [one, two] = [await app.post("/signin", byPassword), await app.post("/signin", byPassword)];
    const me = async (answer: Answer) => (await app.call("GET", "/me", undefined, accessTokenOf(answer))).status;
    expect(await app.post("/signout", undefined, accessTokenOf(one))).toMatchObject({
      json: { here: true, server: "revoked" },
    });
    expect([await me(one), await me(two)]).toEqual([401, 200]);
    expect((await app.post("/refresh", { refreshToken: text(one, "tokens", "refreshToken") })).status).toBe(401);
    expect(await app.post("/signout/everywhere", undefined, accessTokenOf(two))).toMatchObject({
      json: { server: "revoked" },
    });
    expect(await me(two)).toBe(401);
    expect((await app.post("/refresh", { refreshToken: text(two, "tokens", "refreshToken") })).status).toBe(401);
    expect((await app.post("/signout")).status).toBe(401);
  });

  it("the refresh token from before an exchange gets nothing after a sign-out, and is not told to try again", async () => {
    const app = appOf(await stages.open());
    const refreshToken = text(await app.post("/signin", byPassword), "tokens", "refreshToken");
    const accessToken = accessTokenOf(await app.post("/refresh", { refreshToken }));
    expect((await app.post("/signout", undefined, accessToken)).status).toBe(200);
    expect(await app.post("/refresh", { refreshToken })).toMatchObject({
      status: 401,
      json: { code: "refresh_rejected" },
    });
  });

  it("a password is changed and an account deleted by the password or the token of a code", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const token = accessTokenOf(await app.post("/signin", byPassword));
    const newPassword = "Sentinel-5678";
    expect((await app.call("PATCH", "/password", { password, newPassword }, token)).status).toBe(204);
    const verificationToken = await prove(app, stage, lihua.email);
    expect((await app.call("DELETE", "/me", { verificationToken }, token)).status).toBe(204);
    expect((await app.call("GET", "/me", undefined, token)).status).toBe(401);
  });

  it("a third party's code signs in and binds; there is no way by redirect, and no list of sessions", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const redirectUri = "https://app.example/back";
    const codeOf = async (sub: string): Promise<string> => {
      const { uri } = await stage.auth.client.providers.redirectUri({
        providerId: "demo_provider",
        redirectUri,
        state: "s",
      });
      const answer = await fetch(uri, {
        method: "POST",
        body: new URLSearchParams({ redirect_uri: redirectUri, state: "s", decision: "approve", sub, name: "N" }),
        redirect: "manual",
        headers: { origin: stage.emulator.endpoint },
      });
      return new URL(answer.headers.get("location") ?? "about:blank").searchParams.get("code") ?? "";
    };
    const login = { providerId: "demo_provider", redirectUri };
    const first = await app.post("/signin", { ...login, providerCode: await codeOf("third-1") });
    expect(first).toMatchObject({ status: 200, json: { tokens: { accessToken: jwt } } });
    const wrong = await app.post("/signin", { ...login, providerCode: "made-up" });
    expect(wrong).toMatchObject({ status: 403, json: { reason: "invalid_credentials" } });
    const lihuas = accessTokenOf(await app.post("/signin", byPassword));
    const bind = { redirectUri, providerCode: await codeOf("third-2") };
    expect((await app.post("/provider/demo_provider/bind", bind, lihuas)).status).toBe(204);
    expect(memberOf(await app.call("GET", "/providers", undefined, lihuas), "providers", "0", "bound")).toBe(true);
    expect((await app.call("DELETE", "/provider/demo_provider", undefined, lihuas)).status).toBe(204);
    expect((await app.call("GET", "/provider/demo_provider/callback?state=x")).status).toBe(404);
    expect((await app.call("GET", "/sessions", undefined, lihuas)).status).toBe(404);
    expect(await app.call("GET", "/provider/demo_provider")).toMatchObject({
      status: 405,
      headers: { Allow: "DELETE" },
    });
  });
});
