import { describe, expect, it } from "vitest";
import { aString, like } from "../../support/matchers.ts";
import { lihua, official } from "../support/official.ts";
import type { Official } from "../support/official.ts";

/** A client whose person reads what the image shows; @returns it and the addresses that it was asked to open */
function withReader({ emulator, oauth }: Official) {
  const opened: string[] = [];
  const auth = oauth({
    captchaOptions: {
      openURIWithCallback: (url) => {
        opened.push(url);
        const token = new URLSearchParams(url.slice(url.lastIndexOf("?"))).get("token") ?? "";
        return auth.verifyCaptchaData({ token, key: emulator.inbox.captcha(token) ?? "" });
      },
    },
  });
  return { auth, opened };
}

describe("@cloudbase/oauth: captcha", () => {
  const sdk = official({ captchaAfter: 2, captchaForCodes: true });

  it("createCaptchaData and verifyCaptchaData", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    const { token, ...image } = await auth.createCaptchaData({ state: "s" });
    expect(image).toEqual({ data: like(/^data:image\/gif;base64,/), type: "image", expires_in: 300 });
    const key = emulator.inbox.captcha(token) ?? "";
    expect(await auth.verifyCaptchaData({ token, key })).toEqual({ captcha_token: aString, expires_in: 600 });
    expect(wire.take()).toMatchObject([
      { line: "POST /auth/v1/captcha/data", query: { client_id: "demo" }, body: { state: "s" } },
      { line: "POST /auth/v1/captcha/data/verify", query: { client_id: "demo" }, body: { token, key } },
    ]);
  });

  it("a wrong key makes the SDK show a captcha of its own, for which it needs a document", async () => {
    const { emulator, oauth } = sdk();
    const auth = oauth();
    const { token } = await auth.createCaptchaData({ state: "s" });
    await expect(auth.verifyCaptchaData({ token, key: "no" })).rejects.toThrow("document is not defined");
    expect(emulator.requests.entries().map(({ path, error }) => [path, error])).toEqual([
      ["/auth/v1/captcha/data", undefined],
      ["/auth/v1/captcha/data/verify", "captcha_invalid"],
      ["/auth/v1/captcha/data", undefined],
    ]);
  });

  it("captcha_required: the call is repeated once, with captcha_token in the query", async () => {
    const { wire, ...rest } = sdk();
    const { auth, opened } = withReader({ wire, ...rest });
    const wrong = { username: "lihua", password: "Wrong-123" };
    for (const limit_remaining of [9, 8]) {
      await expect(auth.signIn(wrong)).rejects.toMatchObject({
        error: "invalid_password",
        details: [{ limit_remaining }],
      });
    }
    wire.take();
    expect(await auth.signIn({ username: "lihua", password: lihua.password })).toMatchObject({ token_type: "Bearer" });
    const sent = wire.take();
    expect(sent).toMatchObject([
      { line: "POST /auth/v1/signin", query: { client_id: "demo" } },
      { line: "POST /auth/v1/captcha/data", body: { state: "POST:/v1/signin", redirect_uri: "" } },
      { line: "POST /auth/v1/captcha/data/verify", body: { key: aString, token: aString } },
      { line: "POST /auth/v1/signin", query: { captcha_token: aString } },
    ]);
    expect(sent[3]?.headers).not.toHaveProperty("x-captcha-token");
    expect(opened).toEqual([like(/^data:image\/gif;base64,.+\?state=POST%3A%2Fv1%2Fsignin&token=/)]);
  });

  it("a captcha_token serves again until ten seconds before its end", async () => {
    const { wire, later, ...rest } = sdk();
    const { auth, opened } = withReader({ wire, later, ...rest });
    await auth.getVerification({ email: lihua.email, target: "USER" }, { withCaptcha: true });
    await auth.getVerification({ email: lihua.email, target: "USER" }, { withCaptcha: true });
    expect(opened).toHaveLength(1);
    const tokens = wire.take().map(({ query }) => query["captcha_token"]);
    expect(tokens.at(-1)).toBe(tokens.at(-2));
    later(591);
    await auth.getVerification({ email: lihua.email, target: "USER" }, { withCaptcha: true });
    expect(opened).toHaveLength(2);
  });

  it("captcha_invalid: a new captcha, and the call once more", async () => {
    const { emulator, wire, ...rest } = sdk();
    const { auth, opened } = withReader({ emulator, wire, ...rest });
    await auth.getVerification({ email: lihua.email, target: "USER" });
    emulator.clock.advance(600);
    wire.take();
    await auth.getVerification({ email: lihua.email, target: "USER" }, { withCaptcha: true });
    expect(opened).toHaveLength(2);
    expect(
      emulator.requests
        .entries()
        .map(({ path, error }) => [path, error])
        .slice(-4),
    ).toEqual([
      ["/auth/v1/verification", "captcha_invalid"],
      ["/auth/v1/captcha/data", undefined],
      ["/auth/v1/captcha/data/verify", undefined],
      ["/auth/v1/verification", undefined],
    ]);
    expect(wire.take()).toHaveLength(4);
  });
});
