import { describe, expect, it } from "vitest";
import { lihua, official } from "../support/official.ts";

describe("@cloudbase/oauth: refresh", () => {
  const sdk = official();

  it("refreshTokenForce", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    const { access_token, refresh_token } = await auth.signIn({ username: "lihua", password: lihua.password });
    wire.take();
    const refreshed = await auth.refreshTokenForce({});
    expect(refreshed.refresh_token).not.toBe(refresh_token);
    expect(refreshed.access_token).not.toBe(access_token);
    expect(await auth.getCredentials()).toMatchObject({ access_token: refreshed.access_token });
    expect(wire.take()).toMatchObject([
      {
        line: "POST /auth/v1/token",
        query: { client_id: "demo" },
        body: { client_id: "demo", client_secret: "", grant_type: "refresh_token", refresh_token },
      },
    ]);
    expect(emulator.requests.entries().at(-1)).toMatchObject({ authorization: "none", status: 200 });
  });

  it("an expired access token is refreshed before the call, once", async () => {
    const { wire, oauth, later } = sdk();
    const auth = oauth();
    const { access_token } = await auth.signIn({ username: "lihua", password: lihua.password });
    later(7171);
    wire.take();
    await Promise.all([auth.getUserInfo(), auth.getProviders()]);
    const sent = wire.take();
    expect(sent.map(({ line }) => line).toSorted()).toEqual([
      "GET /auth/v1/user/me",
      "GET /auth/v1/user/provider",
      "POST /auth/v1/token",
    ]);
    expect(sent[0]?.line).toBe("POST /auth/v1/token");
    expect(sent[1]?.headers.authorization).toBe(sent[2]?.headers.authorization);
    expect(sent[1]?.headers.authorization).not.toBe(`Bearer ${access_token}`);
  });

  it("a refresh token that is refused signs out", async () => {
    const messages: unknown[] = [];
    const { emulator, wire, oauth } = sdk();
    const auth = oauth({ onCredentialsError: (message) => messages.push(message) });
    const { refresh_token } = await auth.signIn({ username: "lihua", password: lihua.password });
    await oauth().grantToken({ client_id: "demo", grant_type: "refresh_token", refresh_token: refresh_token ?? "" });
    wire.take();
    await expect(auth.refreshTokenForce({})).rejects.toMatchObject({ error: "unauthenticated" });
    expect(emulator.requests.entries().at(-1)).toMatchObject({ error: "invalid_grant", status: 400 });
    expect(messages).toEqual([{ msg: "refresh token is wrong, used or expired, sign in again" }]);
    expect(await auth.hasLoginState()).toBe(false);
    expect(wire.take()).toHaveLength(1);
  });

  it("an access token that only the server takes for expired signs out without a refresh", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    await auth.signIn({ username: "lihua", password: lihua.password });
    emulator.clock.advance(7200);
    wire.take();
    await expect(auth.getUserInfo()).rejects.toMatchObject({ error: "unauthenticated" });
    expect(await auth.hasLoginState()).toBe(false);
    expect(wire.take().map(({ line }) => line)).toEqual(["GET /auth/v1/user/me"]);
  });
});
