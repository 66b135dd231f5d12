import { describe, expect, it } from "vitest";
import { like } from "../../support/matchers.ts";
import { lihua, official, withoutWaiting } from "../support/official.ts";

describe("@cloudbase/oauth: errors", () => {
  const sdk = official({ captchaAfter: -1, passwordAttempts: 2, loginMethods: { anonymous: false, custom: false } });

  it("an error is the body, with error_uri and requestId", async () => {
    const { wire, oauth } = sdk();
    const error: unknown = await oauth()
      .signIn({ username: "nobody", password: "Secret-123" })
      .catch((reason: unknown) => reason);
    const [sent] = wire.take();
    expect(error).toEqual({
      error: "not_found",
      error_code: 5,
      error_description: "user does not exist",
      error_uri: "/auth/v1/signin",
      requestId: sent?.headers["x-request-id"],
    });
    expect(error).not.toBeInstanceOf(Error);
  });

  it("a lock has retry_delay", async () => {
    const { oauth } = sdk();
    const auth = oauth();
    const wrong = { username: "lihua", password: "Wrong-123" };
    for (const limit_remaining of [1, 0]) {
      await expect(auth.signIn(wrong)).rejects.toMatchObject({ details: [{ limit_remaining }] });
    }
    await expect(auth.signIn({ ...wrong, password: lihua.password })).rejects.toMatchObject({
      error: "invalid_status",
      details: [{ retry_delay: like(/^\d+s$/) }],
    });
  });

  it("a method that is off is unimplemented, a custom ticket not_found", async () => {
    const { oauth } = sdk();
    const auth = oauth();
    await expect(auth.signInAnonymously()).rejects.toMatchObject({ error: "unimplemented" });
    await expect(auth.signInCustom({ provider_id: "custom", ticket: "any" })).rejects.toMatchObject({
      error: "not_found",
      error_description: "provider not found",
    });
  });

  it("a server that answers nothing is asked three times, a second apart, and is unreachable", async () => {
    const { emulator, wire, oauth } = sdk();
    emulator.failNext("POST /auth/v1/signin", { kind: "reset" }, 3);
    const seconds = withoutWaiting();
    const error: unknown = await oauth()
      .signIn({ username: "lihua", password: lihua.password })
      .catch((reason: unknown) => reason);
    expect(seconds()).toBe(2);
    expect(emulator.requests.entries()).toHaveLength(3);
    expect(error).toMatchObject({ error: "unreachable", error_uri: "/auth/v1/signin" });
    expect(new Set(wire.take().map(({ headers }) => headers["x-request-id"])).size).toBe(1);
  });

  it("an answer that is no JSON is asked for again", async () => {
    const { emulator, oauth } = sdk();
    emulator.failNext("POST /auth/v1/signin", { kind: "garbage" }, 1);
    withoutWaiting();
    const answer = await oauth().signIn({ username: "lihua", password: lihua.password });
    expect(answer).toMatchObject({ token_type: "Bearer" });
    expect(emulator.requests.entries()).toHaveLength(2);
  });
});
