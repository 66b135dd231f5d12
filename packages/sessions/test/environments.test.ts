import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { createSessions } from "../src/index.ts";
import type { BrowserSessions } from "../src/index.ts";
import { createWorld, origin, outcomeOf, secret } from "./support/world.ts";
import type { World } from "./support/world.ts";

let one: World;
let two: World;
let auth: CloudbaseAuth;
let sessions: BrowserSessions;

beforeAll(async () => {
  [one, two] = await Promise.all([createWorld({}, "one"), createWorld({}, "two")]);
  auth = createCloudbaseAuth({
    environments: [one, two].map(({ emulator }, n) => ({
      envId: ["one", "two"][n] ?? "",
      endpoint: emulator.endpoint,
    })),
    now: one.now,
  });
  sessions = createSessions({ auth, secret, origin, now: one.now });
});
afterAll(async () => {
  await auth.close();
  await Promise.all([one.close(), two.close()]);
});

describe("several environments", () => {
  it("a session is of the one whose tokens it was begun with, and is refreshed there", async () => {
    const [first, second] = [await one.enter(sessions), await two.enter(sessions)];
    for (const world of [one, two]) world.advance(7_200);
    for (const [browser, environment] of [
      [first, "one"],
      [second, "two"],
    ] as const) {
      const result = await sessions.authenticate(browser.request());
      expect(outcomeOf(result)).toMatch(/^authenticated/);
      expect(result.auth).toMatchObject({ environment });
    }
    expect([one.exchanges(), two.exchanges()]).toEqual([1, 1]);
  });

  it("tokens of none of them begin nothing", async () => {
    const foreign = await createWorld({}, "three");
    const starting = sessions.keeper.start({ headers: {} }, await foreign.signIn());
    await expect(starting).rejects.toMatchObject({ code: "service_unavailable", reason: "internal" });
    await foreign.close();
  });
});
