import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthRequest, TokenSet } from "@cloudbase-auth/core";
import type { BrowserSessions } from "../src/index.ts";
import type { Browser } from "./support/browser.ts";
import { createWorld, outcomeOf, secret, sid } from "./support/world.ts";
import type { World } from "./support/world.ts";

const secrets = ["one", "two", "three"].map((name) => `${name}-${secret}`);

let world: World;
let tokens: TokenSet;
let browser: Browser;

beforeAll(async () => {
  world = await createWorld();
  tokens = await world.signIn();
});
beforeEach(async () => {
  browser = await world.enter(world.createSessions(), tokens);
});
afterAll(() => world.close());

const ask = async (request: AuthRequest, of: BrowserSessions): Promise<string> =>
  outcomeOf(await of.authenticate(request));

describe("BF-05 the key ring", () => {
  it("three secrets, one after the other in front: nobody is signed out, and the cookie is sealed anew", async () => {
    const [one = "", two = "", three = ""] = secrets;
    const entered = await world.enter(world.createSessions({ secret: [one] }), tokens);
    for (const ring of [
      [two, one],
      [three, two, one],
      [three, two],
    ]) {
      const rotated = world.createSessions({ secret: ring });
      const result = await rotated.authenticate(entered.request());
      expect(outcomeOf(result)).toMatch(/^authenticated/);
      const before = entered.jar.get(sid);
      entered.take(result.cookies);
      expect(entered.jar.get(sid) === before).toBe(ring.length === 2 && ring[0] === three);
      if (result.cookies) expect(result.headers).toMatchObject({ "Cache-Control": "no-store" });
    }
  });

  it("a secret that was removed: no session, and no error", async () => {
    const rotated = world.createSessions({ secret: secrets.slice(0, 2) });
    expect(await ask(browser.request(), rotated)).toBe("absent");
  });

  it("no sealing anew while an exchange is near, whose cookie it could undo", async () => {
    const entered = await world.enter(world.createSessions({ secret: secrets.slice(0, 1) }), await world.signIn(1));
    const rotated = world.createSessions({ secret: secrets.slice(0, 2).reverse() });
    world.advance(7_200 - 260);
    const steps: boolean[] = [];
    while (world.exchanges() === 0) {
      const { cookies } = await rotated.authenticate(entered.request());
      steps.push(cookies !== undefined);
      world.advance(10);
    }
    world.advance(-7_200 + 260 - 10 * steps.length);
    // At first; not for a minute; and then together with the new tokens.
    expect(steps.at(0)).toBe(true);
    expect(steps.slice(-6)).toEqual([false, false, false, false, false, true]);
  });
});
