import { createAuthClient } from "@cloudbase-auth/core";
import { afterAll, describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../../src/index.ts";
import { byPassword, enter, memberOf, prove, userIdOf } from "./support/people.ts";
import { createStages, lihua, newcomer, password, wang } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

const sid = "__Host-cb.sid";

describe("POST /signin", () => {
  it("with a password begins a session, and tells who it is of", async () => {
    const { visitor } = await stages.open();
    const browser = visitor();
    const answer = await browser.post("/signin", byPassword);
    expect(answer).toMatchObject({ status: 200, json: { user: { name: "Li Hua", isAnonymous: false } } });
    expect(Object.keys(answer.json as object)).toEqual(["user"]);
    expect(userIdOf(await browser.get("/me"))).toBe(userIdOf(answer));
  });

  it.each([
    ["e-mail address", lihua.email],
    ["phone number", lihua.phoneNumber],
  ])("takes the %s as the name", async (_, username) => {
    const { visitor } = await stages.open();
    expect((await visitor().post("/signin", { username, password })).status).toBe(200);
  });

  it("with a code that was shown; the proof is good once", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    expect((await prove(stage, visitor, lihua.email)).json).toEqual({ isUser: true, expiresInSeconds: 600 });
    const proven = visitor.copy();
    expect(memberOf(await visitor.post("/signin", { verified: true }), "user", "email")).toBe(lihua.email);
    expect([...visitor.browser.jar.keys()]).toEqual([sid]);
    expect(await proven.post("/signin", { verified: true })).toMatchObject({
      status: 403,
      json: { reason: "invalid_credentials" },
    });
  });

  it("with a custom ticket", async () => {
    const { visitor, emulator } = await stages.open();
    const client = createAuthClient({ envId: "demo", endpoint: emulator.endpoint });
    const ticket = client.createTicket({ key: await emulator.customLoginKey(), uid: "my-user-1" });
    const answer = await visitor().post("/signin", { ticket });
    expect(answer.status).toBe(200);
    expect(userIdOf(answer)).toMatch(/./);
    await client.close();
  });

  it("without a proof is 409, and the Auth API is not asked", async () => {
    const { visitor, asked } = await stages.open();
    expect(await visitor().post("/signin", { verified: true })).toMatchObject({
      status: 409,
      json: { code: "upstream_rejected", reason: "precondition" },
    });
    expect(asked()).toEqual([]);
  });

  it("BF: a name that nobody has is answered as a wrong password is, to the last byte, and as much is done", async () => {
    const { visitor, asked, emulator } = await stages.open();
    const answers = [];
    const calls = [];
    for (const username of [lihua.username, "nobody", "nobody@example.com"]) {
      emulator.requests.clear();
      answers.push(await visitor().post("/signin", { username, password: "wrong" }));
      calls.push(asked());
    }
    const [wrong, ...others] = answers;
    expect(wrong).toMatchObject({ status: 403, json: { code: "upstream_rejected", reason: "invalid_credentials" } });
    for (const other of others) expect(other).toEqual(wrong);
    expect(calls).toEqual([["POST /signin"], ["POST /signin"], ["POST /signin"]]);
  });

  it("a blocked user is told so, in the language that was asked for", async () => {
    const { visitor } = await stages.open();
    const answer = await visitor().post(
      "/signin",
      { username: "blocked", password },
      { headers: { "sec-fetch-site": "same-origin", "content-type": "application/json", "accept-language": "zh-CN" } },
    );
    expect(answer).toMatchObject({
      status: 403,
      json: { reason: "user_state" },
      headers: { "Content-Language": "zh" },
    });
    expect(answer.headers["Vary"]).toBe("Cookie, Sec-Fetch-Site, Origin, Accept-Language");
  });

  it("BF-17: the session id is another one after every sign-in, and the old cookie is worth nothing with a store", async () => {
    const stage = await stages.open({}, { store: createMemorySessionStore() });
    const visitor = await enter(stage);
    const before = visitor.copy();
    await enter(stage, visitor);
    expect(visitor.browser.jar.get(sid)).not.toBe(before.browser.jar.get(sid));
    expect((await before.get("/me")).status).toBe(401);
    expect((await visitor.get("/me")).status).toBe(200);
  });

  it("the server out of reach is 503 with Retry-After, and no cookie changes", async () => {
    const { visitor, emulator } = await stages.open();
    emulator.failNext("POST /auth/v1/signin", { kind: "status", status: 503 });
    const answer = await visitor().post("/signin", byPassword);
    expect(answer).toMatchObject({ status: 503, cookies: [], json: { code: "service_unavailable" } });
    expect(Number(answer.headers["Retry-After"])).toBeGreaterThanOrEqual(1);
  });
});

describe("POST /signup", () => {
  it("makes a user of whoever has shown a code", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    expect(await prove(stage, visitor, newcomer)).toMatchObject({ json: { isUser: false } });
    const answer = await visitor.post("/signup", { verified: true, name: "New", username: "newcomer", password });
    expect(answer).toMatchObject({ status: 200, json: { user: { email: newcomer, name: "New", isAnonymous: false } } });
    expect((await stage.visitor().post("/signin", { username: "newcomer", password })).status).toBe(200);
  });

  it("of an address that is taken is 409, and the proof is still good for a sign-in", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    await prove(stage, visitor, wang.email);
    expect(await visitor.post("/signup", { verified: true })).toMatchObject({
      status: 409,
      json: { reason: "precondition" },
    });
    expect((await visitor.post("/signin", { verified: true })).status).toBe(200);
  });

  it("without a proof is 409", async () => {
    const { visitor } = await stages.open();
    expect(await visitor().post("/signup", { verified: true })).toMatchObject({
      status: 409,
      json: { reason: "precondition" },
    });
  });

  it("of an anonymous user keeps the user id, and the session gets another one (BF-17)", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const anonymous = await visitor.post("/anonymous");
    expect(anonymous).toMatchObject({ status: 200, json: { user: { isAnonymous: true } } });
    const before = visitor.browser.jar.get(sid);
    await prove(stage, visitor, newcomer);
    const person = await visitor.post("/signup", { verified: true, name: "New" });
    expect(person).toMatchObject({ status: 200, json: { user: { isAnonymous: false, email: newcomer } } });
    expect(userIdOf(person)).toBe(userIdOf(anonymous));
    expect(visitor.browser.jar.get(sid)).not.toBe(before);
    expect([...visitor.browser.jar.keys()]).toEqual([sid]);
  });
});

describe("POST /anonymous", () => {
  it("is the same user when the session has ended, and another one in another browser", async () => {
    const { visitor, emulator } = await stages.open();
    const browser = visitor();
    const first = userIdOf(await browser.post("/anonymous"));
    emulator.clock.advance(7_300);
    expect((await browser.get("/me")).status).toBe(401);
    expect(userIdOf(await browser.post("/anonymous"))).toBe(first);
    expect(userIdOf(await visitor().post("/anonymous"))).not.toBe(first);
  });

  it("after a sign-out begins as somebody else", async () => {
    const { visitor } = await stages.open();
    const browser = visitor();
    const first = userIdOf(await browser.post("/anonymous"));
    await browser.post("/signout");
    expect(browser.browser.jar.size).toBe(0);
    expect(userIdOf(await browser.post("/anonymous"))).not.toBe(first);
  });

  it("leaves whoever is signed in who they are, and asks nobody", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    stage.emulator.requests.clear();
    expect(await visitor.post("/anonymous")).toMatchObject({ status: 200, json: { user: { email: lihua.email } } });
    expect(stage.asked()).toEqual([]);
  });

  it("that is switched off is 403", async () => {
    const { visitor, emulator } = await stages.open();
    emulator.failNext("POST /auth/v1/signin/anonymously", { kind: "error", error: "unimplemented" });
    expect(await visitor().post("/anonymous")).toMatchObject({ status: 403, json: { reason: "not_enabled" } });
  });
});
