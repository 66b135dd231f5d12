import { describe, expect, it } from "vitest";
import { aString } from "../../support/matchers.ts";
import { callAt } from "../support/calls.ts";
import { consent } from "../support/consent.ts";
import { lihua, official } from "../support/official.ts";

const lines = (sent: readonly { readonly line: string }[]): readonly string[] => sent.map(({ line }) => line);

describe("@cloudbase/js-sdk: the account", () => {
  const sdk = official();
  const signedIn = async () => {
    const official = sdk();
    const auth = official.jsSdk();
    await auth.signInWithPassword({ username: "lihua", password: lihua.password });
    official.wire.take();
    return { ...official, auth };
  };

  it("updateUser", async () => {
    const { auth, wire } = await signedIn();
    const answer = await auth.updateUser({ nickname: "Hua", gender: "FEMALE" });
    expect(answer).toMatchObject({ error: null, data: { user: { user_metadata: { name: "Hua", gender: "FEMALE" } } } });
    expect(wire.take()).toMatchObject([
      { line: "POST /auth/v1/user/basic/edit", body: { nickname: "Hua", gender: "FEMALE" } },
      { line: "GET /auth/v1/user/me" },
    ]);
  });

  it("updateUser of the e-mail address", async () => {
    const { auth, emulator, wire } = await signedIn();
    const email = "hua@example.com";
    const asked = await auth.updateUser({ email });
    const token = emulator.inbox.latest(email);
    expect(await callAt(asked, ["data", "verifyOtp"], { email, token })).toMatchObject({
      error: null,
      data: { user: { email } },
    });
    const sent = wire.take();
    expect(lines(sent)).toEqual([
      "POST /auth/v1/verification",
      "POST /auth/v1/verification/verify",
      "POST /auth/v1/user/basic/edit",
      "GET /auth/v1/user/me",
    ]);
    expect(sent[0]?.body).toEqual({ email, usage: "reauthentication" });
    expect(sent[2]?.body).toEqual({ email });
  });

  it("resetPasswordForEmail", async () => {
    const { emulator, wire, jsSdk } = sdk();
    const asked = await jsSdk().resetPasswordForEmail(lihua.email);
    const nonce = emulator.inbox.latest(lihua.email);
    const answer = await callAt(asked, ["data", "updateUser"], { nonce, password: "Changed-456" });
    expect(answer).toMatchObject({ error: null, data: { user: { email: lihua.email } } });
    const sent = wire.take();
    expect(lines(sent)).toEqual([
      "POST /auth/v1/verification",
      "POST /auth/v1/verification/verify",
      "POST /auth/v1/reset",
      "POST /auth/v1/signin",
      "GET /auth/v1/user/me",
    ]);
    expect(sent[0]?.body).toEqual({ email: lihua.email, usage: "recovery", target: "USER" });
    expect(sent[2]?.body).toEqual({ email: lihua.email, new_password: "Changed-456", verification_token: aString });
  });

  it("reauthenticate", async () => {
    const { auth, emulator, wire } = await signedIn();
    const asked = await auth.reauthenticate();
    const nonce = emulator.inbox.latest(lihua.email);
    const answer = await callAt(asked, ["data", "updateUser"], { nonce });
    expect(answer).toMatchObject({ error: null, data: { user: { email: lihua.email } } });
    const sent = wire.take();
    expect(lines(sent)).toEqual([
      "POST /auth/v1/verification",
      "POST /auth/v1/verification/verify",
      "POST /auth/v1/signin",
      "GET /auth/v1/user/me",
    ]);
    expect(sent[0]?.body).toEqual({ email: lihua.email, usage: "reauthentication" });
  });

  it("signInWithIdToken and getUserIdentities", async () => {
    const { wire, jsSdk, oauth } = sdk();
    const auth = jsSdk();
    const token = await consent(oauth(), "wang");
    wire.take();
    const answer = await auth.signInWithIdToken({ token });
    expect(answer).toMatchObject({ error: null, data: { user: { identities: [{ provider: "demo_provider" }] } } });
    expect(wire.take()[0]).toMatchObject({
      line: "POST /auth/v1/signin/with/provider",
      body: { provider_token: token },
    });
    expect(await auth.getUserIdentities()).toMatchObject({ data: { identities: [{ id: "demo_provider" }] } });
    expect(wire.take().map(({ line }) => line)).toContain("GET /auth/v1/user/provider");
  });

  it("what needs PATCH or DELETE never leaves Node", async () => {
    const { auth, emulator, wire } = await signedIn();
    const patch = { message: "invalid 【patch】 request method" };
    const remove = { message: "invalid 【delete】 request method" };
    const contact = { verification_token: "v", sudo_token: "s" };
    await expect(auth.bindPhoneNumber({ ...contact, phone_number: "+86 13900000000" })).rejects.toMatchObject(patch);
    await expect(auth.bindEmail({ ...contact, email: "hua@example.com" })).rejects.toMatchObject(patch);
    const passwords = { old_password: lihua.password, new_password: "Changed-456" };
    expect(await auth.resetPasswordForOld(passwords)).toMatchObject({ error: patch });
    const asked = await auth.reauthenticate();
    const nonce = emulator.inbox.latest(lihua.email);
    const answer = await callAt(asked, ["data", "updateUser"], { nonce, password: "Changed-456" });
    expect(answer).toMatchObject({ error: patch });
    expect(await auth.unlinkIdentity({ provider: "demo_provider" })).toMatchObject({ error: remove });
    expect(await auth.deleteUser({ password: lihua.password })).toMatchObject({ error: remove });
    expect(lines(wire.take())).toEqual([
      "POST /auth/v1/user/sudo",
      "POST /auth/v1/verification",
      "POST /auth/v1/verification/verify",
      "POST /auth/v1/user/sudo",
      "POST /auth/v1/user/sudo",
    ]);
  });
});
