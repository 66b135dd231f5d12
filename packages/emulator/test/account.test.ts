import { request } from "node:http";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, refusal, signIn, text, tokens, verify } from "./support/api.ts";
import { aString, like } from "./support/matchers.ts";
import { providerToken } from "./support/third-party.ts";

const password = "Right-1-right";
const next = "Other-2-other";
const phone = "+86 13800000001";
let emulator: Emulator;
let bearer: string;
let sub: string;
beforeAll(async () => {
  emulator = await createEmulator({
    envId: "demo",
    users: [
      { username: "lihua", password, email: "li@example.com", phoneNumber: phone, name: "Li" },
      { username: "second", password, email: "second@example.com" },
      { phoneNumber: "+86 13800000009" },
    ],
  });
});
beforeEach(async () => {
  await emulator.reset();
  ({ access: bearer, sub } = await signIn(emulator, "lihua", password));
});
afterAll(() => emulator.close());

const me = async (access = bearer) => (await call(emulator, "GET /user/me", { bearer: access })).body;
const sudo = async (access = bearer) =>
  text(await call(emulator, "POST /user/sudo", { bearer: access, body: { password } }), "sudo_token");
const refresh = (token: string) =>
  call(emulator, "POST /token", { body: { grant_type: "refresh_token", refresh_token: token } });

describe("POST /auth/v1/reset", () => {
  it.each([
    [phone, { phone_number: phone }],
    ["LI@example.com", { email: "li@example.com" }],
  ])("sets a new password with a code to %s, ends the sessions and the lock", async (to, address) => {
    const { refresh: token } = await signIn(emulator, "lihua", password);
    for (let count = 0; count < 5; count += 1) {
      await call(emulator, "POST /signin", { body: { username: "lihua", password: "wrong" } });
    }
    const body = { ...address, new_password: next, verification_token: await verify(emulator, to) };
    expect((await call(emulator, "POST /reset", { body })).body).toEqual({});
    expect(refusal(await refresh(token))).toBe("400 invalid_grant");
    await signIn(emulator, "lihua", next);
    expect(refusal(await call(emulator, "POST /reset", { body }))).toBe("400 invalid_verification_code");
  });

  it.each([
    ["email or phone number is empty", {}],
    ["email and phone number can not be set at same time", { email: "li@example.com", phone_number: phone }],
    ["new_password is required", { email: "li@example.com", verification_token: "x" }],
    ["verification required", { email: "li@example.com", new_password: next }],
  ])("answers 400 invalid_argument with the documented text: %s", async (description, body) => {
    const answer = await call(emulator, "POST /reset", { body });
    expect(refusal(answer)).toBe("400 invalid_argument");
    expect(answer.body["error_description"]).toBe(description);
  });

  it("refuses a code to another address, an unknown user and a weak password", async () => {
    const reset = async (to: string, more: object) =>
      call(emulator, "POST /reset", {
        body: { new_password: next, verification_token: await verify(emulator, to), ...more },
      });
    const foreign = await reset(phone, { email: "li@example.com" });
    expect(refusal(foreign)).toBe("400 invalid_argument");
    expect(foreign.body["error_description"]).toBe("phone or email does not match validation code");
    expect(refusal(await reset("no@example.com", { email: "no@example.com" }))).toBe("404 not_found");
    expect(refusal(await reset(phone, { phone_number: phone, new_password: "weak" }))).toBe("400 weak_password");
    expect(refusal(await reset(phone, { phone_number: "1" }))).toBe("400 invalid_phone_number");
  });
});

describe("PATCH /auth/v1/user/contact", () => {
  const change = (body: object, access = bearer) => call(emulator, "PATCH /user/contact", { bearer: access, body });

  it("binds a verified address in the place of the old one", async () => {
    const phoneNumber = "+86 13900000000";
    const body = { phone_number: phoneNumber, sudo_token: await sudo() };
    const answer = await change({ ...body, verification_token: await verify(emulator, phoneNumber) });
    expect(answer.body).toEqual({});
    expect(await me()).toMatchObject({ phone_number: phoneNumber });
    await signIn(emulator, phoneNumber, password);
    const old = await call(emulator, "POST /signin", { body: { username: phone, password } });
    expect(refusal(old)).toBe("404 not_found");
  });

  it.each([
    ["no sudo_token", { sudo_token: "" }, "403 permission_denied"],
    ["an invented sudo_token", { sudo_token: "x" }, "403 permission_denied"],
    ["no verification_token", { verification_token: "" }, "400 invalid_argument"],
    ["an invented verification_token", { verification_token: "x" }, "400 invalid_verification_code"],
    ["a code to another address", { email: "other@example.com" }, "400 invalid_argument"],
    ["two addresses", { phone_number: phone }, "400 invalid_argument"],
    ["an unknown conflict_resolution", { conflict_resolution: "NEVER" }, "400 invalid_argument"],
  ])("refuses %s", async (_title, more, expected) => {
    const email = "new@example.com";
    const body = { email, sudo_token: await sudo(), verification_token: await verify(emulator, email), ...more };
    expect(refusal(await change(body))).toBe(expected);
  });

  const take = async (to: string, conflict?: string) => {
    const address = to.startsWith("+") ? { phone_number: to } : { email: to };
    return change({
      ...address,
      sudo_token: await sudo(),
      verification_token: await verify(emulator, to),
      ...(conflict === undefined ? {} : { conflict_resolution: conflict }),
    });
  };

  it.each([undefined, "DEFAULT"])("an address that somebody else has: %s refuses", async (conflict) => {
    expect(refusal(await take("second@example.com", conflict))).toBe("409 already_exists");
  });

  it("DELETE_ACCOUNT_TRANSFER deletes the other account", async () => {
    const other = await signIn(emulator, "second", password);
    expect((await take("second@example.com", "DELETE_ACCOUNT_TRANSFER")).status).toBe(200);
    expect(await me()).toMatchObject({ email: "second@example.com" });
    expect(refusal(await refresh(other.refresh))).toBe("400 invalid_grant");
    expect(refusal(await call(emulator, "GET /user/me", { bearer: other.access }))).toBe("401 unauthenticated");
  });

  it("TRANSFER leaves the other account, unless that was its only login", async () => {
    const other = await signIn(emulator, "second", password);
    expect((await take("second@example.com", "TRANSFER")).status).toBe(200);
    expect(await me(other.access)).not.toHaveProperty("email");
    expect((await take("+86 13800000009", "TRANSFER")).status).toBe(200);
    expect(emulator.export().users.map(({ username }) => username)).toEqual(["lihua", "second"]);
  });
});

describe("POST /auth/v1/user/basic/edit", () => {
  const edit = (body: object, access = bearer) => call(emulator, "POST /user/basic/edit", { bearer: access, body });

  it("changes what was sent, and nothing else", async () => {
    const body = {
      nickname: "Hua",
      username: "li-hua",
      description: "a person",
      avatar_url: "https://pictures.example/1",
      gender: "FEMALE",
      email: "hua@example.com",
      phone: "+86 13900000001",
    };
    expect((await edit(body)).body).toEqual({});
    expect(await me()).toMatchObject({
      sub,
      name: "Hua",
      username: "li-hua",
      user_desc: "a person",
      picture: "https://pictures.example/1",
      gender: "FEMALE",
      email: "hua@example.com",
      phone_number: "+86 13900000001",
    });
    expect((await edit({})).body).toEqual({});
    expect((await edit({ user_id: sub, nickname: "Again" })).body).toEqual({});
    expect(await me()).toMatchObject({ name: "Again", username: "li-hua", email: "hua@example.com" });
  });

  it("a new password needs the old one, and ends the other sessions", async () => {
    const { refresh: other } = await signIn(emulator, "lihua", password);
    expect((await edit({ password, new_password: next })).body).toEqual({});
    expect(refusal(await refresh(other))).toBe("400 invalid_grant");
    await signIn(emulator, "lihua", next);
  });

  it.each([
    [{ new_password: next }, "400 invalid_argument"],
    [{ password: "wrong", new_password: next }, "400 invalid_password"],
    [{ password, new_password: "weak" }, "400 weak_password"],
    [{ username: "second" }, "409 already_exists"],
    [{ username: "x" }, "400 invalid_argument"],
    [{ email: "SECOND@example.com" }, "409 already_exists"],
    [{ email: "none" }, "400 invalid_argument"],
    [{ phone: "1" }, "400 invalid_phone_number"],
    [{ gender: "OTHER" }, "400 invalid_argument"],
    [{ user_id: "1000000000000000000", nickname: "x" }, "403 permission_denied"],
    [{ encrypt_new_password: "x", public_key_thumbprint: "y" }, "501 unimplemented"],
  ])("refuses %j: %s, and changes nothing", async (body, expected) => {
    const before = await me();
    expect(refusal(await edit(body))).toBe(expected);
    expect(await me()).toEqual(before);
  });

  it("lets an administrator edit anybody, without the old password", async () => {
    const { body } = await call(emulator, "POST /token/clientCredential", {
      basic: "id:key",
      body: { grant_type: "client_credentials" },
    });
    const admin = text({ status: 200, body }, "access_token");
    expect((await edit({ user_id: sub, nickname: "By admin", new_password: next }, admin)).body).toEqual({});
    await signIn(emulator, "lihua", next);
    expect(refusal(await edit({ user_id: "1", nickname: "x" }, admin))).toBe("404 not_found");
    expect(refusal(await edit({ nickname: "x" }, admin))).toBe("403 permission_denied");
  });
});

describe("PATCH /auth/v1/user/profile", () => {
  it("changes a profile and answers it", async () => {
    const changes = { name: "Hua", birthdate: "2000-01-01", zoneinfo: "Asia/Shanghai", locale: "zh", gender: "MALE" };
    const answer = await call(emulator, "PATCH /user/profile", {
      bearer,
      body: { ...changes, email: "x@example.com" },
    });
    expect(answer.body).toMatchObject({ ...changes, sub, email: "li@example.com" });
    expect(answer.body).toEqual(await me());
    const taken = await call(emulator, "PATCH /user/profile", { bearer, body: { username: "second" } });
    expect(refusal(taken)).toBe("409 already_exists");
    const anonymous = await call(emulator, "PATCH /user/profile", { bearer: await emulator.issueToken(), body: {} });
    expect(refusal(anonymous)).toBe("403 permission_denied");
  });
});

describe("GET /auth/v1/user/query", () => {
  const query = (text_: string, access = bearer) => call(emulator, `GET /user/query?${text_}`, { bearer: access });
  const li = {
    name: "Li",
    email: "li@example.com",
    phone_number: phone,
  };

  it("finds users by each login and by ids, each once", async () => {
    for (const by of [
      "username=lihua",
      "email=LI@example.com",
      `phone_number=${encodeURIComponent(phone)}`,
      `id=${sub}`,
    ]) {
      expect((await query(by)).body).toEqual({ total: 1, data: [{ sub, ...li }] });
    }
    expect((await query(`phone_number=${phone.replace(" ", "%20")}`)).body).toMatchObject({ total: 1 });
    const other = emulator.export().users[1]?.sub ?? "";
    expect((await query(`id=${sub}&id=${other}&username=lihua`)).body).toMatchObject({ total: 2 });
    expect((await query(`id=${sub},${other},nobody`)).body).toMatchObject({ total: 2 });
    expect((await query("username=nobody")).body).toEqual({ total: 0, data: [] });
  });

  it("refuses no question, more than 50 ids, and those who may not ask", async () => {
    expect(refusal(await query(""))).toBe("400 invalid_argument");
    expect(refusal(await query(Array.from({ length: 51 }, (_x, n) => `id=${String(n)}`).join("&")))).toBe(
      "400 invalid_argument",
    );
    const anonymous = await emulator.issueToken({ scope: "anonymous" });
    expect(refusal(await query("username=lihua", anonymous))).toBe("403 permission_denied");
    const custom = await emulator.issueToken({ provider_type: "custom" });
    expect(refusal(await query("username=lihua", custom))).toBe("403 permission_denied");
  });
});

describe("names", () => {
  it("GET /auth/v1/checkUsername takes the name from the query or, as the official SDK sends it, from a body", async () => {
    const check = (name: string) => call(emulator, `GET /checkUsername?username=${name}`, { bearer });
    expect((await check("still-free")).body).toEqual({});
    expect(refusal(await check("second"))).toBe("409 already_exists");
    expect(refusal(await check("x"))).toBe("400 invalid_argument");
    expect(refusal(await check(""))).toBe("400 invalid_argument");
    expect(refusal(await call(emulator, "GET /checkUsername?username=abc"))).toBe("401 unauthenticated");
    expect(await getWithBody({ username: "still-free" })).toEqual([200, {}]);
    expect(await getWithBody({ username: "second" })).toMatchObject([409, { error: "already_exists" }]);
  });

  it("GET /auth/v1/checkIfUserExist needs nobody", async () => {
    const exists = async (name: string) => (await call(emulator, `GET /checkIfUserExist?username=${name}`)).body;
    expect(await exists("lihua")).toEqual({ exist: true });
    expect(await exists("li@example.com")).toEqual({ exist: true });
    expect(await exists(phone.replace(" ", "%20"))).toEqual({ exist: true });
    expect(await exists("nobody")).toEqual({ exist: false });
    expect(refusal(await call(emulator, "GET /checkIfUserExist"))).toBe("400 invalid_argument");
  });
});

describe("sessions of all devices", () => {
  const onDevice = async (id: string) => {
    const body = { username: "lihua", password };
    return tokens(await call(emulator, "POST /signin", { headers: { "x-device-id": id }, body }));
  };

  it("DELETE /user/revoke/all ends every one, and nobody else's", async () => {
    const [one, two] = [await onDevice("one"), await onDevice("two")];
    const other = await signIn(emulator, "second", password);
    expect((await call(emulator, "DELETE /user/revoke/all", { bearer })).body).toEqual({});
    for (const access of [bearer, one.access, two.access]) {
      expect(refusal(await call(emulator, "GET /user/me", { bearer: access }))).toBe("401 unauthenticated");
    }
    expect(refusal(await refresh(two.refresh))).toBe("400 invalid_grant");
    expect((await refresh(other.refresh)).status).toBe(200);
  });

  it("DELETE /user/authorized/devices/{device_id} ends those of one device", async () => {
    const [one, two] = [await onDevice("one"), await onDevice("two")];
    const line = "DELETE /user/authorized/devices/one";
    expect((await call(emulator, line, { bearer })).body).toEqual({});
    expect(refusal(await refresh(one.refresh))).toBe("400 invalid_grant");
    expect(refusal(await call(emulator, "GET /user/me", { bearer: one.access }))).toBe("401 unauthenticated");
    expect((await refresh(two.refresh)).status).toBe(200);
    expect(refusal(await call(emulator, line, { bearer }))).toBe("404 not_found");
  });
});

describe("GET /auth/v1/user/security/history", () => {
  const history = async (query = "") => call(emulator, `GET /user/security/history${query}`, { bearer });

  it("tells sign-ins from changes, newest first, page by page", async () => {
    await call(emulator, "POST /signin", {
      headers: { "x-device-id": "device-1", "user-agent": "agent/1" },
      body: { username: "li@example.com", password },
    });
    await call(emulator, "PATCH /user/password", { bearer, body: { old_password: password, new_password: next } });
    const logins = await history("?query[action]=USER_LOGIN&limit=10");
    expect(logins.body).toEqual({
      total: 2,
      data: [
        {
          id: aString,
          ip: "127.0.0.1",
          user_agent: "agent/1",
          client_id: "demo",
          device_id: "device-1",
          created_at: like(/^\d{4}-.*Z$/),
          meta: { from: "email" },
        },
        expect.objectContaining({ meta: { from: "username" } }),
      ],
    });
    expect((await history("?ne_query[action]=USER_LOGIN&limit=10")).body).toMatchObject({
      total: 1,
      data: [{ meta: { from: "password" } }],
    });
    const first = await history("?limit=2");
    expect(first.body).toMatchObject({ total: 3, next_page_token: aString });
    const second = await history(`?limit=2&page_token=${text(first, "next_page_token")}`);
    expect(second.body).toMatchObject({ total: 3, data: [{ meta: { from: "username" } }] });
    expect(second.body).not.toHaveProperty("next_page_token");
  });

  it.each(["?limit=0", "?limit=101", "?limit=x", "?page_token=invented"])("refuses %s", async (query) => {
    expect(refusal(await history(query))).toBe("400 invalid_argument");
  });
});

describe("an anonymous user becomes a person and keeps the sub", () => {
  const anonymous = async (device = "device-a") =>
    call(emulator, "POST /signin/anonymously", { headers: { "x-device-id": device }, body: {} });

  it("by sign-up with anonymous_token; the device begins as somebody else then", async () => {
    const before = await anonymous();
    const email = "up@example.com";
    const body = {
      email,
      verification_token: await verify(emulator, email),
      anonymous_token: text(before, "access_token"),
    };
    const after = await call(emulator, "POST /signup", { body });
    expect(after.body).toMatchObject({ sub: before.body["sub"], scope: "user sso", refresh_token: aString });
    const device = await anonymous();
    expect(device.body["sub"]).toMatch(/^[\w-]{22}$/);
    expect(device.body["sub"]).not.toBe(before.body["sub"]);
    const again = { ...body, email: "2@example.com", verification_token: await verify(emulator, "2@example.com") };
    expect(refusal(await call(emulator, "POST /signup", { body: again }))).toBe("400 failed_precondition");
  });

  it("by binding a third-party account, or a phone number, without a sudo_token", async () => {
    const first = await anonymous();
    const bound = { bearer: text(first, "access_token"), body: { provider_token: await providerToken(emulator, "a") } };
    expect((await call(emulator, "POST /user/provider/bind", bound)).body).toEqual({});
    const signedIn = await call(emulator, "POST /signin/with/provider", {
      body: { provider_token: await providerToken(emulator, "a") },
    });
    expect(signedIn.body["sub"]).toBe(first.body["sub"]);

    const second = await anonymous("device-b");
    const to = "+86 13700000000";
    const contact = { phone_number: to, verification_token: await verify(emulator, to) };
    const answer = await call(emulator, "PATCH /user/contact", { bearer: text(second, "access_token"), body: contact });
    expect(answer.body).toEqual({});
    const byCode = await call(emulator, "POST /signin", { body: { verification_token: await verify(emulator, to) } });
    expect(byCode.body["sub"]).toBe(second.body["sub"]);
    expect(await me(text(second, "access_token"))).toMatchObject({ sub: second.body["sub"], phone_number: to });
  });

  it.each([["invented"], ["a person's"]])("refuses %s anonymous_token", async (kind) => {
    const email = "up@example.com";
    const body = {
      email,
      verification_token: await verify(emulator, email),
      anonymous_token: kind === "invented" ? kind : bearer,
    };
    expect(refusal(await call(emulator, "POST /signup", { body }))).toBe("400 invalid_grant");
  });

  it("has a refresh token where that is set; it makes a person's tokens after the upgrade", async () => {
    const other = await createEmulator({ envId: "demo", settings: { anonymousRefreshToken: true } });
    const headers = { "x-device-id": "device-a" };
    const first = tokens(await call(other, "POST /signin/anonymously", { headers, body: {} }));
    const grant = (token: string) =>
      call(other, "POST /token", { body: { grant_type: "refresh_token", refresh_token: token } });
    const second = await grant(first.refresh);
    expect(second.body).toMatchObject({ scope: "anonymous", sub: first.sub, refresh_token: aString });
    expect(refusal(await grant(first.refresh))).toBe("400 invalid_grant");
    const bound = { bearer: first.access, body: { provider_token: await providerToken(other, "a") } };
    await call(other, "POST /user/provider/bind", bound);
    const third = await grant(text(second, "refresh_token"));
    expect(third.body).toMatchObject({ scope: "user sso", sub: first.sub });
    await other.close();
  });
});

/** `fetch` sends no body with GET. */
function getWithBody(body: object): Promise<[number | undefined, unknown]> {
  return new Promise((resolve, reject) => {
    const json = JSON.stringify(body);
    const sent = request(`${emulator.endpoint}/auth/v1/checkUsername`, {
      headers: { authorization: `Bearer ${bearer}`, "content-length": json.length },
    });
    sent.on("error", reject).on("response", (response) => {
      let answer = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
      response.on("end", () => resolve([response.statusCode, JSON.parse(answer)]));
    });
    sent.end(json);
  });
}
