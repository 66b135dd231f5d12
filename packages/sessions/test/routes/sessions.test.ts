import type { SessionStore } from "@cloudbase-auth/core";
import { afterAll, describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../../src/index.ts";
import { byPassword, enter, memberOf, prove } from "./support/people.ts";
import { createStages, lihua, wang } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

describe("POST /signout", () => {
  it.each([
    ["a store", true],
    ["sealed cookies", false],
  ])("BF-19: with %s the session is over, and its cookie worth nothing", async (_, hasStore) => {
    const stage = await stages.open({}, hasStore ? { store: createMemorySessionStore() } : {});
    const visitor = await enter(stage);
    const copied = visitor.copy();
    stage.emulator.requests.clear();
    const answer = await visitor.post("/signout");
    expect(answer).toMatchObject({ status: 200, json: { here: true, server: "revoked" } });
    expect(visitor.browser.jar.size).toBe(0);
    expect(stage.asked()).toEqual(["POST /user/signout", "POST /revoke"]);
    expect((await copied.get("/me")).status).toBe(401);
  });

  it("ends the refresh token at the server too: a copied sealed cookie does not outlive its access token", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    const copied = visitor.copy();
    await visitor.post("/signout");
    stage.emulator.clock.advance(7_300);
    expect((await copied.get("/me")).status).toBe(401);
  });

  it("without a session is 200: there is nothing to end", async () => {
    const { visitor, asked } = await stages.open();
    expect(await visitor().post("/signout")).toMatchObject({ status: 200, json: { here: true, server: "not asked" } });
    expect(asked()).toEqual([]);
  });
});

describe("F35: with the store out of reach", () => {
  it("what needs a session is 503 and the cookie stays; when it is back, so is the session", async () => {
    let isDown = false;
    const memory = createMemorySessionStore();
    const store: SessionStore = {
      ...memory,
      load: (id) => (isDown ? Promise.reject(new Error("down")) : memory.load(id)),
      delete: (id) => (isDown ? Promise.reject(new Error("down")) : memory.delete(id)),
      create: (session) => (isDown ? Promise.reject(new Error("down")) : memory.create(session)),
    };
    const stage = await stages.open({}, { store });
    const visitor = await enter(stage);
    const other = stage.visitor();
    await prove(stage, other, wang.email);
    isDown = true;
    for (const [method, path] of [
      ["GET", "/me"],
      ["GET", "/sessions"],
      ["POST", "/refresh"],
      ["POST", "/signout"],
      ["POST", "/signout/everywhere"],
    ] as const) {
      const answer = await visitor.send(method, path);
      expect(answer).toMatchObject({ status: 503, cookies: [], json: { code: "service_unavailable" } });
      expect(answer.headers["Retry-After"]).toBeDefined();
    }
    expect(await other.post("/signin", { verified: true })).toMatchObject({ status: 503, cookies: [] });
    isDown = false;
    expect((await visitor.get("/me")).status).toBe(200);
  });
});

describe("POST /signout/everywhere", () => {
  it.each([
    ["a store", true],
    ["sealed cookies", false],
  ])("BF-20: with %s all sessions of the user are over, and nobody else's", async (_, hasStore) => {
    const stage = await stages.open({}, hasStore ? { store: createMemorySessionStore() } : {});
    const [here, elsewhere] = [await enter(stage), await enter(stage)];
    const stranger = await enter(stage, stage.visitor(), wang.email);
    const copied = here.copy();
    expect(await here.post("/signout/everywhere")).toMatchObject({
      status: 200,
      json: { here: true, server: "revoked" },
    });
    const statuses = [here, copied, elsewhere, stranger].map(async (visitor) => (await visitor.get("/me")).status);
    expect(await Promise.all(statuses)).toEqual([401, 401, 401, 200]);
    stage.emulator.clock.advance(7_300);
    expect((await elsewhere.get("/me")).status).toBe(401);
  });

  it("with the server down says that it is over here alone", async () => {
    const stage = await stages.open();
    const [here, elsewhere, away] = [await enter(stage), await enter(stage), await enter(stage)];
    stage.emulator.failNext("DELETE /auth/v1/user/revoke/all", { kind: "status", status: 503 });
    expect(await here.post("/signout/everywhere")).toMatchObject({
      status: 200,
      json: { here: true, server: "failed" },
    });
    expect((await elsewhere.get("/me")).status).toBe(401);
    // §5.8: whoever comes back with an ended access token gets no new one, though the server would give it.
    stage.emulator.clock.advance(7_300);
    expect((await away.get("/me")).status).toBe(401);
    const again = await enter(stage);
    expect((await again.get("/me")).status).toBe(200);
  });

  it("ends what is issued in its own second, so a sign-in is asked to come back in the next one", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    await visitor.post("/signout/everywhere");
    const early = await visitor.post("/signin", byPassword);
    expect(early).toMatchObject({ status: 503, cookies: [], headers: { "Retry-After": "1" } });
    stage.emulator.clock.advance(1);
    expect((await visitor.post("/signin", byPassword)).status).toBe(200);
    expect((await visitor.get("/me")).status).toBe(200);
  });

  it("without a session is 401", async () => {
    const { visitor } = await stages.open();
    expect((await visitor().post("/signout/everywhere")).status).toBe(401);
  });
});

describe("POST /refresh", () => {
  const exchanges = (asked: readonly string[]) => asked.filter((call) => call === "POST /token").length;

  it("gets new tokens once, and the session keeps its id", async () => {
    const stage = await stages.open({}, { store: createMemorySessionStore() });
    const visitor = await enter(stage);
    stage.emulator.clock.advance(60);
    const list = async () => memberOf(await visitor.get("/sessions"), "sessions", "0", "handle");
    const before = await list();
    expect(await visitor.post("/refresh")).toMatchObject({ status: 200, json: { user: { email: lihua.email } } });
    expect(await visitor.post("/refresh")).toMatchObject({ status: 200, json: { user: { email: lihua.email } } });
    expect(exchanges(stage.asked())).toBe(1);
    expect(await list()).toBe(before);
  });

  it("refused by the server ends the session: 401 refresh_rejected, and the cookie is gone", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    stage.emulator.clock.advance(60);
    stage.emulator.failNext("POST /auth/v1/token", { kind: "error", error: "invalid_grant" });
    expect(await visitor.post("/refresh")).toMatchObject({ status: 401, json: { code: "refresh_rejected" } });
    expect(visitor.browser.jar.size).toBe(0);
  });

  it("with the server down is 503, and the session goes on", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    stage.emulator.clock.advance(60);
    stage.emulator.failNext("POST /auth/v1/token", { kind: "status", status: 503 });
    expect((await visitor.post("/refresh")).status).toBe(503);
    expect((await visitor.get("/me")).status).toBe(200);
  });

  it("of an anonymous user, who has no refresh token, changes nothing", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    await visitor.post("/anonymous");
    stage.emulator.clock.advance(60);
    expect(await visitor.post("/refresh")).toMatchObject({ status: 200, json: { user: { isAnonymous: true } } });
    expect(exchanges(stage.asked())).toBe(0);
  });

  it("without a session is 401", async () => {
    const { visitor } = await stages.open();
    expect((await visitor().post("/refresh")).status).toBe(401);
  });
});
