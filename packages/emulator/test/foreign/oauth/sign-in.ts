import { describe, expect, it } from "vitest";
import { like } from "../../support/matchers.ts";
import { textAt } from "../support/calls.ts";
import { lihua, official } from "../support/official.ts";

const uuidWithoutDashes = like(/^[0-9a-f]{32}$/);

describe("@cloudbase/oauth: sign-in, session, sign-out", () => {
  const sdk = official();

  it("signIn with a password", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    const credentials = await auth.signIn({ username: "lihua", password: lihua.password });
    expect(credentials).toMatchObject({ token_type: "Bearer", scope: "user sso", groups: ["admin"], expires_in: 7200 });
    expect(await auth.getCredentials()).toMatchObject({ ...credentials, version: "v1" });

    const [sent, ...others] = wire.take();
    expect(others).toEqual([]);
    expect(sent).toMatchObject({
      line: "POST /auth/v1/signin",
      query: { client_id: "demo" },
      headers: {
        "content-type": "text/plain;charset=UTF-8",
        "x-device-id": uuidWithoutDashes,
        "x-request-id": uuidWithoutDashes,
      },
      body: { username: "lihua", password: lihua.password },
    });
    expect(emulator.requests.entries()).toMatchObject([
      { method: "POST", path: "/auth/v1/signin", clientId: "demo", authorization: "none", status: 200 },
    ]);
  });

  it("every call of @cloudbase/oauth has a header named undefined", async () => {
    const { wire, oauth } = sdk();
    await oauth().signIn({ username: "lihua", password: lihua.password });
    expect(wire.take()[0]?.headers).toHaveProperty("undefined", "undefined");
  });

  it("getUserInfo", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    const { sub } = await auth.signIn({ username: lihua.email, password: lihua.password });
    wire.take();
    const user = await auth.getUserInfo();
    expect(user).toMatchObject({ sub, uid: sub, username: "lihua", email: lihua.email, name: "Li Hua" });
    const [sent] = wire.take();
    expect(sent).toMatchObject({ line: "GET /auth/v1/user/me", query: {}, body: undefined });
    expect(emulator.requests.entries().at(-1)).toMatchObject({ authorization: "bearer", clientId: undefined });
  });

  it("getUserInfo of somebody who is not signed in breaks before it sends anything", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    await expect(auth.getUserInfo()).rejects.toBeInstanceOf(TypeError);
    expect(await auth.hasLoginState()).toBe(false);
    expect(wire.take()).toEqual([]);
  });

  it("hasLoginState, loginScope, loginGroups", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    await auth.signIn({ username: lihua.phoneNumber, password: lihua.password });
    wire.take();
    expect(await auth.hasLoginState()).toBe(true);
    expect(await auth.loginScope()).toBe("user sso");
    expect(await auth.loginGroups()).toEqual(["admin"]);
    expect(wire.take()).toEqual([]);
  });

  it("grantToken with a password", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    const credentials = await auth.grantToken({
      client_id: "demo",
      grant_type: "password",
      username: "lihua",
      password: lihua.password,
    });
    expect(credentials).toMatchObject({ token_type: "Bearer", scope: "user sso" });
    expect(await auth.getCredentials().catch(() => "not kept")).toBe("not kept");
    expect(wire.take()).toMatchObject([{ line: "POST /auth/v1/token", query: { client_id: "demo" } }]);
  });

  it("signOut", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    const { access_token: token, refresh_token: refreshToken } = await auth.signIn({
      username: "lihua",
      password: lihua.password,
    });
    wire.take();
    await auth.signOut();
    expect(wire.take()).toMatchObject([
      { line: "POST /auth/v1/revoke", query: { client_id: "demo" }, body: { token } },
    ]);
    expect(emulator.requests.entries().at(-1)).toMatchObject({ authorization: "none", status: 200 });
    expect(await auth.hasLoginState()).toBe(false);
    const again = await oauth().grantToken({
      client_id: "demo",
      grant_type: "refresh_token",
      refresh_token: refreshToken ?? "",
    });
    expect(textAt(again, "access_token")).not.toBe(token);
  });

  it("signOut with parameters", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    const { refresh_token: refreshToken } = await auth.signIn({ username: "lihua", password: lihua.password });
    wire.take();
    const answer = await auth.signOut({ redirect_uri: "https://app.example/bye", state: "s1" });
    expect(answer).toEqual({ redirect_uri: "https://app.example/bye?state=s1" });
    const [sent] = wire.take();
    expect(sent).toMatchObject({ line: "POST /auth/v1/user/signout", headers: { authorization: like(/^Bearer ey/) } });
    expect(sent).toMatchObject({ query: {}, body: { redirect_uri: "https://app.example/bye", state: "s1" } });
    expect(await auth.hasLoginState()).toBe(false);
    await expect(
      auth.grantToken({ client_id: "demo", grant_type: "refresh_token", refresh_token: refreshToken ?? "" }),
    ).rejects.toMatchObject({ error: "invalid_grant" });
  });
});
