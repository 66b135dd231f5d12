import { describe, expect, it } from "vitest";
import { aString } from "../../support/matchers.ts";
import { callAt, textAt } from "../support/calls.ts";
import { lihua, official } from "../support/official.ts";

const lines = (sent: readonly { readonly line: string }[]): readonly string[] => sent.map(({ line }) => line);

describe("@cloudbase/js-sdk: codes", () => {
  const sdk = official();

  it("signUp with a phone number", async () => {
    const { emulator, wire, jsSdk } = sdk();
    const auth = jsSdk();
    const asked = await auth.signUp({ phone: "13900000000", password: "Secret-456", username: "zhang" });
    const token = emulator.inbox.latest("+86 13900000000");
    const answer = await callAt(asked, ["data", "verifyOtp"], { token });
    expect(answer).toMatchObject({ error: null, data: { user: { phone: "+86 13900000000" } } });
    const sent = wire.take();
    expect(lines(sent)).toEqual([
      "POST /auth/v1/verification",
      "POST /auth/v1/verification/verify",
      "POST /auth/v1/signup",
      "GET /auth/v1/user/me",
    ]);
    expect(sent[0]?.body).toEqual({ phone_number: "+86 13900000000" });
    expect(sent[2]?.body).toEqual({
      phone_number: "+86 13900000000",
      password: "Secret-456",
      username: "zhang",
      verification_code: token,
      verification_token: aString,
    });
    expect(await jsSdk().signInWithPassword({ username: "zhang", password: "Secret-456" })).toMatchObject({
      error: null,
    });
  });

  it("signUp with an e-mail address", async () => {
    const { emulator, wire, jsSdk } = sdk();
    const email = "zhang@example.com";
    const asked = await jsSdk().signUp({ email, name: "Zhang San" });
    const answer = await callAt(asked, ["data", "verifyOtp"], { token: emulator.inbox.latest(email) });
    expect(answer).toMatchObject({ error: null, data: { user: { email, user_metadata: { name: "Zhang San" } } } });
    expect(wire.take()[0]?.body).toEqual({ email, usage: "email" });
  });

  it("signUp of somebody who is there signs in", async () => {
    const { emulator, wire, jsSdk } = sdk();
    const asked = await jsSdk().signUp({ email: lihua.email });
    const answer = await callAt(asked, ["data", "verifyOtp"], { token: emulator.inbox.latest(lihua.email) });
    expect(answer).toMatchObject({ error: null, data: { user: { user_metadata: { username: "lihua" } } } });
    expect(lines(wire.take())[2]).toBe("POST /auth/v1/signin");
  });

  it("signUp with an anonymous_token", async () => {
    const { emulator, wire, jsSdk } = sdk();
    const auth = jsSdk();
    const anonymous = await auth.signInAnonymously({});
    expect(anonymous).toMatchObject({ error: null, data: { session: { scope: "anonymous" } } });
    const anonymous_token = textAt(anonymous, "data", "session", "access_token");
    const email = "new@example.com";
    const asked = await auth.signUp({ email, anonymous_token });
    const answer = await callAt(asked, ["data", "verifyOtp"], { token: emulator.inbox.latest(email) });
    expect(answer).toMatchObject({
      error: null,
      data: { user: { id: textAt(anonymous, "data", "user", "id"), email }, session: { scope: "user sso" } },
    });
    expect(wire.take().find(({ line }) => line === "POST /auth/v1/signup")?.body).toMatchObject({ anonymous_token });
  });

  it("signInAnonymously does not say is_anonymous", async () => {
    const { jsSdk } = sdk();
    const answer = await jsSdk().signInAnonymously({});
    expect(answer).toMatchObject({ data: { user: { is_anonymous: false, user_metadata: { name: "Anonymous" } } } });
  });

  it("signInWithOtp and verifyOtp", async () => {
    const { emulator, wire, jsSdk } = sdk();
    const auth = jsSdk();
    const options = { shouldCreateUser: false };
    const asked = await auth.signInWithOtp({ phone: lihua.phoneNumber, options });
    const token = emulator.inbox.latest(lihua.phoneNumber);
    expect(await callAt(asked, ["data", "verifyOtp"], { token })).toMatchObject({
      error: null,
      data: { user: { phone: lihua.phoneNumber } },
    });
    const sent = wire.take();
    expect(lines(sent)).toEqual([
      "POST /auth/v1/verification",
      "POST /auth/v1/verification/verify",
      "POST /auth/v1/signin",
      "GET /auth/v1/user/me",
    ]);
    expect(sent[0]?.body).toEqual({ phone_number: lihua.phoneNumber, target: "USER" });
  });

  it("resend and verifyOtp", async () => {
    const { emulator, wire, jsSdk } = sdk();
    const auth = jsSdk();
    const resent = await auth.resend({ type: "email_change", email: lihua.email });
    expect(wire.take()[0]?.body).toMatchObject({ email: lihua.email, target: "USER" });
    const messageId = textAt(resent, "data", "messageId");
    const token = emulator.inbox.latest(lihua.email);
    expect(await auth.verifyOtp({ email: lihua.email, token, messageId })).toMatchObject({
      error: null,
      data: { user: { email: lihua.email } },
    });
  });

  it("isUsernameRegistered", async () => {
    const { wire, jsSdk } = sdk();
    const auth = jsSdk();
    expect(await auth.isUsernameRegistered("lihua")).toBe(true);
    expect(await auth.isUsernameRegistered("nobody")).toBe(false);
    expect(lines(wire.take())[0]).toBe("GET /auth/v1/checkIfUserExist");
  });
});
