import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refusal, signIn, text, tokens, verify } from "./support/api.ts";
import { aNumber, aString, like } from "./support/matchers.ts";

const person = {
  username: "lihua",
  email: "Li.Hua@example.com",
  phoneNumber: "+86 13800000001",
  password: "right",
  name: "Li Hua",
  groups: ["admin", "staff"],
};

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({
    envId: "demo",
    users: [person, { phoneNumber: "+86 13800000002", name: "No Password" }],
  });
});
afterAll(() => emulator.close());

describe("POST /auth/v1/signin", () => {
  it.each([
    ["lihua", "username"],
    ["Li.Hua@example.com", "email"],
    ["li.hua@EXAMPLE.com", "email"],
    ["+86 13800000001", "phone"],
  ])("takes %s as the username", async (username, providerType) => {
    const answer = await call(emulator, "POST /signin", { body: { username, password: "right" } });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      token_type: "Bearer",
      access_token: like(/^ey.{1,4094}$/),
      refresh_token: like(/^[\w-]{43,128}$/),
      expires_in: 7200,
      scope: "user sso",
      sub: like(/^\d{19}$/),
      groups: ["admin", "staff"],
    });
    expect(decodeJwt(text(answer, "access_token"))).toMatchObject({ provider_type: providerType });
  });

  it("issues the claims of the documented sample", async () => {
    const { access, sub } = await signIn(emulator, "lihua", "right");
    const claims = decodeJwt(access);
    expect(claims).toEqual({
      iss: emulator.endpoint,
      sub,
      aud: "demo",
      exp: Number(claims.iat) + 7200,
      iat: aNumber,
      at_hash: like(/^r\.[\w-]{22}$/),
      scope: "user sso",
      project_id: "demo",
      meta: { wxOpenId: "", wxUnionId: "" },
      user_type: "",
      provider_type: "username",
      name: "Li Hua",
      email: "Li.Hua@example.com",
      phone_number: "+86 13800000001",
      groups: ["admin", "staff"],
    });
    expect(Object.keys(decodeProtectedHeader(access)).toSorted()).toEqual(["alg", "kid"]);
  });

  it.each(["+86 13800000001", "li.hua@example.com"])("takes the verification_token of a code to %s", async (to) => {
    const body = { verification_token: await verify(emulator, to) };
    const answer = await call(emulator, "POST /signin", { body });
    expect(answer.status).toBe(200);
    expect(refusal(await call(emulator, "POST /signin", { body }))).toBe("400 invalid_verification_code");
  });

  it.each([
    ["a wrong password", { username: "lihua", password: "wrong" }, "400 invalid_password"],
    ["an unknown user", { username: "nobody", password: "right" }, "404 not_found"],
    ["an account without a password", { username: "+86 13800000002", password: "x" }, "400 password_not_set"],
    ["no password", { username: "lihua" }, "400 invalid_argument"],
    ["no username", { password: "right" }, "400 invalid_argument"],
    ["nothing", {}, "400 invalid_argument"],
    ["a password that is no string", { username: "lihua", password: ["right"] }, "400 invalid_argument"],
    ["an invented verification_token", { verification_token: "invented" }, "400 invalid_verification_code"],
    ["both modes at once", { username: "lihua", password: "right", verification_token: "x" }, "400 invalid_argument"],
  ])("refuses %s", async (_title, body, expected) => {
    expect(refusal(await call(emulator, "POST /signin", { body }))).toBe(expected);
  });

  it("refuses a verified address that nobody has, and leaves the verification_token good for a sign-up", async () => {
    const ticket = await verify(emulator, "+86 13800000009");
    expect(refusal(await call(emulator, "POST /signin", { body: { verification_token: ticket } }))).toBe(
      "404 not_found",
    );
    const body = { phone_number: "+86 13800000009", verification_token: ticket };
    expect((await call(emulator, "POST /signup", { body })).status).toBe(200);
  });
});

describe("POST /auth/v1/verification and /verify", () => {
  it("signs the verification_id with the key of the access tokens", async () => {
    const answer = await call(emulator, "POST /verification", { body: { email: "new@example.com" } });
    expect(answer).toMatchObject({ status: 200, body: { expires_in: 600, is_user: false } });
    const id = text(answer, "verification_id");
    expect(Object.keys(decodeJwt(id)).toSorted()).toEqual(["e", "exp", "kid", "pj", "t"]);
    const { access } = await signIn(emulator, "lihua", "right");
    expect(decodeProtectedHeader(id)).toEqual(decodeProtectedHeader(access));
  });

  it.each([
    ["USER", "+86 13800000001", true],
    ["ANY", "+86 13800000001", true],
    ["ANY", "+86 13800000003", false],
    ["NOT_USER", "+86 13800000003", false],
  ])("target %s for %s: is_user %s", async (target, phone, isUser) => {
    const body = { target, phone_number: phone };
    expect((await call(emulator, "POST /verification", { body })).body["is_user"]).toBe(isUser);
    expect(emulator.inbox.latest(phone)).toMatch(/^\d{6}$/);
  });

  it.each([
    ["neither address", {}, "400 invalid_argument"],
    ["both addresses", { phone_number: "+86 13800000001", email: "a@example.com" }, "400 invalid_argument"],
    ["a number without country code", { phone_number: "13800000001" }, "400 invalid_phone_number"],
    ["an e-mail without @", { email: "example.com" }, "400 invalid_argument"],
    ["an e-mail with a terminal escape", { email: "\u001b[2Ja@example.com" }, "400 invalid_argument"],
    ["an unknown target", { phone_number: "+86 13800000001", target: "ALL" }, "400 invalid_argument"],
    ["target USER without such a user", { phone_number: "+86 13800000003", target: "USER" }, "404 user_not_found"],
    ["target NOT_USER with one", { phone_number: "+86 13800000001", target: "NOT_USER" }, "400 failed_precondition"],
    ["CUR_USER signed out", { phone_number: "+86 13800000001", target: "CUR_USER" }, "401 unauthenticated"],
  ])("refuses %s", async (_title, body, expected) => {
    expect(refusal(await call(emulator, "POST /verification", { body }))).toBe(expected);
  });

  it("target CUR_USER: the signed-in user's own address only", async () => {
    const { access: bearer } = await signIn(emulator, "lihua", "right");
    const send = (phone: string) =>
      call(emulator, "POST /verification", { bearer, body: { phone_number: phone, target: "CUR_USER" } });
    expect((await send("+86 13800000001")).status).toBe(200);
    expect(refusal(await send("+86 13800000002"))).toBe("404 user_not_found");
  });

  const send = async (to: string) => {
    const sent = await call(emulator, "POST /verification", { body: { phone_number: to } });
    return { verification_id: text(sent, "verification_id"), verification_code: emulator.inbox.latest(to) ?? "" };
  };
  const tryCode = (body: object) => call(emulator, "POST /verification/verify", { body });

  it("takes a code until 600 seconds after it was sent, not later", async () => {
    emulator.clock.set(Date.UTC(2030, 0));
    const early = await send("+86 13800000004");
    const late = await send("+86 13800000005");
    emulator.clock.advance(599.999);
    expect((await tryCode(early)).status).toBe(200);
    emulator.clock.advance(0.001);
    expect(refusal(await tryCode(late))).toBe("400 invalid_verification_code");
    emulator.clock.reset();
  });

  it("takes a code once", async () => {
    const sent = await send("+86 13800000004");
    expect((await tryCode(sent)).status).toBe(200);
    expect(refusal(await tryCode(sent))).toBe("400 invalid_verification_code");
  });

  it("takes no code any more after five wrong ones", async () => {
    const sent = await send("+86 13800000004");
    const other = sent.verification_code === "000000" ? "000001" : "000000";
    for (const _attempt of [1, 2, 3, 4]) await tryCode({ ...sent, verification_code: other });
    expect(refusal(await tryCode({ ...sent, verification_code: other }))).toBe("400 invalid_verification_code");
    expect(refusal(await tryCode(sent))).toBe("400 invalid_verification_code");
  });

  it("takes the code that was sent with this verification_id only", async () => {
    const [one, other] = [await send("+86 13800000004"), await send("+86 13800000005")];
    if (one.verification_code === other.verification_code) return;
    const crossed = { ...one, verification_code: other.verification_code };
    expect(refusal(await tryCode(crossed))).toBe("400 invalid_verification_code");
  });

  it("takes no access token and nothing foreign as verification_id", async () => {
    const { access } = await signIn(emulator, "lihua", "right");
    for (const id of [access, "invented", "a.b.c"]) {
      const body = { verification_id: id, verification_code: "000000" };
      expect(refusal(await tryCode(body))).toBe("400 invalid_argument");
    }
  });

  it("a verification_token ends after 600 seconds", async () => {
    emulator.clock.set(Date.UTC(2030, 0));
    const body = { verification_token: await verify(emulator, "+86 13800000001") };
    emulator.clock.advance(600);
    expect(refusal(await call(emulator, "POST /signin", { body }))).toBe("400 invalid_verification_code");
    emulator.clock.reset();
  });
});

describe("POST /auth/v1/signup", () => {
  it("registers an e-mail address with a username and a password, which then sign in", async () => {
    const email = "first@example.com";
    const body = { email, verification_token: await verify(emulator, email), username: "first", password: "p" };
    const { access, sub } = tokens(await call(emulator, "POST /signup", { body }));
    expect(decodeJwt(access)).toMatchObject({ sub, provider_type: "email", email });
    expect((await signIn(emulator, "first", "p")).sub).toBe(sub);
    expect((await signIn(emulator, email, "p")).sub).toBe(sub);
  });

  it.each([
    ["no phone number or e-mail", { username: "only", password: "p" }, "400 invalid_argument"],
    ["no verification_token", { phone_number: "+86 13800000006" }, "400 invalid_argument"],
    ["an invented verification_token", { verification_token: "x" }, "400 invalid_verification_code"],
    ["the code of another address", { phone_number: "+86 13800000008" }, "400 invalid_argument"],
    ["a wrong code beside the token", { verification_code: "none" }, "400 invalid_verification_code"],
    ["a username in Chinese", { username: "手机用户" }, "400 invalid_argument"],
    ["a username that starts with a sign", { username: "-name" }, "400 invalid_argument"],
    ["a username that is taken", { username: "lihua" }, "400 failed_precondition"],
    ["somebody else's e-mail as username", { username: "li.hua@example.com" }, "400 failed_precondition"],
  ])("refuses %s", async (title, changes, expected) => {
    const phone = "+86 13800000006";
    const proof = title.startsWith("no ") ? {} : { verification_token: await verify(emulator, phone) };
    const body = { ...(title.startsWith("no ") ? {} : { phone_number: phone }), ...proof, ...changes };
    expect(refusal(await call(emulator, "POST /signup", { body }))).toBe(expected);
  });

  it("refuses an address that is registered", async () => {
    const body = { phone_number: person.phoneNumber, verification_token: await verify(emulator, person.phoneNumber) };
    expect(refusal(await call(emulator, "POST /signup", { body }))).toBe("400 failed_precondition");
  });

  it("creates one user from one verification_token, however many try at once", async () => {
    const body = { phone_number: "+86 13800000007", verification_token: await verify(emulator, "+86 13800000007") };
    const answers = await Promise.all(Array.from({ length: 8 }, () => call(emulator, "POST /signup", { body })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe.each(["/signin/anonymously", "/signin-anonymously"])("POST /auth/v1%s", (path) => {
  const visit = (deviceId: string) =>
    call(emulator, `POST ${path}`, { headers: { "x-device-id": deviceId }, body: {} });

  it("computes the user from the device, and gives no refresh token", async () => {
    const first = await visit("device-1");
    expect(first.body).toEqual({
      token_type: "Bearer",
      access_token: aString,
      expires_in: 7200,
      scope: "anonymous",
      sub: like(/^[\w-]{22}$/),
      groups: [],
    });
    expect((await visit("device-1")).body["sub"]).toBe(first.body["sub"]);
    expect((await visit("device-2")).body["sub"]).not.toBe(first.body["sub"]);
    expect(decodeJwt(text(first, "access_token"))).toMatchObject({
      aud: "demo",
      scope: "anonymous",
      name: "Anonymous",
      at_hash: like(/^[\w-]{22}$/),
      nonce: aString,
    });
  });

  it("needs x-device-id, of at most 71 characters", async () => {
    expect(refusal(await call(emulator, `POST ${path}`))).toBe("400 invalid_argument");
    expect((await visit("d".repeat(71))).status).toBe(200);
    expect(refusal(await visit("d".repeat(72)))).toBe("400 invalid_argument");
  });
});

describe("the inbox", () => {
  it("is the same over HTTP", async () => {
    await verify(emulator, "+86 13800000077");
    const code = emulator.inbox.latest("+86 13800000077");
    for (const to of ["%2B86%2013800000077", "+86+13800000077", "+86%2013800000077"]) {
      const { body } = await call(emulator, `GET /emulator/inbox?to=${to}`);
      expect(body).toMatchObject({ messages: [{ channel: "sms", to: "+86 13800000077", code }] });
    }
    expect((await call(emulator, "GET /emulator/inbox")).body).toEqual({
      captchas: [],
      messages: emulator.inbox.messages(),
    });
    expect(emulator.inbox.latest("+86 13900000000")).toBeUndefined();
  });
});
