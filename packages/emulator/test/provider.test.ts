import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, refusal, signIn, text, tokens, verify } from "./support/api.ts";
import type { Request } from "./support/api.ts";
import { aString, like } from "./support/matchers.ts";
import { app, providerToken, visit } from "./support/third-party.ts";

const headers = { "x-device-id": "device-1" };
let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({
    envId: "demo",
    issuer: "https://demo.example",
    users: [
      { username: "lihua", password: "right", email: "li@example.com" },
      { username: "second", password: "right" },
    ],
    settings: {
      providers: [
        { id: "demo_provider", name: "Demo <provider>", homepage: "https://demo.example" },
        { id: "other", accounts: [{ sub: '"><script>', name: "<b>&'", email: "x@example.com" }] },
      ],
    },
  });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const withToken = (token: string, more: object = {}): Request => ({ body: { provider_token: token, ...more } });

describe("GET /auth/v1/provider/uri", () => {
  it("names the consent page of the emulator itself, whatever the issuer is", async () => {
    const query = new URLSearchParams({ provider_id: "demo_provider", redirect_uri: app, state: "s" });
    const { body } = await call(emulator, `GET /provider/uri?${query.toString()}`, { headers });
    expect(Object.keys(body)).toEqual(["uri"]);
    expect(text({ status: 200, body }, "uri").split("?", 1)[0]).toBe(
      `${emulator.endpoint}/emulator/providers/demo_provider/authorize`,
    );
  });

  it("takes the official SDK's older name of redirect_uri", async () => {
    const query = new URLSearchParams({ provider_id: "other", provider_redirect_uri: app, state: "s" });
    expect((await call(emulator, `GET /provider/uri?${query.toString()}`, { headers })).status).toBe(200);
  });

  it.each<[string, string, Record<string, string>]>([
    ["provider_id=demo_provider&redirect_uri=https://a.example&state=s", "400 invalid_argument", {}],
    ["redirect_uri=https://a.example&state=s", "400 invalid_argument", headers],
    ["provider_id=demo_provider&state=s", "400 invalid_argument", headers],
    ["provider_id=demo_provider&redirect_uri=https://a.example", "400 invalid_argument", headers],
    ["provider_id=demo_provider&redirect_uri=/relative&state=s", "400 invalid_argument", headers],
    ["provider_id=demo_provider&redirect_uri=javascript:alert(1)&state=s", "400 invalid_argument", headers],
    ["provider_id=nobody&redirect_uri=https://a.example&state=s", "404 not_found", headers],
  ])("?%s: %s with %j", async (query, expected, sent) => {
    expect(refusal(await call(emulator, `GET /provider/uri?${query.toString()}`, { headers: sent }))).toBe(expected);
  });
});

describe("the consent page", () => {
  it("goes back with code and state, or with access_denied", async () => {
    const approved = await visit(emulator, { account: "demo-alice" });
    expect(approved.href).toMatch(/^https:\/\/app\.example\/callback\?kept=1&code=[\w-]{43}&state=state-1$/);
    const denied = await visit(emulator, { decision: "deny" });
    expect(Object.fromEntries(denied.searchParams)).toEqual({
      kept: "1",
      error: "access_denied",
      error_description: aString,
      state: "state-1",
    });
  });

  const page = (id: string, redirect = app, state = "s") =>
    `${emulator.endpoint}/emulator/providers/${id}/authorize?${new URLSearchParams({ redirect_uri: redirect, state }).toString()}`;

  it("lets nothing be markup that comes from outside, and runs no script", async () => {
    const answer = await fetch(page("other", 'https://a.example/?"><script>', "'\"><img src=x>"));
    const markup = await answer.text();
    expect(markup).not.toMatch(/<script|<img|<b>/);
    expect(markup).toContain("&#34;&#62;&#60;script&#62;");
    expect(markup).toContain("&#60;b&#62;&#38;&#39;");
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    expect(await (await fetch(page("demo_provider"))).text()).toContain("Demo &#60;provider&#62;");
  });

  it.each<[string, number, Record<string, string>, Record<string, string>]>([
    ["another site's page", 403, { redirect_uri: app, account: "demo-alice" }, { origin: "https://evil.example" }],
    ["no redirect_uri", 400, { account: "demo-alice" }, {}],
    ["a script as redirect_uri", 400, { redirect_uri: "javascript:alert(1)", account: "demo-alice" }, {}],
    ["an unknown account", 400, { redirect_uri: app, account: "nobody" }, {}],
    ["no e-mail address", 400, { redirect_uri: app, sub: "x", email: "<x>" }, {}],
  ])("refuses a form from or with %s: %i", async (_title, status, form, sent) => {
    const body = new URLSearchParams({ decision: "approve", ...form });
    const answer = await fetch(page("demo_provider"), { method: "POST", body, headers: sent, redirect: "manual" });
    expect(answer.status).toBe(status);
  });

  it("is 404 for a third party that there is not", async () => {
    expect((await fetch(page("nobody"))).status).toBe(404);
    expect((await fetch(page("demo_provider", "data:text/html,x"))).status).toBe(400);
  });
});

describe("/auth/v1/provider/token", () => {
  const exchange = (code: string | null, more: object = {}) =>
    call(emulator, "POST /provider/token", {
      headers,
      body: { provider_id: "demo_provider", provider_code: code, provider_redirect_uri: app, ...more },
    });
  const freshCode = async () => (await visit(emulator, { account: "demo-alice" })).searchParams.get("code");

  it("gives a token and the profile for a code, once", async () => {
    const code = await freshCode();
    const answer = await exchange(code);
    expect(answer.body).toEqual({
      provider_token: aString,
      expires_in: 3600,
      provider_profile: {
        provider_id: "demo_provider",
        sub: "demo-alice",
        name: "Alice",
        email: "alice@demo-provider.example",
      },
    });
    expect(refusal(await exchange(code))).toBe("400 invalid_grant");
  });

  it("ends a code with the first attempt, with another redirect_uri or provider, and after ten minutes", async () => {
    for (const more of [{ provider_redirect_uri: "https://app.example/" }, { provider_id: "other" }]) {
      const code = await freshCode();
      expect(refusal(await exchange(code, more))).toBe("400 invalid_grant");
      expect(refusal(await exchange(code))).toBe("400 invalid_grant");
    }
    const late = await freshCode();
    emulator.clock.advance(600);
    expect(refusal(await exchange(late))).toBe("400 invalid_grant");
  });

  it.each([
    [{ provider_id: "nobody" }, "404 not_found"],
    [{ provider_code: "" }, "400 invalid_argument"],
    [{ provider_redirect_uri: "" }, "400 invalid_argument"],
    [{ provider_code: "", provider_access_token: "x" }, "501 unimplemented"],
    [{ provider_code: "", provider_id_token: "x" }, "501 unimplemented"],
    [{ provider_code: "", provider_params: { code: "x" } }, "501 unimplemented"],
    [{ provider_code: "invented" }, "400 invalid_grant"],
  ])("refuses %j: %s", async (more, expected) => {
    expect(refusal(await exchange("invented", more))).toBe(expected);
  });

  it("needs x-device-id, as documented", async () => {
    const body = { provider_id: "demo_provider", provider_code: "x", provider_redirect_uri: app };
    expect(refusal(await call(emulator, "POST /provider/token", { body }))).toBe("400 invalid_argument");
  });

  it("PATCH gives a new token for the old one, and reads nothing of WeChat's", async () => {
    const token = await providerToken(emulator, "someone");
    const patch = (more: object) => call(emulator, "PATCH /provider/token", withToken(token, more));
    expect(refusal(await patch({ provider_params: { encryptedData: "x", iv: "y" } }))).toBe("501 unimplemented");
    expect(refusal(await patch({ provider_id: "other" }))).toBe("400 invalid_argument");
    const answer = await patch({ provider_id: "demo_provider", provider_params: {} });
    expect(answer.body).toMatchObject({ expires_in: 3600, provider_profile: { sub: "someone" } });
    expect(refusal(await patch({}))).toBe("400 invalid_grant");
    const fresh = withToken(text(answer, "provider_token"));
    expect((await call(emulator, "POST /signin/with/provider", fresh)).status).toBe(200);
  });
});

describe("POST /auth/v1/signin/with/provider", () => {
  it("makes a user the first time, and knows the user the second time", async () => {
    const token = await providerToken(emulator, "ada");
    const first = await call(emulator, "POST /signin/with/provider", withToken(token));
    expect(first.body).toMatchObject({ scope: "user sso", sub: like(/^\d{19}$/) });
    expect(decodeJwt(text(first, "access_token"))).toMatchObject({
      provider: "demo_provider",
      provider_type: "demo_provider",
      provider_sub: "ada",
      name: "Name of ada",
    });
    expect(refusal(await call(emulator, "POST /signin/with/provider", withToken(token)))).toBe("400 invalid_grant");
    const again = withToken(await providerToken(emulator, "ada"), { provider_id: "demo_provider" });
    expect((await call(emulator, "POST /signin/with/provider", again)).body["sub"]).toBe(first.body["sub"]);
    const me = await call(emulator, "GET /user/me", { bearer: text(first, "access_token") });
    expect(me.body).toMatchObject({
      has_password: false,
      providers: [{ id: "demo_provider", provider_user_id: "ada", name: "Name of ada" }],
    });
  });

  it("makes none with force_disable_sign_up; the token is still good then", async () => {
    const token = await providerToken(emulator, "nobody-yet");
    const closed = withToken(token, { force_disable_sign_up: true });
    expect(refusal(await call(emulator, "POST /signin/with/provider", closed))).toBe("404 not_found");
    expect((await call(emulator, "POST /signup", withToken(token, { name: "Chosen" }))).status).toBe(200);
  });

  it("takes the profile over again with sync_profile only", async () => {
    const again = async (more: object) => {
      const token = await providerToken(emulator, "grace");
      const { access } = tokens(await call(emulator, "POST /signin/with/provider", withToken(token, more)));
      return access;
    };
    await call(emulator, "PATCH /user/profile", { bearer: await again({}), body: { name: "Changed" } });
    expect(decodeJwt(await again({}))["name"]).toBe("Changed");
    expect(decodeJwt(await again({ sync_profile: true }))["name"]).toBe("Name of grace");
  });

  it.each([
    [{}, "400 invalid_argument"],
    [{ provider_token: "invented" }, "400 invalid_grant"],
  ])("refuses %j: %s", async (body, expected) => {
    expect(refusal(await call(emulator, "POST /signin/with/provider", { body }))).toBe(expected);
  });

  it("refuses a token after an hour, and one of another provider_id", async () => {
    const token = await providerToken(emulator, "late");
    const other = withToken(token, { provider_id: "other" });
    expect(refusal(await call(emulator, "POST /signin/with/provider", other))).toBe("400 invalid_argument");
    emulator.clock.advance(3600);
    expect(refusal(await call(emulator, "POST /signin/with/provider", withToken(token)))).toBe("400 invalid_grant");
  });
});

describe("POST /auth/v1/signup with provider_token", () => {
  it("takes a verified address beside it, and refuses whoever is registered", async () => {
    const email = "new@example.com";
    const more = { email, verification_token: await verify(emulator, email), username: "newcomer", name: "Own name" };
    const answer = await call(emulator, "POST /signup", withToken(await providerToken(emulator, "new"), more));
    const me = await call(emulator, "GET /user/me", { bearer: text(answer, "access_token") });
    expect(me.body).toMatchObject({
      email,
      username: "newcomer",
      name: "Own name",
      providers: [{ id: "demo_provider" }],
    });
    const again = withToken(await providerToken(emulator, "new"));
    expect(refusal(await call(emulator, "POST /signup", again))).toBe("400 failed_precondition");
    const unproved = withToken(await providerToken(emulator, "new2"), { email: "x@example.com" });
    expect(refusal(await call(emulator, "POST /signup", unproved))).toBe("400 invalid_argument");
  });
});

describe("binding", () => {
  const bind = async (bearer: string, account: string, id?: string) =>
    call(emulator, "POST /user/provider/bind", { bearer, ...withToken(await providerToken(emulator, account, id)) });

  it("lists, binds, signs in, unbinds", async () => {
    const { access: bearer, sub } = await signIn(emulator, "lihua", "right");
    expect((await bind(bearer, "li")).body).toEqual({});
    const list = await call(emulator, "GET /user/provider", { bearer });
    expect(list.body).toEqual({
      total: 2,
      data: [
        {
          id: "demo_provider",
          name: "Demo <provider>",
          homepage: "https://demo.example",
          provider_user_name: "Name of li",
          provider_type: "OAUTH",
          bind: true,
        },
        { id: "other", name: "other", provider_type: "OAUTH", bind: false },
      ],
    });
    expect((await call(emulator, "GET /user/providers", { bearer })).body).toEqual(list.body);
    const signedIn = await call(emulator, "POST /signin/with/provider", withToken(await providerToken(emulator, "li")));
    expect(signedIn.body["sub"]).toBe(sub);
    expect((await call(emulator, "DELETE /user/provider/demo_provider", { bearer })).body).toEqual({});
    const gone = await call(emulator, "DELETE /user/provider/demo_provider", { bearer });
    expect(refusal(gone)).toBe("404 provider_not_found");
  });

  it("refuses an account that somebody else has, and a second one of the same third party", async () => {
    const { access: first } = await signIn(emulator, "lihua", "right");
    const { access: second } = await signIn(emulator, "second", "right");
    await bind(first, "taken");
    expect(refusal(await bind(second, "taken"))).toBe("409 already_exists");
    expect(refusal(await bind(first, "another"))).toBe("409 already_exists");
    expect((await bind(first, "taken")).status).toBe(200);
    expect((await bind(first, "another", "other")).status).toBe(200);
  });

  it.each([
    ["POST /user/provider/bind", undefined, "401 unauthorized"],
    ["POST /user/provider/bind", "x", "401 unauthorized"],
    ["DELETE /user/provider/demo_provider", undefined, "401 unauthorized"],
    ["GET /user/provider", undefined, "401 unauthenticated"],
  ])("%s with the Bearer %s is %s", async (line, bearer, expected) => {
    const answer = await call(emulator, line, { bearer, ...(line.startsWith("GET") ? {} : { body: {} }) });
    expect(refusal(answer)).toBe(expected);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="demo"');
  });

  it("refuses a bad token, a made-up user, and to unbind the last way to sign in", async () => {
    const { access: bearer } = await signIn(emulator, "lihua", "right");
    const bad = await call(emulator, "POST /user/provider/bind", { bearer, ...withToken("invented") });
    expect(refusal(bad)).toBe("400 invalid_grant");
    expect(refusal(await bind(await emulator.issueToken(), "x"))).toBe("403 permission_denied");
    const only = await call(emulator, "POST /signin/with/provider", withToken(await providerToken(emulator, "only")));
    const last = await call(emulator, "DELETE /user/provider/demo_provider", { bearer: text(only, "access_token") });
    expect(refusal(last)).toBe("400 failed_precondition");
  });

  it("a person with third-party logins only sets a first password without a sudo_token", async () => {
    const only = await call(emulator, "POST /signin/with/provider", withToken(await providerToken(emulator, "fresh")));
    const bearer = text(only, "access_token");
    const weak = await call(emulator, "PATCH /user/password", { bearer, body: { new_password: "weak" } });
    expect(refusal(weak)).toBe("400 weak_password");
    const strong = { new_password: "Strong-1-strong", sudo_token: "" };
    expect((await call(emulator, "PATCH /user/password", { bearer, body: strong })).status).toBe(200);
    const second = await call(emulator, "PATCH /user/password", { bearer, body: strong });
    expect(refusal(second)).toBe("403 permission_denied");
  });

  it("PATCH /user/trans/by/provider takes the account over, and deletes whoever has no login left", async () => {
    const only = await call(emulator, "POST /signin/with/provider", withToken(await providerToken(emulator, "moves")));
    const { access: bearer, sub } = await signIn(emulator, "lihua", "right");
    const moved = { bearer, ...withToken(await providerToken(emulator, "moves")) };
    expect((await call(emulator, "PATCH /user/trans/by/provider", moved)).body).toMatchObject({ sub });
    const before = await call(emulator, "GET /user/me", { bearer: text(only, "access_token") });
    expect(refusal(before)).toBe("401 unauthenticated");
    const after = await call(emulator, "POST /signin/with/provider", withToken(await providerToken(emulator, "moves")));
    expect(after.body["sub"]).toBe(sub);
  });
});

describe("what cannot be answered honestly is 501 unimplemented", () => {
  it.each([
    ["POST /signin/token", {}],
    ["POST /signin/wechat/noauth", {}],
    ["POST /user/provider/demo_provider/trans", { provider_trans_token: "x" }],
    ["GET /plugin/weda/userinfo", undefined],
  ])("%s", async (line, body) => {
    const { access: bearer } = await signIn(emulator, "lihua", "right");
    const answer = await call(emulator, line, { bearer, body });
    expect(refusal(answer)).toBe("501 unimplemented");
    expect(text(answer, "error_description")).toMatch(/^this emulator does not have it: .{20,}/);
  });

  it("but a third party here is known to have no NO_AUTH_LOGIN", async () => {
    const ask = (id: string) => call(emulator, "POST /mgr/provider/providerSubType", { body: { provider_id: id } });
    expect((await ask("other")).body).toEqual({ id: "other", provider_sub_type: "" });
    expect(refusal(await ask("weda"))).toBe("404 not_found");
  });
});

it("third-party accounts survive an export", async () => {
  const first = await call(emulator, "POST /signin/with/provider", withToken(await providerToken(emulator, "kept")));
  const state: unknown = JSON.parse(JSON.stringify(emulator.export()));
  await emulator.reset();
  await emulator.import(state);
  const again = await call(emulator, "POST /signin/with/provider", withToken(await providerToken(emulator, "kept")));
  expect(again.body["sub"]).toBe(first.body["sub"]);
  const refreshed = { body: { grant_type: "refresh_token", refresh_token: text(first, "refresh_token") } };
  const answer = await call(emulator, "POST /token", refreshed);
  expect(decodeJwt(text(answer, "access_token"))).toMatchObject({ provider_sub: "kept" });
});
