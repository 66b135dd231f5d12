import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, refusal, signIn, text, tokens, verify } from "./support/api.ts";
import { aString, like } from "./support/matchers.ts";
import type { Tokens } from "./support/api.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo", users: [{ username: "somebody", password: "else" }] });
});
afterAll(() => emulator.close());

let person: Tokens;
let phone: string;
let number = 13_800_000_000;
beforeEach(async () => {
  emulator.clock.reset();
  number += 1;
  phone = `+86 ${String(number)}`;
  const verification_token = await verify(emulator, phone);
  const body = { phone_number: phone, verification_token, password: "Old-passw0rd", name: "Li Hua" };
  person = tokens(await call(emulator, "POST /signup", { body }));
});

const sudo = (body: object) => call(emulator, "POST /user/sudo", { bearer: person.access, body });
const sudoToken = async () => text(await sudo({ password: "Old-passw0rd" }), "sudo_token");
const change = (body: object, query = "") =>
  call(emulator, `PATCH /user/password${query}`, { bearer: person.access, body });
const refresh = (token: string) =>
  call(emulator, "POST /token", { body: { grant_type: "refresh_token", refresh_token: token } });

describe("user endpoints", () => {
  it.each(["GET /user/me", "DELETE /user/me", "POST /user/signout", "POST /user/sudo", "PATCH /user/password"])(
    "%s wants a valid access token",
    async (line) => {
      for (const request of [{}, { bearer: "garbage" }, { basic: "demo:secret" }, { bearer: person.refresh }]) {
        const answer = await call(emulator, line, request);
        expect(refusal(answer)).toBe("401 unauthenticated");
        expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="demo"');
      }
    },
  );
});

describe("GET /auth/v1/user/me", () => {
  it("shows the documented members", async () => {
    const { body } = await call(emulator, "GET /user/me", { bearer: person.access });
    expect(body).toMatchObject({
      sub: person.sub,
      user_id: person.sub,
      name: "Li Hua",
      phone_number: phone,
      providers: [],
      status: "ACTIVE",
      groups: [],
      created_at: like(/^\d{4}-.*Z$/),
      has_password: true,
      internal_user_type: "generalUser",
      type: "external",
    });
    expect(JSON.stringify(body)).not.toContain("Old-passw0rd");
  });

  it("shows anonymous users without an account", async () => {
    const visit = await call(emulator, "POST /signin/anonymously", { headers: { "x-device-id": "d" } });
    const { body } = await call(emulator, "GET /user/me", { bearer: text(visit, "access_token") });
    expect(body).toMatchObject({ sub: visit.body["sub"], name: "Anonymous", has_password: false });
  });
});

describe("POST /auth/v1/user/sudo", () => {
  it("gives a sudo_token of 900 seconds for the password or for a code", async () => {
    expect((await sudo({ password: "Old-passw0rd" })).body).toEqual({
      sudo_token: aString,
      expires_in: 900,
    });
    expect((await sudo({ verification_token: await verify(emulator, phone) })).status).toBe(200);
  });

  it("refuses a wrong password, nothing, both, and somebody else's code", async () => {
    expect(refusal(await sudo({ password: "wrong" }))).toBe("400 invalid_password");
    expect(refusal(await sudo({}))).toBe("400 invalid_argument");
    expect(refusal(await sudo({ password: "Old-passw0rd", verification_token: "x" }))).toBe("400 invalid_argument");
    expect(refusal(await sudo({ verification_token: "invented" }))).toBe("400 invalid_verification_code");
    const elsewhere = await verify(emulator, "else@example.com");
    expect(refusal(await sudo({ verification_token: elsewhere }))).toBe("403 permission_denied");
  });
});

describe("PATCH /auth/v1/user/password", () => {
  it.each(["query", "body"])("changes the password with a sudo_token in the %s", async (place) => {
    const token = await sudoToken();
    const inBody = { new_password: "New-passw0rd", ...(place === "body" ? { sudo_token: token } : {}) };
    const answer = await change(inBody, place === "query" ? `?sudo_token=${token}` : "");
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({});
    expect((await signIn(emulator, phone, "New-passw0rd")).sub).toBe(person.sub);
    const old = { username: phone, password: "Old-passw0rd" };
    expect(refusal(await call(emulator, "POST /signin", { body: old }))).toBe("400 invalid_password");
  });

  it("ends the refresh tokens of the other sessions, and keeps this one and other people's", async () => {
    const other = await signIn(emulator, phone, "Old-passw0rd");
    const somebody = await signIn(emulator, "somebody", "else");
    await change({ old_password: "Old-passw0rd", new_password: "new" });
    expect(refusal(await refresh(other.refresh))).toBe("400 invalid_grant");
    expect((await refresh(person.refresh)).status).toBe(200);
    expect((await refresh(somebody.refresh)).status).toBe(200);
  });

  it.each(["Short-1", "lower-case-1", "UPPER-CASE-1", "No-digit-here", "NoSpecial123", `Aa1-${"x".repeat(61)}`])(
    "with a sudo_token refuses %s as too weak",
    async (weak) => {
      expect(refusal(await change({ new_password: weak }, `?sudo_token=${await sudoToken()}`))).toBe(
        "400 weak_password",
      );
    },
  );

  it.each([
    ["no new_password", { old_password: "Old-passw0rd" }, "400 invalid_argument"],
    ["neither sudo_token nor old_password", { new_password: "New-passw0rd" }, "403 permission_denied"],
    ["an invented sudo_token", { new_password: "New-passw0rd", sudo_token: "x" }, "403 permission_denied"],
    [
      "an invented sudo_token beside the right old password",
      { old_password: "Old-passw0rd", new_password: "New-passw0rd", sudo_token: "x" },
      "403 permission_denied",
    ],
    ["a wrong old_password", { old_password: "wrong", new_password: "new" }, "400 invalid_password"],
    [
      "a confirmation that differs",
      { old_password: "Old-passw0rd", new_password: "new", confirm_password: "now" },
      "400 invalid_argument",
    ],
  ])("refuses %s, and the password stays", async (_title, body, expected) => {
    expect(refusal(await change(body))).toBe(expected);
    expect((await signIn(emulator, phone, "Old-passw0rd")).sub).toBe(person.sub);
  });

  it("refuses a sudo_token after 900 seconds, and somebody else's", async () => {
    emulator.clock.set(Date.now());
    const own = await sudoToken();
    const { access: bearer } = await signIn(emulator, "somebody", "else");
    const others = text(await call(emulator, "POST /user/sudo", { bearer, body: { password: "else" } }), "sudo_token");
    const body = { new_password: "New-passw0rd" };
    expect(refusal(await change(body, `?sudo_token=${others}`))).toBe("403 permission_denied");
    emulator.clock.advance(900);
    expect(refusal(await change(body, `?sudo_token=${own}`))).toBe("403 permission_denied");
  });
});

describe("DELETE /auth/v1/user/me", () => {
  const remove = (query = "") => call(emulator, `DELETE /user/me${query}`, { bearer: person.access });

  it.each(["with", "without"])("removes the user, the sessions and the tokens %s a sudo_token", async (how) => {
    expect((await remove(how === "with" ? `?sudo_token=${await sudoToken()}` : "")).body).toEqual({});
    expect(refusal(await call(emulator, "GET /user/me", { bearer: person.access }))).toBe("401 unauthenticated");
    expect((await call(emulator, "GET /token/introspect", { bearer: person.access })).body).toEqual({});
    expect(refusal(await refresh(person.refresh))).toBe("400 invalid_grant");
    const body = { username: phone, password: "Old-passw0rd" };
    expect(refusal(await call(emulator, "POST /signin", { body }))).toBe("404 not_found");
    const again = { phone_number: phone, verification_token: await verify(emulator, phone) };
    expect((await call(emulator, "POST /signup", { body: again })).body["sub"]).not.toBe(person.sub);
  });

  it("refuses a bad sudo_token, and the user stays", async () => {
    expect(refusal(await remove("?sudo_token=bad"))).toBe("403 permission_denied");
    expect((await call(emulator, "GET /user/me", { bearer: person.access })).status).toBe(200);
  });
});
