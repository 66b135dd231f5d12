import { describe, expect, it } from "vitest";
import { aString } from "../../support/matchers.ts";
import { app, consent, consentCode } from "../support/consent.ts";
import { lihua, official } from "../support/official.ts";

describe("@cloudbase/oauth: third parties", () => {
  const sdk = official();

  it("genProviderRedirectUri", async () => {
    const { emulator, wire, oauth } = sdk();
    const { uri } = await oauth().genProviderRedirectUri({
      provider_id: "demo_provider",
      provider_redirect_uri: app,
      state: "s 1",
      other_params: { sign_out_uri: "https://app.example/bye" },
    });
    expect(uri.startsWith(emulator.endpoint)).toBe(true);
    expect(wire.take()).toMatchObject([
      {
        line: "GET /auth/v1/provider/uri",
        query: {
          client_id: "demo",
          provider_id: "demo_provider",
          redirect_uri: app,
          state: "s 1",
          "other_params[sign_out_uri]": "https://app.example/bye",
        },
      },
    ]);
  });

  it("grantProviderToken", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    const provider_code = await consentCode(auth, "wang");
    wire.take();
    const answer = await auth.grantProviderToken({
      provider_id: "demo_provider",
      provider_code,
      provider_redirect_uri: app,
    });
    expect(answer).toMatchObject({
      provider_token: aString,
      expires_in: 3600,
      provider_profile: { provider_id: "demo_provider", sub: "wang", name: "Name of wang" },
    });
    expect(wire.take()).toMatchObject([
      { line: "POST /auth/v1/provider/token", body: { provider_code, provider_redirect_uri: app } },
    ]);
  });

  it("patchProviderToken", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    const provider_token = await consent(auth, "wang");
    wire.take();
    const patched = await auth.patchProviderToken({
      provider_token,
      provider_id: "demo_provider",
      provider_params: {},
    });
    expect(patched.provider_token).not.toBe(provider_token);
    expect(wire.take()).toMatchObject([{ line: "PATCH /auth/v1/provider/token", body: { provider_token } }]);
    await expect(auth.signInWithProvider({ provider_token })).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("signInWithProvider", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    const provider_token = await consent(auth, "wang");
    wire.take();
    const { sub } = await auth.signInWithProvider({ provider_token, provider_id: "demo_provider" });
    expect(wire.take()).toMatchObject([
      { line: "POST /auth/v1/signin/with/provider", body: { provider_token, provider_id: "demo_provider" } },
    ]);
    expect(await auth.getUserInfo()).toMatchObject({
      sub,
      name: "Name of wang",
      providers: [{ id: "demo_provider", provider_user_id: "wang" }],
    });
  });

  it("getProviders, bindWithProvider, unbindProvider", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    const { sub } = await auth.signIn({ username: "lihua", password: lihua.password });
    expect(await auth.getProviders()).toMatchObject({ total: 1, data: [{ id: "demo_provider", bind: false }] });

    const provider_token = await consent(auth, "wang");
    wire.take();
    expect(await auth.bindWithProvider({ provider_token })).toEqual({});
    expect(await auth.getProviders()).toMatchObject({
      data: [{ bind: true, provider_user_name: "Name of wang" }],
    });
    expect((await oauth().signInWithProvider({ provider_token: await consent(auth, "wang") })).sub).toBe(sub);

    wire.take();
    expect(await auth.unbindProvider({ provider_id: "demo_provider" })).toEqual({});
    expect(wire.take()).toMatchObject([{ line: "DELETE /auth/v1/user/provider/demo_provider", query: {} }]);
    expect(await auth.getProviders()).toMatchObject({ data: [{ bind: false }] });
  });

  it("bindWithProvider of an account that somebody else has", async () => {
    const { oauth } = sdk();
    const auth = oauth();
    await oauth().signInWithProvider({ provider_token: await consent(auth, "wang") });
    await auth.signIn({ username: "lihua", password: lihua.password });
    const provider_token = await consent(auth, "wang");
    await expect(auth.bindWithProvider({ provider_token })).rejects.toMatchObject({ error: "already_exists" });
    expect(await auth.transByProvider({ provider_token })).toMatchObject({ token_type: "Bearer" });
    expect(await auth.getProviders()).toMatchObject({ data: [{ bind: true }] });
  });

  it("getProviderSubType", async () => {
    const { wire, oauth } = sdk();
    await expect(oauth().getProviderSubType()).rejects.toMatchObject({ error: "not_found" });
    expect(wire.take()).toMatchObject([
      { line: "POST /auth/v1/mgr/provider/providerSubType", body: { provider_id: "weda" } },
    ]);
  });
});
