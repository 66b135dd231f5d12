import { describe, expect, it } from "vitest";
import { aString } from "../../support/matchers.ts";
import { prove } from "../support/codes.ts";
import { lihua, official } from "../support/official.ts";

describe("@cloudbase/oauth: codes", () => {
  const sdk = official();

  it("getVerification adds +86 and a space", async () => {
    const { emulator, wire, oauth } = sdk();
    const sent = await oauth().getVerification({ phone_number: "13900000000", target: "ANY" });
    expect(sent).toMatchObject({ verification_id: aString, expires_in: 600, is_user: false });
    expect(wire.take()).toMatchObject([
      {
        line: "POST /auth/v1/verification",
        query: { client_id: "demo" },
        body: { phone_number: "+86 13900000000", target: "ANY" },
      },
    ]);
    expect(emulator.inbox.latest("+86 13900000000")).toMatch(/^\d{6}$/);
  });

  it("getVerification without a target", async () => {
    const { wire, oauth } = sdk();
    expect(await oauth().getVerification({ email: lihua.email })).toMatchObject({ is_user: true });
    expect(wire.take()[0]?.body).toEqual({ email: lihua.email });
  });

  it("getVerification of somebody who is signed in has the Bearer and no client_id", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    await auth.signIn({ username: "lihua", password: lihua.password });
    wire.take();
    await auth.getVerification({ email: "other@example.com", target: "ANY" });
    expect(wire.take()).toMatchObject([{ line: "POST /auth/v1/verification", query: {} }]);
    expect(emulator.requests.entries().at(-1)).toMatchObject({ authorization: "bearer", status: 200 });
  });

  it("signUp with a phone number", async () => {
    const official = sdk();
    const auth = official.oauth();
    const phone_number = "+86 13900000000";
    const verification_token = await prove(official, auth, { phone_number });
    const { sub } = await auth.signUp({ phone_number, verification_token, username: "zhang", password: "Secret-456" });
    expect(await auth.getUserInfo()).toMatchObject({ sub, phone_number, username: "zhang", has_password: true });
    expect(official.wire.take().map(({ line }) => line)).toEqual([
      "POST /auth/v1/verification",
      "POST /auth/v1/verification/verify",
      "POST /auth/v1/signup",
      "GET /auth/v1/user/me",
    ]);
    const { sub: again } = await official.oauth().signIn({ username: "zhang", password: "Secret-456" });
    expect(again).toBe(sub);
  });

  it("signUp with an e-mail address", async () => {
    const official = sdk();
    const auth = official.oauth();
    const email = "zhang@example.com";
    const verification_token = await prove(official, auth, { email });
    const { sub } = await auth.signUp({ email, verification_token, name: "Zhang San", gender: "MALE", locale: "zh" });
    expect(await auth.getUserInfo()).toMatchObject({ sub, email, name: "Zhang San", gender: "MALE", locale: "zh" });
  });

  it("signIn with a code", async () => {
    const official = sdk();
    const auth = official.oauth();
    const verification_token = await prove(official, auth, { phone_number: lihua.phoneNumber }, "USER");
    official.wire.take();
    await auth.signIn({ username: lihua.phoneNumber, verification_token });
    expect(await auth.getUserInfo()).toMatchObject({ username: "lihua" });
    expect(official.wire.take()[0]).toMatchObject({
      line: "POST /auth/v1/signin",
      body: { username: lihua.phoneNumber, verification_token },
    });
  });

  it("sendVerificationCodeToCurrentUser", async () => {
    const { emulator, wire, oauth } = sdk();
    const captchaOptions = {
      openURIWithCallback: (url: string) => {
        const token = new URL(url).searchParams.get("token") ?? "";
        return auth.verifyCaptchaData({ token, key: emulator.inbox.captcha(token) ?? "" });
      },
    };
    const auth = oauth({ captchaOptions });
    await auth.signIn({ username: "lihua", password: lihua.password });
    wire.take();
    const { verification_id } = await auth.sendVerificationCodeToCurrentUser({ email: lihua.email });
    expect(verification_id).toEqual(aString);
    const sent = wire.take();
    expect(sent.map(({ line }) => line)).toEqual([
      "POST /auth/v1/captcha/data",
      "POST /auth/v1/captcha/data/verify",
      "POST /auth/v1/verification",
    ]);
    expect(sent[2]).toMatchObject({
      body: { email: lihua.email, target: "CUR_USER" },
      query: { captcha_token: aString },
    });
  });

  it("resetPassword", async () => {
    const official = sdk();
    const auth = official.oauth();
    const verification_token = await prove(official, auth, { email: lihua.email }, "USER");
    official.wire.take();
    await auth.resetPassword({ email: lihua.email, new_password: "Changed-456", verification_token });
    expect(official.wire.take()).toMatchObject([
      {
        line: "POST /auth/v1/reset",
        query: { client_id: "demo" },
        body: { email: lihua.email, new_password: "Changed-456", verification_token },
      },
    ]);
    await expect(auth.signIn({ username: "lihua", password: lihua.password })).rejects.toMatchObject({
      error: "invalid_password",
    });
    expect(await auth.signIn({ username: "lihua", password: "Changed-456" })).toMatchObject({ token_type: "Bearer" });
  });
});
