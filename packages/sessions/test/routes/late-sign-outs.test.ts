import { afterAll, describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../../src/index.ts";
import { createFaultyStore } from "../support/faulty-store.ts";
import { enter, memberOf } from "./support/people.ts";
import { createStages } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

const down = { kind: "status", status: 503 } as const;
const kinds = ["sealed cookies", "a store"] as const;
const open = (kind: (typeof kinds)[number]): Promise<Stage> =>
  stages.open({}, kind === "a store" ? { store: createMemorySessionStore() } : {});
const signOutsOf = (stage: Stage): number => stage.asked().filter((call) => call === "POST /user/signout").length;
const refusalsOf = (stage: Stage): readonly number[] =>
  stage.emulator.requests.entries().flatMap(({ status = 0 }) => (status < 400 ? [] : [status]));
/** How soon the server is told again, at the latest, and a busy machine. */
const patience = { timeout: 5_000, interval: 20 };

describe.each(kinds)("RV-04 POST /signout that the server cannot be told of, with %s", (kind) => {
  it("is over here, and the server is told later: the refresh token too", async () => {
    const stage = await open(kind);
    const visitor = await enter(stage);
    const copied = visitor.copy();
    stage.emulator.requests.clear();
    for (const path of ["/auth/v1/user/signout", "/auth/v1/revoke"]) stage.emulator.failNext(`POST ${path}`, down);
    expect(await visitor.post("/signout")).toMatchObject({ status: 200, json: { here: true, server: "queued" } });
    expect(visitor.browser.jar.size).toBe(0);
    expect((await copied.get("/me")).status).toBe(401);
    await expect.poll(() => signOutsOf(stage), patience).toBe(2);
    await expect.poll(() => refusalsOf(stage), patience).toEqual([503, 503]);
    stage.emulator.clock.advance(7_300);
    expect((await copied.get("/me")).status).toBe(401);
  });

  it("says so also where only the refresh token could not be ended", async () => {
    const stage = await open(kind);
    const visitor = await enter(stage);
    stage.emulator.failNext("POST /auth/v1/user/signout", down);
    expect(await visitor.post("/signout")).toMatchObject({ json: { here: true, server: "queued" } });
    await expect.poll(() => signOutsOf(stage), patience).toBe(2);
  });

  it("while it cannot be opened, as its tokens have ended: the server is told by new ones, once it is back", async () => {
    const stage = await open(kind);
    const visitor = await enter(stage);
    const copied = visitor.copy();
    stage.emulator.clock.advance(7_300);
    stage.emulator.failNext("POST /auth/v1/token", down);
    stage.emulator.requests.clear();
    expect(await visitor.post("/signout")).toMatchObject({ status: 200, json: { here: true, server: "queued" } });
    expect(visitor.browser.jar.size).toBe(0);
    await expect.poll(() => signOutsOf(stage), patience).toBe(1);
    expect(stage.asked().filter((call) => call === "POST /token")).toHaveLength(2);
    expect((await copied.get("/me")).status).toBe(401);
    stage.emulator.clock.advance(7_300);
    expect((await copied.get("/me")).status).toBe(401);
  });

  it("and of which there is nothing to tell: an anonymous user's tokens that have ended", async () => {
    const stage = await open(kind);
    const visitor = stage.visitor();
    await visitor.post("/anonymous");
    stage.emulator.clock.advance(7_300);
    expect(await visitor.post("/signout")).toMatchObject({ status: 200, json: { server: "not asked" } });
  });
});

describe("POST /signout with a store in trouble", () => {
  it("that cannot be written is 503, to be sent again; until then whoever has the session is refused", async () => {
    const store = createFaultyStore(createMemorySessionStore());
    const stage = await stages.open({}, { store });
    const visitor = await enter(stage);
    stage.emulator.requests.clear();
    store.mode = "cannot be written";
    expect(await visitor.post("/signout")).toMatchObject({ status: 503, cookies: [] });
    expect(stage.asked()).toEqual(["POST /user/signout", "POST /revoke"]);
    expect((await visitor.copy().get("/me")).status).not.toBe(200);
    store.mode = "well";
    expect(await visitor.post("/signout")).toMatchObject({ status: 200 });
    expect((await visitor.get("/me")).status).toBe(401);
  });

  it("that could not be read, and then could be written: over here, and not known to the server", async () => {
    const memory = createMemorySessionStore();
    let isDown = false;
    const load: typeof memory.load = (id) => (isDown ? Promise.reject(new Error("down")) : memory.load(id));
    const stage = await stages.open({}, { store: { ...memory, load } });
    const visitor = await enter(stage);
    const copied = visitor.copy();
    isDown = true;
    const answer = await visitor.post("/signout");
    expect([answer.status, memberOf(answer, "server")]).toEqual([200, "failed"]);
    isDown = false;
    expect((await copied.get("/me")).status).toBe(401);
  });
});
