import { describe, expect, it, vi } from "vitest";
import { aString, like } from "../../support/matchers.ts";
import { callAt, textAt } from "../support/calls.ts";
import { lookedUp } from "../support/offline.ts";
import { lihua, official } from "../support/official.ts";

describe("@cloudbase/js-sdk: sign-in, session, sign-out", () => {
  const sdk = official();

  it("signInWithPassword", async () => {
    const { emulator, wire, jsSdk } = sdk();
    const answer = await jsSdk().signInWithPassword({ username: "lihua", password: lihua.password });
    expect(answer).toMatchObject({
      error: null,
      data: { user: { email: lihua.email, phone: lihua.phoneNumber, role: ["admin"] }, session: { scope: "user sso" } },
    });
    const sent = wire.take();
    expect(sent).toMatchObject([
      {
        line: "POST /auth/v1/signin",
        query: { client_id: "demo" },
        headers: { "x-sdk-version": "@cloudbase/js-sdk/3.7.0", "accept-language": "zh-CN" },
        body: { username: "lihua", password: lihua.password },
      },
      { line: "GET /auth/v1/user/me", query: {} },
    ]);
    expect(sent[0]?.headers).not.toHaveProperty("undefined");
    expect(emulator.requests.entries().map(({ authorization }) => authorization)).toEqual(["none", "bearer"]);
  });

  it("signInWithPassword with a phone number puts +86 before it", async () => {
    const { wire, jsSdk } = sdk();
    const answer = await jsSdk().signInWithPassword({ phone: "13800000000", password: lihua.password });
    expect(answer).toMatchObject({ error: null });
    expect(wire.take()[0]?.body).toEqual({ username: "+86 13800000000", password: lihua.password });
  });

  it("getSession, getUser, getLoginState", async () => {
    const { wire, jsSdk } = sdk();
    const auth = jsSdk();
    expect(await auth.getSession()).toMatchObject({ data: { session: null }, error: { code: "unauthenticated" } });
    expect(await auth.getLoginState()).toBeNull();
    await auth.signInWithPassword({ email: lihua.email, password: lihua.password });
    wire.take();
    expect(await auth.getSession()).toMatchObject({ data: { session: { token_type: "Bearer" } } });
    expect(await auth.getLoginState()).toMatchObject({ user: { name: "Li Hua" } });
    expect(wire.take()).toEqual([]);
    expect(await auth.getUser()).toMatchObject({ data: { user: { user_metadata: { username: "lihua" } } } });
    expect(wire.take()).toMatchObject([{ line: "GET /auth/v1/user/me" }]);
  });

  it("getAccessToken and getClaims", async () => {
    const { wire, jsSdk } = sdk();
    const auth = jsSdk();
    const answer = await auth.signInWithPassword({ username: "lihua", password: lihua.password });
    wire.take();
    const accessToken = textAt(answer, "data", "session", "access_token");
    expect(await auth.getAccessToken()).toMatchObject({ accessToken });
    expect(await auth.getClaims()).toMatchObject({
      data: {
        header: { alg: "RS256", kid: aString },
        claims: { sub: textAt(answer, "data", "user", "id"), aud: "demo", provider_type: "username" },
      },
    });
    expect(wire.take()).toEqual([]);
  });

  it("refreshSession", async () => {
    const { wire, jsSdk } = sdk();
    const auth = jsSdk();
    const answer = await auth.signInWithPassword({ username: "lihua", password: lihua.password });
    const refresh_token = textAt(answer, "data", "session", "refresh_token");
    wire.take();
    const refreshed = await auth.refreshSession();
    expect(textAt(refreshed, "data", "session", "refresh_token")).not.toBe(refresh_token);
    expect(wire.take()).toMatchObject([
      {
        line: "POST /auth/v1/token",
        query: { client_id: "demo" },
        body: { client_id: "demo", client_secret: "", grant_type: "refresh_token", refresh_token },
      },
    ]);
  });

  it("getSession refreshes an expired access token", async () => {
    const { wire, later, jsSdk } = sdk();
    const auth = jsSdk();
    const answer = await auth.signInWithPassword({ username: "lihua", password: lihua.password });
    later(7200);
    wire.take();
    const refreshed = textAt(await auth.getSession(), "data", "session", "access_token");
    expect(refreshed).not.toBe(textAt(answer, "data", "session", "access_token"));
    expect(wire.take().map(({ line }) => line)).toEqual(["POST /auth/v1/token"]);
    expect(await auth.getUser()).toMatchObject({ data: { user: { email: lihua.email } } });
  });

  it("setSession", async () => {
    const { wire, jsSdk } = sdk();
    const answer = await jsSdk().signInWithPassword({ username: "lihua", password: lihua.password });
    const access_token = textAt(answer, "data", "session", "access_token");
    const refresh_token = textAt(answer, "data", "session", "refresh_token");
    wire.take();
    const auth = jsSdk();
    expect(await auth.setSession({ access_token, refresh_token })).toMatchObject({ error: null });
    expect(wire.take()[0]).toMatchObject({ line: "POST /auth/v1/token", body: { refresh_token } });
    expect(await auth.getUser()).toMatchObject({ data: { user: { email: lihua.email } } });
  });

  it("refreshUser", async () => {
    const { wire, jsSdk } = sdk();
    const auth = jsSdk();
    await auth.signInWithPassword({ username: "lihua", password: lihua.password });
    wire.take();
    expect(await auth.refreshUser()).toMatchObject({ error: null, data: { user: { email: lihua.email } } });
    expect(wire.take()).toMatchObject([{ line: "GET /auth/v1/user/me" }]);
  });

  it("onAuthStateChange and signOut", async () => {
    const { wire, jsSdk } = sdk();
    const auth = jsSdk();
    const events: unknown[] = [];
    const listening = await auth.onAuthStateChange((event: unknown) => events.push(event));
    await auth.signInWithPassword({ username: "lihua", password: lihua.password });
    await vi.waitFor(() => expect(events).toEqual(["SIGNED_IN"]));
    wire.take();
    expect(await auth.signOut()).toMatchObject({ error: null });
    await vi.waitFor(() => expect(events).toEqual(["SIGNED_IN", "SIGNED_OUT"]));
    await callAt(listening, ["data", "subscription", "unsubscribe"]);
    expect(wire.take()).toMatchObject([{ line: "POST /auth/v1/revoke", query: { client_id: "demo" } }]);
    expect(await auth.getSession()).toMatchObject({ data: { session: null } });
  });

  it("two apps of one environment share the session", async () => {
    const { jsSdkAsItIs } = sdk();
    const [one, other] = [jsSdkAsItIs(), jsSdkAsItIs()];
    await one.signInWithPassword({ username: "lihua", password: lihua.password });
    expect(await other.getSession()).toMatchObject({ data: { session: { scope: "user sso" } } });
    await other.signOut();
    expect(await jsSdkAsItIs().getSession()).toMatchObject({ data: { session: null } });
  });

  it("every call asks metadata.tencentyun.com first, unless TENCENTCLOUD is true", async () => {
    const { wire, jsSdk } = sdk();
    vi.stubEnv("TENCENTCLOUD", "");
    await jsSdk().signInWithPassword({ username: "lihua", password: lihua.password });
    vi.unstubAllEnvs();
    expect(wire.take()).toHaveLength(2);
    const names = lookedUp();
    expect(new Set(names)).toEqual(new Set(["metadata.tencentyun.com"]));
    expect(names.length).toBeGreaterThanOrEqual(2);
  });

  it("a browser may send the headers of js-sdk, but not the one named undefined", async () => {
    const { wire, jsSdk, oauth } = sdk();
    await jsSdk().signInWithPassword({ username: "lihua", password: lihua.password });
    await oauth().signIn({ username: "lihua", password: lihua.password });
    const [js = [], , oauthOnes = []] = wire.take().map(({ headers }) => Object.keys(headers));
    // What the adapter for Node adds, and what HTTP itself has.
    const own = ["x-tcb-source", "x-client-timestamp", "x-tcb-region", "user-agent", "host", "connection", "accept"];
    const nodes = new Set([...own, "sec-fetch-mode", "accept-encoding", "content-length"]);
    const answer = await fetch(`${wire.endpoint}/auth/v1/signin`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": "POST" },
    });
    const allowed = answer.headers.get("access-control-allow-headers")?.split(", ") ?? [];
    expect(js.filter((name) => !nodes.has(name) && !allowed.includes(name))).toEqual([]);
    expect(oauthOnes.filter((name) => !nodes.has(name) && !allowed.includes(name))).toEqual(["undefined"]);
    expect(js).toEqual(expect.arrayContaining(["x-device-id", "x-request-id", like(/^x-sdk-version$/)]));
  });
});
