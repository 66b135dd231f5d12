import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { browse, createStarter, kinds, life } from "./support/processes.ts";
import { createWorld, outcomeOf } from "./support/world.ts";
import type { World } from "./support/world.ts";

let world: World;
const starter = createStarter(() => world);

beforeAll(async () => {
  world = await createWorld({ refreshPolicy: "family ends on reuse" });
});
beforeEach(async () => {
  await world.reset();
  starter.time = 0;
});
afterAll(() => world.close());

describe.each(kinds)("RF-03 BF-19 a late request with the cookie from before an exchange, with a %s", (kind) => {
  it("after a sign-out gets no session, and no cookie that was one", async () => {
    const sessions = starter.createProcess(kind);
    const browser = await world.enter(sessions);
    world.advance(life);
    const late = browser.copy();
    await browse(sessions, browser);
    const opened = await sessions.keeper.open(browser.request());
    if (opened.state !== "open") throw new Error(`the session is ${opened.state}`);
    browser.take(await sessions.keeper.end(browser.request(), opened.session));
    await sessions.auth.revoke(opened.session.accessToken);
    const result = await browse(sessions, late);
    expect(outcomeOf(result)).toBe(kind === "store" ? "absent" : "rejected 401 invalid_token");
    for (const line of result.cookies ?? []) expect(line).toMatch(/=; Max-Age=0;/);
    expect(late.jar.size).toBe(0);
    expect(outcomeOf(await browse(sessions, late))).toBe("absent");
    expect(world.exchanges()).toBe(1);
  });
});
