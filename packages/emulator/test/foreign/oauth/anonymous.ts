import { describe, expect, it } from "vitest";
import { aString } from "../../support/matchers.ts";
import { prove } from "../support/codes.ts";
import { consent } from "../support/consent.ts";
import { official } from "../support/official.ts";

describe("@cloudbase/oauth: anonymous users", () => {
  const sdk = official();

  it("signInAnonymously", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    const credentials = await auth.signInAnonymously();
    expect(credentials).toMatchObject({ scope: "anonymous", sub: aString });
    expect(credentials).not.toHaveProperty("refresh_token");
    expect((await auth.signInAnonymously()).sub).toBe(credentials.sub);
    expect((await oauth().signInAnonymously()).sub).not.toBe(credentials.sub);
    expect(wire.take()[0]).toMatchObject({
      line: "POST /auth/v1/signin/anonymously",
      query: { client_id: "demo" },
      body: {},
    });
    expect(emulator.requests.entries()[0]).toMatchObject({ authorization: "none", deviceId: aString });
  });

  it("an expired anonymous user signs in again by Basic, as the same one", async () => {
    const { emulator, wire, oauth, later } = sdk();
    const auth = oauth();
    const { sub } = await auth.signInAnonymously();
    later(7200);
    wire.take();
    expect(await auth.getUserInfo()).toMatchObject({ sub });
    const [sent] = wire.take();
    expect(sent).toMatchObject({
      line: "POST /auth/v1/signin/anonymously",
      query: { client_id: "demo" },
      headers: { authorization: `Basic ${btoa("demo:")}` },
    });
    expect(emulator.requests.entries().at(-2)).toMatchObject({ authorization: "basic", status: 200 });
  });

  it("signUp with an anonymous_token", async () => {
    const official = sdk();
    const { emulator, wire, oauth } = official;
    const auth = oauth();
    const { sub, access_token } = await auth.signInAnonymously();
    const anonymous_token = access_token ?? "";
    const email = "new@example.com";
    const verification_token = await prove(official, auth, { email });
    wire.take();
    const person = await auth.signUp({ email, verification_token, anonymous_token });
    expect(person).toMatchObject({ sub, scope: "user sso" });
    expect(wire.take()).toMatchObject([{ line: "POST /auth/v1/signup", body: { anonymous_token } }]);
    expect(emulator.requests.entries().at(-1)).toMatchObject({ authorization: "none" });
    expect(await auth.getUserInfo()).toMatchObject({ sub, email });
  });

  it("bindWithProvider of an anonymous user", async () => {
    const { oauth } = sdk();
    const auth = oauth();
    const { sub } = await auth.signInAnonymously();
    await auth.bindWithProvider({ provider_token: await consent(auth, "wang") });
    const back = await oauth().signInWithProvider({ provider_token: await consent(auth, "wang") });
    expect(back).toMatchObject({ sub, scope: "user sso" });
  });
});
