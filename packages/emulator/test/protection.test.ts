import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, EmulatorSettings } from "@cloudbase-auth/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { call, refusal, signIn, text, tokens, verify } from "./support/api.ts";
import type { Answer } from "./support/api.ts";
import { aString, like } from "./support/matchers.ts";

const phone = "+86 13800000001";
let emulator: Emulator;
const start = async (settings: EmulatorSettings = {}) => {
  await emulator?.close();
  emulator = await createEmulator({
    envId: "demo",
    settings,
    users: [
      { username: "lihua", password: "right", phoneNumber: phone, email: "li@example.com" },
      { username: "pending", password: "right", status: "PENDING" },
      { username: "blocked", password: "right", status: "BLOCKED" },
    ],
  });
  return emulator;
};
beforeEach(() => start());
afterEach(() => emulator.close());

const wrong = (more = "") => call(emulator, `POST /signin${more}`, { body: { username: "lihua", password: "wrong" } });
const right = (more = "", headers: Record<string, string> = {}) =>
  call(emulator, `POST /signin${more}`, { headers, body: { username: "lihua", password: "right" } });

/** Reads the image in the inbox, as a test would. */
async function solve(): Promise<string> {
  const token = text(await call(emulator, "POST /captcha/data", { body: {} }), "token");
  const body = { token, key: emulator.inbox.captcha(token)?.toLowerCase() };
  return text(await call(emulator, "POST /captcha/data/verify", { body }), "captcha_token");
}

const outcome = (answer: Answer) => [refusal(answer), ...[answer.body["details"] ?? []].flat()];

describe("wrong passwords", () => {
  it("count down, want a captcha after five, and lock the account after ten for 900 s", async () => {
    for (const left of [9, 8, 7, 6, 5]) {
      expect(outcome(await wrong())).toEqual(["400 invalid_password", { limit_remaining: left }]);
    }
    expect(refusal(await right())).toBe("400 captcha_required");
    expect(refusal(await right("?captcha_token=invented"))).toBe("400 captcha_invalid");
    const query = `?captcha_token=${await solve()}`;
    for (const left of [4, 3, 2, 1, 0]) {
      expect(outcome(await wrong(query))).toEqual(["400 invalid_password", { limit_remaining: left }]);
    }
    expect(outcome(await right(query))).toEqual(["400 invalid_status", { retry_delay: "900s" }]);
    emulator.clock.advance(899.5);
    expect(outcome(await right(query))).toEqual(["400 invalid_status", { retry_delay: "1s" }]);
    emulator.clock.advance(0.5);
    expect((await right()).status).toBe(200);
  });

  it("that come at the same time are counted as well", async () => {
    await start({ captchaAfter: -1 });
    const answers = await Promise.all(Array.from({ length: 15 }, () => wrong()));
    const names = answers.map((answer) => refusal(answer));
    expect(names.filter((name) => name === "400 invalid_password")).toHaveLength(10);
    expect(names.filter((name) => name === "400 invalid_status")).toHaveLength(5);
  });

  it("are forgotten after a right one; the captcha_token comes in the header too", async () => {
    for (let count = 0; count < 5; count += 1) await wrong();
    expect((await right("", { "x-captcha-token": await solve() })).status).toBe(200);
    expect(outcome(await wrong())).toEqual(["400 invalid_password", { limit_remaining: 9 }]);
  });

  it("count at the password grant, at sudo and with old_password as well", async () => {
    const { access: bearer } = await signIn(emulator, "lihua", "right");
    const password = { grant_type: "password", username: "lihua", password: "wrong" };
    const attempts: Answer[] = [
      await call(emulator, "POST /token", { body: password }),
      await call(emulator, "POST /user/sudo", { bearer, body: { password: "wrong" } }),
      await call(emulator, "PATCH /user/password", { bearer, body: { old_password: "wrong", new_password: "x" } }),
      await call(emulator, "POST /user/basic/edit", { bearer, body: { password: "wrong", new_password: "x" } }),
    ];
    expect(attempts.map((answer) => outcome(answer)[1])).toEqual([9, 8, 7, 6].map((n) => ({ limit_remaining: n })));
  });

  it("are settable, to none at all", async () => {
    await start({ passwordAttempts: 2, lockSeconds: 60, captchaAfter: -1 });
    await wrong();
    await wrong();
    expect(outcome(await right())).toEqual(["400 invalid_status", { retry_delay: "60s" }]);
    await start({ passwordAttempts: -1, captchaAfter: -1 });
    for (let count = 0; count < 20; count += 1) expect(outcome(await wrong())).toEqual(["400 invalid_password"]);
    expect((await right()).status).toBe(200);
  });

  it.each([
    ["blocked", "403 user_blocked"],
    ["pending", "403 user_pending"],
  ])("a right one of a user who is %s: %s", async (username, expected) => {
    const body = { username, password: "right" };
    expect(refusal(await call(emulator, "POST /signin", { body }))).toBe(expected);
    expect(emulator.export().users.find((user) => user.username === username)?.lastLoginAt).toBeUndefined();
  });
});

describe("POST /auth/v1/captcha/data", () => {
  it("answers a GIF that a decoder reads, with its text in the inbox", async () => {
    const answer = await call(emulator, "POST /captcha/data", { body: { state: "POST:/v1/signin", redirect_uri: "" } });
    expect(answer.body).toEqual({
      data: like(/^data:image\/gif;base64,[\w+/]+=*$/),
      type: "image",
      token: aString,
      expires_in: 300,
    });
    const token = text(answer, "token");
    const shown = emulator.inbox.captcha(token);
    expect(shown).toMatch(/^[A-Z0-9]{4}$/);
    expect(drawing(text(answer, "data"))).toHaveLength(44);
    const inbox = await call(emulator, "GET /emulator/inbox");
    expect(inbox.body["captchas"]).toEqual([
      { token, text: shown, expiresAt: emulator.inbox.captchas()[0]?.expiresAt },
    ]);
  });

  it("draws different pictures for different texts, and ink in each quarter", async () => {
    const pictures = await Promise.all(
      Array.from({ length: 8 }, async () => text(await call(emulator, "POST /captcha/data", { body: {} }), "data")),
    );
    const shown = emulator.inbox.captchas().map((captcha) => captcha.text);
    expect(new Set(pictures).size).toBe(new Set(shown).size);
    for (const picture of pictures) {
      const lines = drawing(picture);
      for (const column of [8, 32, 56, 80]) {
        expect(lines.some((line) => line.slice(column, column + 20).includes("#"))).toBe(true);
      }
    }
  });
});

describe("POST /auth/v1/captcha/data/verify", () => {
  const fresh = async () => text(await call(emulator, "POST /captcha/data", { body: {} }), "token");
  const tryKey = (token: string, key: string | undefined) =>
    call(emulator, "POST /captcha/data/verify", { body: { token, key } });

  it("gives a captcha_token for ten minutes, which is good more than once", async () => {
    const token = await fresh();
    const answer = await tryKey(token, emulator.inbox.captcha(token));
    expect(answer.body).toEqual({ captcha_token: aString, expires_in: 600 });
    for (let count = 0; count < 5; count += 1) await wrong();
    const query = `?captcha_token=${text(answer, "captcha_token")}`;
    expect(refusal(await wrong(query))).toBe("400 invalid_password");
    expect(refusal(await wrong(query))).toBe("400 invalid_password");
    emulator.clock.advance(600);
    expect(refusal(await wrong(query))).toBe("400 captcha_invalid");
  });

  it("has one try", async () => {
    const token = await fresh();
    const key = emulator.inbox.captcha(token);
    expect(refusal(await tryKey(token, "????"))).toBe("400 captcha_invalid");
    expect(emulator.inbox.captcha(token)).toBeUndefined();
    expect(refusal(await tryKey(token, key))).toBe("400 captcha_invalid");
  });

  it("refuses late answers, unknown tokens and missing members", async () => {
    const token = await fresh();
    const key = emulator.inbox.captcha(token);
    emulator.clock.advance(300);
    expect(refusal(await tryKey(token, key))).toBe("400 captcha_invalid");
    expect(refusal(await tryKey("invented", "ABCD"))).toBe("400 captcha_invalid");
    expect(refusal(await tryKey(token, undefined))).toBe("400 invalid_argument");
    expect(refusal(await tryKey("", "ABCD"))).toBe("400 invalid_argument");
  });
});

describe("POST /auth/v1/captcha/init", () => {
  const init = (body: object) => call(emulator, "POST /captcha/init", { body });
  const answerForm = async (url: string, key: string) => {
    const { searchParams } = new URL(url);
    const page = await (await fetch(url)).text();
    expect(page).toContain('src="data:image/gif;base64,');
    const body = new URLSearchParams({ ...Object.fromEntries(searchParams), key });
    const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
    expect(answer.status).toBe(303);
    return new URL(answer.headers.get("location") ?? "").searchParams;
  };

  it("sends the browser to a page that returns with captcha_token, expires_in and state", async () => {
    const started = await init({ redirect_uri: "https://app.example/back", state: "s" });
    expect(started.body).toEqual({ url: aString, expires_in: 300 });
    const url = text(started, "url");
    const shown = emulator.inbox.captcha(new URL(url).searchParams.get("token") ?? "") ?? "";
    const back = await answerForm(url, shown);
    expect(Object.fromEntries(back)).toEqual({ captcha_token: aString, expires_in: "600", state: "s" });
    for (let count = 0; count < 5; count += 1) await wrong();
    expect((await right(`?captcha_token=${back.get("captcha_token") ?? ""}`)).status).toBe(200);
    const failed = await answerForm(text(await init({ redirect_uri: "app://x" }), "url"), "????");
    expect(Object.fromEntries(failed)).toEqual({ error: "captcha_invalid" });
  });

  it.each([{}, { redirect_uri: "relative" }, { redirect_uri: "javascript:1" }])("refuses %j", async (body) => {
    expect(refusal(await init(body))).toBe("400 invalid_argument");
  });
});

describe("codes", () => {
  const send = (body: object, query = "") =>
    call(emulator, `POST /verification${query}`, { body: { target: "ANY", ...body } });

  it("go out as often as one likes without a setting", async () => {
    for (let count = 0; count < 12; count += 1) expect((await send({ phone_number: phone })).status).toBe(200);
  });

  it("go to a number once in 30 s and ten times a day where that is set; e-mail is free", async () => {
    await start({ smsIntervalSeconds: 30, smsPerDay: 10 });
    for (let count = 0; count < 10; count += 1) {
      expect((await send({ phone_number: phone })).status).toBe(200);
      expect(refusal(await send({ phone_number: phone }))).toBe("429 rate_limit_exceeded");
      emulator.clock.advance(30);
    }
    expect(refusal(await send({ phone_number: phone }))).toBe("429 resource_exhausted");
    expect((await send({ phone_number: "+86 13800000002" })).status).toBe(200);
    expect((await send({ email: "li@example.com" })).status).toBe(200);
    expect((await send({ email: "li@example.com" })).status).toBe(200);
    emulator.clock.advance(24 * 3600);
    expect((await send({ phone_number: phone })).status).toBe(200);
  });

  it("want a captcha first where that is set", async () => {
    await start({ captchaForCodes: true });
    expect(refusal(await send({ phone_number: phone }))).toBe("400 captcha_required");
    expect(refusal(await send({ phone_number: phone }, "?captcha_token=x"))).toBe("400 captcha_invalid");
    expect((await send({ phone_number: phone }, `?captcha_token=${await solve()}`)).status).toBe(200);
  });

  it("die after as many wrong attempts as are set", async () => {
    await start({ codeAttempts: 1 });
    const id = text(await send({ phone_number: phone }), "verification_id");
    const attempt = (code: string | undefined) =>
      call(emulator, "POST /verification/verify", { body: { verification_id: id, verification_code: code } });
    expect(refusal(await attempt("wrong"))).toBe("400 invalid_verification_code");
    expect(refusal(await attempt(emulator.inbox.latest(phone)))).toBe("400 invalid_verification_code");
  });
});

describe("login methods that are off", () => {
  it.each([["password"], ["phone"], ["email"]] as const)("%s: 501 unimplemented", async (method) => {
    await start({ loginMethods: { [method]: false } });
    const to = method === "email" ? "li@example.com" : phone;
    const body =
      method === "password"
        ? { username: "lihua", password: "right" }
        : { verification_token: await verify(emulator, to) };
    expect(refusal(await call(emulator, "POST /signin", { body }))).toBe("501 unimplemented");
    if (method === "password") {
      const grant = await call(emulator, "POST /token", { body: { grant_type: "password", ...body } });
      expect(refusal(grant)).toBe("501 unimplemented");
      return;
    }
    const fresh = method === "email" ? "new@example.com" : "+86 13900000000";
    const address = method === "email" ? { email: fresh } : { phone_number: fresh };
    const signUp = { ...address, verification_token: await verify(emulator, fresh) };
    expect(refusal(await call(emulator, "POST /signup", { body: signUp }))).toBe("501 unimplemented");
  });

  it("anonymous: 501 unimplemented with the documented text", async () => {
    await start({ loginMethods: { anonymous: false } });
    const answer = await call(emulator, "POST /signin/anonymously", { headers: { "x-device-id": "d" }, body: {} });
    expect(refusal(answer)).toBe("501 unimplemented");
    expect(text(answer, "error_description")).toBe("contact the administrator to enable anonymous login");
  });
});

describe("POST /auth/v1/user/sudo with the setting sudoNeedsCode", () => {
  it("wants a code of whoever has a phone number", async () => {
    await start({ sudoNeedsCode: true });
    const { access: bearer } = await signIn(emulator, "lihua", "right");
    const sudo = (body: object) => call(emulator, "POST /user/sudo", { bearer, body });
    expect(refusal(await sudo({ password: "right" }))).toBe("400 failed_precondition");
    expect((await sudo({ verification_token: await verify(emulator, phone) })).status).toBe(200);
  });
});

describe("settings of sessions", () => {
  const refresh = (refreshToken: string) =>
    call(emulator, "POST /token", { body: { grant_type: "refresh_token", refresh_token: refreshToken } });
  const on = async (device: string) => tokens(await right("", { "x-device-id": device }));

  it("lifetimes", async () => {
    await start({ accessTokenSeconds: 60, refreshTokenSeconds: 120 });
    const answer = await right();
    expect(answer.body["expires_in"]).toBe(60);
    const { access, refresh: token } = tokens(answer);
    emulator.clock.advance(61);
    expect(refusal(await call(emulator, "GET /user/me", { bearer: access }))).toBe("401 unauthenticated");
    const next = tokens(await refresh(token));
    emulator.clock.advance(59);
    expect(refusal(await refresh(next.refresh))).toBe("400 invalid_grant");
  });

  it("maxSessions: the oldest refresh token dies; its access token lives on; a device counts once", async () => {
    await start({ maxSessions: 2 });
    const [a, b] = [await on("a"), await on("b")];
    const again = await on("b");
    expect(refusal(await refresh(b.refresh))).toBe("400 invalid_grant");
    const c = await on("c");
    expect(refusal(await refresh(a.refresh))).toBe("400 invalid_grant");
    expect((await call(emulator, "GET /user/me", { bearer: a.access })).status).toBe(200);
    for (const { refresh: token } of [again, c]) expect((await refresh(token)).status).toBe(200);
  });

  it("no limit of sessions by default", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => on("same")));
    for (const { refresh: token } of all) expect((await refresh(token)).status).toBe(200);
  });

  it('refreshPolicy "family ends on reuse" ends the session with all its tokens', async () => {
    await start({ refreshPolicy: "family ends on reuse" });
    const first = tokens(await right());
    const second = tokens(await refresh(first.refresh));
    expect(refusal(await refresh(first.refresh))).toBe("400 invalid_grant");
    expect(refusal(await refresh(second.refresh))).toBe("400 invalid_grant");
    expect(refusal(await call(emulator, "GET /user/me", { bearer: second.access }))).toBe("401 unauthenticated");
  });

  it("refreshPolicy { replaySeconds } answers the successor again, for a while, as long as it lives", async () => {
    await start({ refreshPolicy: { replaySeconds: 10 } });
    const first = tokens(await right());
    const second = tokens(await refresh(first.refresh));
    emulator.clock.advance(9);
    expect(tokens(await refresh(first.refresh)).refresh).toBe(second.refresh);
    emulator.clock.advance(1);
    expect(refusal(await refresh(first.refresh))).toBe("400 invalid_grant");
    const third = tokens(await refresh(second.refresh));
    expect(tokens(await refresh(second.refresh)).refresh).toBe(third.refresh);
    await refresh(third.refresh);
    expect(refusal(await refresh(second.refresh))).toBe("400 invalid_grant");
  });
});

describe("createEmulator throws TypeError for", () => {
  it.each<[string, unknown]>([
    ["settings.captchas is not known", { captchas: 1 }],
    ["settings.accessTokenSeconds must be a whole number from 1.", { accessTokenSeconds: 0 }],
    ["settings.maxSessions must be a whole number from 1, or -1", { maxSessions: 0 }],
    ["settings.smsPerDay must be", { smsPerDay: 1.5 }],
    ["settings.sudoNeedsCode must be true or false", { sudoNeedsCode: 1 }],
    ["settings.refreshPolicy must be", { refreshPolicy: "never" }],
    ["settings.refreshPolicy must be", { refreshPolicy: { replaySeconds: 0 } }],
    ["settings.loginMethods.sms is not known", { loginMethods: { sms: true } }],
    ["settings.loginMethods.email must be true or false", { loginMethods: { email: "no" } }],
    ["settings.providers must be an array", { providers: {} }],
    ["settings.providers[0].id must be", { providers: [{ id: "a b" }] }],
    ['settings.providers[0].id: "custom" is', { providers: [{ id: "custom" }] }],
    ["every id must be there once", { providers: [{ id: "a" }, { id: "a" }] }],
    ["accounts[0] needs a sub and a name", { providers: [{ id: "a", accounts: [{ sub: "" }] }] }],
  ])("%s", async (message, settings) => {
    // @ts-expect-error -- wrong on purpose
    await expect(createEmulator({ envId: "demo", settings })).rejects.toThrow(message);
  });
});

/** The lines of the picture, "#" for ink; fails unless the bytes are a GIF with uncompressed 7-bit codes. */
function drawing(dataUrl: string): string[] {
  const gif = Buffer.from(dataUrl.slice(dataUrl.indexOf(",") + 1), "base64");
  expect(gif.subarray(0, 6).toString("latin1")).toBe("GIF89a");
  const [width, height] = [gif.readUInt16LE(6), gif.readUInt16LE(8)];
  expect(gif.at(-1)).toBe(0x3b);
  const codes: number[] = [];
  for (let at = 13 + 128 * 3 + 11; gif[at] !== 0; at += 1 + (gif[at] ?? 0)) {
    codes.push(...gif.subarray(at + 1, at + 1 + (gif[at] ?? 0)));
  }
  expect(codes.at(-1)).toBe(0x81);
  const pixels = codes.filter((code) => code < 0x80);
  expect(pixels).toHaveLength(width * height);
  return Array.from({ length: height }, (_line, y) =>
    pixels
      .slice(y * width, (y + 1) * width)
      .map((pixel) => (pixel === 1 ? "#" : " "))
      .join(""),
  );
}
