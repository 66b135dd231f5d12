import { afterAll, describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../../src/index.ts";
import { byPassword, enter, memberOf, prove } from "./support/people.ts";
import { createStages, lihua, newcomer, password, wang } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

const newPassword = "Sentinel-5678";
const sid = "__Host-cb.sid";

describe("GET /me", () => {
  it("is the user and the profile", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    const answer = await visitor.get("/me");
    expect(answer).toMatchObject({
      status: 200,
      json: {
        user: { name: "Li Hua", groups: [] },
        profile: { username: "lihua", email: lihua.email, hasPassword: true },
      },
    });
    expect(memberOf(answer, "profile", "requestId")).toBeUndefined();
  });

  it("of an anonymous user is the user alone", async () => {
    const { visitor } = await stages.open();
    const browser = visitor();
    await browser.post("/anonymous");
    const answer = await browser.get("/me");
    expect(answer).toMatchObject({ status: 200, json: { user: { isAnonymous: true } } });
    expect(Object.keys(answer.json as object)).toEqual(["user"]);
  });

  it("without a session is 401 missing_token", async () => {
    const { visitor } = await stages.open();
    expect(await visitor().get("/me")).toMatchObject({ status: 401, json: { code: "missing_token" } });
  });

  it("with a bearer header beside the session is 400; another scheme is no business of ours", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    const withHeader = (authorization: string) => visitor.get("/me", { headers: { authorization } });
    expect(await withHeader("Bearer x.y.z")).toMatchObject({ status: 400, json: { code: "invalid_request" } });
    expect((await withHeader("Basic c3RhZ2luZzpzdGFnaW5n")).status).toBe(200);
  });
});

describe("POST /reset", () => {
  it("sets a new password by a code, and signs nobody in", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    await prove(stage, visitor, lihua.email);
    expect(await visitor.post("/reset", { verified: true, newPassword })).toMatchObject({
      status: 204,
      text: undefined,
    });
    expect(visitor.browser.jar.size).toBe(0);
    expect((await visitor.post("/signin", byPassword)).status).toBe(403);
    expect((await visitor.post("/signin", { ...byPassword, password: newPassword })).status).toBe(200);
  });

  it("without a proof is 409; of an address that nobody has it is 403", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    expect(await visitor.post("/reset", { verified: true, newPassword })).toMatchObject({
      status: 409,
      json: { reason: "precondition" },
    });
    await prove(stage, visitor, newcomer);
    expect(await visitor.post("/reset", { verified: true, newPassword })).toMatchObject({
      status: 403,
      json: { reason: "invalid_credentials" },
    });
  });
});

describe("PATCH /password", () => {
  it.each(["the old one", "a code"])(
    "by %s: the new one counts, and the session goes on under another id",
    async (way) => {
      const stage = await stages.open();
      const visitor = await enter(stage);
      const before = visitor.browser.jar.get(sid);
      if (way === "a code") await prove(stage, visitor, lihua.email);
      const shown = way === "a code" ? { verified: true } : { password };
      expect(await visitor.send("PATCH", "/password", { ...shown, newPassword })).toMatchObject({ status: 204 });
      expect(visitor.browser.jar.get(sid)).not.toBe(before);
      expect((await visitor.get("/me")).status).toBe(200);
      const again = stage.visitor();
      expect((await again.post("/signin", { ...byPassword, password: newPassword })).status).toBe(200);
    },
  );

  it("sets the first one of somebody who has none, by a code", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage, stage.visitor(), wang.email);
    await prove(stage, visitor, wang.email);
    expect((await visitor.send("PATCH", "/password", { verified: true, newPassword })).status).toBe(204);
    expect((await stage.visitor().post("/signin", { username: wang.email, password: newPassword })).status).toBe(200);
  });

  it("ends all other sessions of the user, with a store", async () => {
    const stage = await stages.open({}, { store: createMemorySessionStore() });
    const [here, elsewhere] = [await enter(stage), await enter(stage)];
    const stranger = await enter(stage, stage.visitor(), wang.email);
    await here.send("PATCH", "/password", { password, newPassword });
    const statuses = [here, elsewhere, stranger].map(async (visitor) => (await visitor.get("/me")).status);
    expect(await Promise.all(statuses)).toEqual([200, 401, 200]);
  });

  it.each([
    [
      "a wrong old one",
      { password: `${password}-no`, newPassword },
      { status: 403, json: { reason: "invalid_credentials" } },
    ],
    ["a weak new one", { password, newPassword: "weak" }, { status: 400, json: { reason: "invalid_input" } }],
    ["a code that was not shown", { verified: true, newPassword }, { status: 409, json: { reason: "precondition" } }],
  ])("%s is refused, and the old one still counts", async (_, body, expected) => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    expect(await visitor.send("PATCH", "/password", body)).toMatchObject(expected);
    expect((await stage.visitor().post("/signin", byPassword)).status).toBe(200);
  });

  it("somebody else's code is refused", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    await prove(stage, visitor, wang.email);
    expect(await visitor.send("PATCH", "/password", { verified: true, newPassword })).toMatchObject({
      status: 403,
      json: { reason: "permission" },
    });
  });

  it("is not for anonymous users (403), nor for nobody (401)", async () => {
    const { visitor } = await stages.open();
    const browser = visitor();
    expect((await browser.send("PATCH", "/password", { password, newPassword })).status).toBe(401);
    await browser.post("/anonymous");
    expect(await browser.send("PATCH", "/password", { password, newPassword })).toMatchObject({
      status: 403,
      json: { code: "anonymous_user" },
    });
  });
});

describe("DELETE /me", () => {
  it.each([
    ["the password, with a store", { password }, true],
    ["the password, with sealed cookies", { password }, false],
    ["a code", { verified: true }, false],
  ])("by %s: the account is gone, and so are all sessions", async (_, body, hasStore) => {
    const stage = await stages.open({}, hasStore ? { store: createMemorySessionStore() } : {});
    const [here, elsewhere] = [await enter(stage), await enter(stage)];
    if ("verified" in body) await prove(stage, here, lihua.email);
    expect(await here.send("DELETE", "/me", body)).toMatchObject({ status: 204 });
    expect(here.browser.jar.size).toBe(0);
    expect((await elsewhere.get("/me")).status).toBe(401);
    expect((await stage.visitor().post("/signin", byPassword)).status).toBe(403);
  });

  it("with a wrong password, or none, deletes nothing", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    expect((await visitor.send("DELETE", "/me", { password: "wrong" })).status).toBe(403);
    expect(await visitor.send("DELETE", "/me")).toMatchObject({
      status: 400,
      json: { code: "invalid_input", errors: [{ field: "password", problem: "required" }] },
    });
    expect((await visitor.get("/me")).status).toBe(200);
  });
});
