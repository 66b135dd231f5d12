import type { Sessions } from "@cloudbase-auth/core";
import { afterAll, describe, expect, it } from "vitest";
import { anyOf, matching } from "./support/matchers.ts";
import { memberOf, userIdOf, byPassword } from "./support/people.ts";
import { createStages, lihua, newcomer, password } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";
import { createVisitor, secretForms } from "./support/visitor.ts";
import type { Answer } from "./support/visitor.ts";

const stages = createStages();
afterAll(() => stages.close());

const deviceId = "device-of-the-app-1";
const jwt = matching(/^eyJ/);

/** An app: it has no cookies, and shows its token itself. */
function appOf(stage: Stage) {
  const sessions: Sessions = stage.createSessions({ mode: "tokens" });
  const { send, browser } = createVisitor(sessions, undefined, false);
  const call = async (method: string, path: string, body?: unknown, accessToken?: string): Promise<Answer> => {
    const authorization = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
    // As an app sends it: nothing of what a browser says of itself.
    const headers = { "sec-fetch-site": undefined, ...authorization };
    const answer = await send(method, path, body, { headers });
    expect(answer.cookies).toEqual([]);
    expect(browser.jar.size).toBe(0);
    return answer;
  };
  return { call, post: (path: string, body?: unknown, token?: string) => call("POST", path, body, token) };
}

const text = (answer: Answer, ...path: readonly string[]): string => String(memberOf(answer, ...path));
const accessTokenOf = (answer: Answer): string => text(answer, "tokens", "accessToken");

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

  it("a captcha: the picture's handle is in the body, and the proof goes along", async () => {
    const stage = await stages.open({ captchaAfter: 1 });
    const app = appOf(stage);
    await app.post("/signin", { ...byPassword, password: "wrong" });
    const refused = await app.post("/signin", byPassword);
    expect(refused).toMatchObject({ status: 409, json: { reason: "captcha_required" } });
    const token = text(refused, "captcha", "token");
    const answer = stage.emulator.inbox.captcha(token);
    const captchaToken = text(await app.post("/captcha", { answer, token }), "captchaToken");
    expect((await app.post("/signin", { ...byPassword, captchaToken })).status).toBe(200);
    expect(await app.post("/captcha", {})).toMatchObject({ status: 200, json: { token: anyOf(String) } });
    expect(await app.post("/captcha", { answer: "x" })).toMatchObject({
      status: 400,
      json: { errors: [{ field: "token", problem: "required" }] },
    });
  });

  it("a proof of a captcha that nobody earned here does not tell who has an account", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const shape = ({ status, json }: Answer) => [status, Object.keys(json as object)];
    const seen = [];
    for (const username of [lihua.username, "nobody"]) {
      const wrong = { username, password: "wrong" };
      const answers = [];
      for (let time = 0; time < 5; time += 1) answers.push(await app.post("/signin", wrong));
      // One that is made up, one that the Auth API itself gave, and one that was earned here.
      const picture = async () => app.post("/captcha", {});
      const solve = async () => {
        const token = text(await picture(), "token");
        return { token, answer: String(stage.emulator.inbox.captcha(token)) };
      };
      const { token, answer } = await solve();
      const foreign = await stage.auth.client.captcha.verify({ token, key: answer });
      const earned = text(await app.post("/captcha", await solve()), "captchaToken");
      for (const captchaToken of ["made-up", foreign.captchaToken, earned]) {
        answers.push(await app.post("/signin", { ...wrong, captchaToken }));
      }
      seen.push(answers.map(shape));
    }
    const [real, madeUp] = seen;
    expect(real?.map(([status]) => status)).toEqual([403, 403, 403, 403, 403, 409, 409, 403]);
    expect(madeUp).toEqual(real);
  });

  it("a proof of a captcha ends when it ends at the Auth API", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const token = text(await app.post("/captcha", {}), "token");
    const solved = await app.post("/captcha", { token, answer: stage.emulator.inbox.captcha(token) });
    stage.emulator.clock.advance(Number(memberOf(solved, "expiresInSeconds")));
    const guess = { username: "nobody", password: "wrong", captchaToken: text(solved, "captchaToken") };
    for (let time = 0; time < 5; time += 1) expect((await app.post("/signin", guess)).status).toBe(403);
    expect((await app.post("/signin", guess)).status).toBe(409);
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
