import { describe, expect, it } from "vitest";
import { aString } from "../../support/matchers.ts";
import { prove } from "../support/codes.ts";
import { lihua, official, withoutWaiting } from "../support/official.ts";

describe("@cloudbase/oauth: the account", () => {
  const sdk = official();
  const signedIn = async () => {
    const official = sdk();
    const auth = official.oauth();
    const { sub } = await auth.signIn({ username: "lihua", password: lihua.password });
    official.wire.take();
    return { ...official, official, auth, sub: sub ?? "" };
  };

  it("updateUserBasicInfo", async () => {
    const { auth, wire, sub } = await signedIn();
    const changes = {
      user_id: sub,
      nickname: "Hua",
      gender: "FEMALE",
      avatar_url: "https://app.example/a.png",
    } as const;
    await auth.updateUserBasicInfo(changes);
    expect(wire.take()).toMatchObject([{ line: "POST /auth/v1/user/basic/edit", body: changes }]);
    expect(await auth.getUserInfo()).toMatchObject({ name: "Hua", gender: "FEMALE", picture: changes.avatar_url });
  });

  it("setUserProfile", async () => {
    const { auth, wire } = await signedIn();
    expect(await auth.setUserProfile({ locale: "zh", zoneinfo: "Asia/Shanghai" })).toMatchObject({ locale: "zh" });
    expect(wire.take()).toMatchObject([{ line: "PATCH /auth/v1/user/profile", body: { locale: "zh" } }]);
    expect(await auth.getUserInfo()).toMatchObject({ zoneinfo: "Asia/Shanghai" });
  });

  it("editContact", async () => {
    const { official, auth, wire } = await signedIn();
    const email = "hua@example.com";
    const { sudo_token = "" } = await auth.sudo({ password: lihua.password });
    const verification_token = await prove(official, auth, { email });
    wire.take();
    await auth.editContact({ email, sudo_token, verification_token, conflict_resolution: "DEFAULT" });
    expect(wire.take()).toMatchObject([
      { line: "PATCH /auth/v1/user/contact", query: {}, body: { email, sudo_token, verification_token } },
    ]);
    expect(await auth.getUserInfo()).toMatchObject({ email });
  });

  it("queryUserProfile", async () => {
    const { auth, wire, sub } = await signedIn();
    const found = await auth.queryUserProfile({ id: [sub] });
    expect(found).toMatchObject({ total: 1, data: [{ sub, name: "Li Hua" }] });
    expect(wire.take()).toMatchObject([{ line: "GET /auth/v1/user/query", query: { id: sub } }]);
  });

  it("queryUserProfile by a phone number", async () => {
    const { auth, wire, sub } = await signedIn();
    const found = await auth.queryUserProfile({ phone_number: lihua.phoneNumber });
    expect(found).toMatchObject({ data: [{ sub }] });
    expect(wire.take()[0]?.query).toMatchObject({ phone_number: lihua.phoneNumber });
  });

  it("checkIfUserExist", async () => {
    const { auth, emulator, wire } = await signedIn();
    expect(await auth.checkIfUserExist({ username: "lihua" })).toEqual({ exist: true });
    expect(await auth.checkIfUserExist({ username: "nobody" })).toEqual({ exist: false });
    expect(wire.take()[0]).toMatchObject({
      line: "GET /auth/v1/checkIfUserExist",
      query: { username: "lihua", client_id: "demo" },
    });
    expect(emulator.requests.entries().at(-1)).toMatchObject({ authorization: "none" });
  });

  it("checkUsername never leaves Node", async () => {
    const { auth, wire } = await signedIn();
    const seconds = withoutWaiting();
    const error: unknown = await auth.checkUsername({ username: "free" }).catch((reason: unknown) => reason);
    expect(seconds()).toBe(2);
    expect(error).toMatchObject({
      error: "unreachable",
      error_description: "Request with GET/HEAD method cannot have body.",
    });
    expect(wire.take()).toEqual([]);
  });

  it("getUserBehaviorLog", async () => {
    const { auth, wire } = await signedIn();
    expect(await auth.getUserBehaviorLog({ type: "LOGIN", limit: 5 })).toMatchObject({
      total: 1,
      data: [{ client_id: "demo", device_id: aString, meta: { from: "username" } }],
    });
    expect(wire.take()).toMatchObject([
      { line: "GET /auth/v1/user/security/history", query: { "query[action]": "USER_LOGIN", limit: "5" } },
    ]);
    expect(await auth.getUserBehaviorLog({ type: "MODIFY", limit: 5 })).toMatchObject({ total: 0 });
    expect(wire.take()[0]?.query).toEqual({ "ne_query[action]": "USER_LOGIN", limit: "5" });
  });

  it("revokeDevice", async () => {
    const { auth, emulator, oauth, wire } = await signedIn();
    const other = oauth();
    await other.signIn({ username: "lihua", password: lihua.password });
    const device = emulator.requests.entries().at(-1)?.deviceId ?? "";
    wire.take();
    await auth.revokeDevice({ device_id: device });
    expect(wire.take().map(({ line }) => line)).toEqual([`DELETE /auth/v1/user/authorized/devices/${device}`]);
    await expect(other.refreshTokenForce({})).rejects.toMatchObject({ error: "unauthenticated" });
    expect(await auth.getUserInfo()).toMatchObject({ username: "lihua" });
  });

  it("revokeAllDevices", async () => {
    const { auth, wire } = await signedIn();
    await auth.revokeAllDevices();
    expect(wire.take().map(({ line }) => line)).toEqual(["DELETE /auth/v1/user/revoke/all"]);
    expect(await auth.hasLoginState()).toBe(true);
    await expect(auth.getUserInfo()).rejects.toMatchObject({ error: "unauthenticated" });
    expect(await auth.hasLoginState()).toBe(false);
  });
});
