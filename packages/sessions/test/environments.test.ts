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

  it("tokens of another one, for a user of the same id, are not taken for the session's", async () => {
    const tokens = await one.signIn();
    const accessToken = await two.emulator.issueToken({ sub: tokens.sub });
    const foreign = { accessToken, tokenType: "Bearer", expiresInSeconds: 7_200, groups: [] };
    const confused = { ...auth, refresh: () => Promise.resolve(foreign) };
    const browser = await one.enter(sessions, tokens);
    for (const world of [one, two]) world.advance(7_200);
    const mixed = createSessions({ auth: confused, secret, origin, now: one.now });
    expect(outcomeOf(await mixed.authenticate(browser.request()))).toBe("unavailable 503 service_unavailable");
  });

  it("tokens of none of them begin nothing", async () => {
    const foreign = await createWorld({}, "three");
    const starting = sessions.keeper.start({ headers: {} }, await foreign.signIn());
    await expect(starting).rejects.toMatchObject({ code: "service_unavailable", reason: "internal" });
    await foreign.close();
  });
});
