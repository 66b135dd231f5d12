import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../../src/index.ts";
import { enter } from "./support/people.ts";
import { createStages, password } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";
import type { Answer, Visitor } from "./support/visitor.ts";

const stages = createStages();
afterAll(() => stages.close());

const newPassword = "Sentinel-5678";
const slowly = { kind: "slow", delayMs: 400 } as const;
const tokenEndpoint = "POST /auth/v1/token";
/** Seconds that an access token lasts, before which it is not exchanged yet, and after which it is. */
const [life, early, due] = [7_200, 7_010, 7_150];

describe.each(["sealed cookies", "a store"])("two tabs of one browser, with %s", (kind) => {
  let stage: Stage;
  let visitor: Visitor;
  beforeEach(async () => {
    const store = kind === "a store" ? { store: createMemorySessionStore() } : {};
    stage = await stages.open({ refreshPolicy: "family ends on reuse" }, store);
    visitor = await enter(stage);
    stage.emulator.requests.clear();
  });

  const asked = (call: string): number => stage.asked().filter((one) => one === call).length;
  const change = (): Promise<Answer> => visitor.send("PATCH", "/password", { password, newPassword });
  const changeSlowly = (): Promise<Answer> => {
    stage.emulator.failNext("PATCH /auth/v1/user/password", slowly);
    return change();
  };

  /** The browser is signed in, and stays so for as long as the server's tokens last. */
  async function expectSurvival(exchanges: number): Promise<void> {
    expect((await visitor.get("/me")).status).toBe(200);
    expect(asked("POST /token")).toBe(exchanges);
    for (let day = 1; day <= 3; day += 1) {
      stage.emulator.clock.advance(life);
      expect((await visitor.get("/me")).status).toBe(200);
    }
    expect(asked("POST /token")).toBe(exchanges + 3);
  }

  it("one changes the password, the other has refreshed meanwhile", async () => {
    stage.emulator.clock.advance(early);
    const changing = changeSlowly();
    await expect.poll(() => asked("PATCH /user/password")).toBe(1);
    stage.emulator.clock.advance(due - early);
    expect((await visitor.get("/me")).status).toBe(200);
    expect((await changing).status).toBe(204);
    await expectSurvival(1);
  });

  it("one changes the password, the other is refreshing when that is done, and is answered last", async () => {
    stage.emulator.clock.advance(early);
    const changing = changeSlowly();
    await expect.poll(() => asked("PATCH /user/password")).toBe(1);
    stage.emulator.clock.advance(due - early);
    stage.emulator.failNext(tokenEndpoint, { kind: "slow", delayMs: 800 });
    const refreshing = visitor.get("/me");
    expect((await changing).status).toBe(204);
    expect([200, 401]).toContain((await refreshing).status);
    await expectSurvival(1);
  });

  it("one refreshes, the other changes the password with the cookie from before", async () => {
    stage.emulator.clock.advance(due);
    const stale = visitor.copy();
    expect((await visitor.get("/me")).status).toBe(200);
    expect((await stale.send("PATCH", "/password", { password, newPassword })).status).toBe(204);
    visitor = stale;
    await expectSurvival(1);
  });

  it("one changes the password, and what the other sends with the cookie from before does not end it", async () => {
    stage.emulator.clock.advance(60);
    const stale = visitor.copy();
    expect((await change()).status).toBe(204);
    for (const [method, path] of [
      ["GET", "/me"],
      ["POST", "/refresh"],
    ] as const) {
      const late = await stale.send(method, path);
      expect(late.status).toBe(kind === "a store" ? 401 : 200);
      // Whichever comes last is what the browser has.
      visitor.browser.take(late.cookies);
    }
    await expectSurvival(1);
  });

  it("one changes the password while the other signs out: signed out it is", async () => {
    const changing = changeSlowly();
    await expect.poll(() => asked("PATCH /user/password")).toBe(1);
    expect((await visitor.copy().post("/signout")).status).toBe(200);
    await changing;
    expect((await visitor.get("/me")).status).toBe(401);
  });
});
