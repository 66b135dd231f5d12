import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../src/index.ts";
import type { BrowserSessions, SessionsOptions } from "../src/index.ts";
import type { Browser } from "./support/browser.ts";
import { createFaultyStore } from "./support/faulty-store.ts";
import { createWorld, outcomeOf } from "./support/world.ts";
import type { World } from "./support/world.ts";

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const kinds = ["sealed cookie", "store"] as const;

const createKind = (kind: (typeof kinds)[number], options: Partial<SessionsOptions>): BrowserSessions =>
  world.createSessions({
    ...(kind === "store" && { store: createMemorySessionStore({ monotonic: world.now }) }),
    ...options,
  });

async function browse(sessions: BrowserSessions, browser: Browser): Promise<string | undefined> {
  const result = await sessions.authenticate(browser.request());
  browser.take(result.cookies);
  return outcomeOf(result).split(" ")[0];
}

describe.each(kinds)("BF-18 limits that the browser has no say in, with a %s", (kind) => {
  it("absolute: to the second, however busy the session is", async () => {
    const sessions = createKind(kind, { idleSeconds: 600, absoluteSeconds: 3_000 });
    const browser = await world.enter(sessions);
    for (let minute = 0; minute < 49; minute += 1) {
      world.advance(60);
      expect(await browse(sessions, browser), `minute ${String(minute)}`).toBe("authenticated");
    }
    world.advance(59);
    expect(await browse(sessions, browser)).toBe("authenticated");
    const copied = browser.copy();
    world.advance(1);
    expect(await browse(sessions, browser)).toBe("absent");
    expect(browser.jar.size).toBe(0);
    expect(await browse(sessions, copied)).toBe("absent");
  });

  it("idle: to the second after it was last written down", async () => {
    const sessions = createKind(kind, { idleSeconds: 600 });
    const [one, two] = [await world.enter(sessions), await world.enter(sessions, await world.signIn(1))];
    world.advance(599);
    expect(await browse(sessions, one)).toBe("authenticated");
    world.advance(1);
    expect(await browse(sessions, two)).toBe("absent");
    expect(two.jar.size).toBe(0);
    world.advance(598);
    expect(await browse(sessions, one)).toBe("authenticated");
  });

  it("idle: who comes often enough stays", async () => {
    const sessions = createKind(kind, { idleSeconds: 600 });
    const browser = await world.enter(sessions);
    for (let round = 0; round < 20; round += 1) {
      world.advance(290);
      expect(await browse(sessions, browser)).toBe("authenticated");
    }
  });

  it("a clock that goes back ends nothing", async () => {
    const sessions = createKind(kind, {});
    const browser = await world.enter(sessions);
    world.advance(-4);
    expect(await browse(sessions, browser)).toBe("authenticated");
  });
});

describe("being seen", () => {
  it("is written into a store at most once a minute", async () => {
    const store = createFaultyStore(createMemorySessionStore());
    const sessions = world.createSessions({ store });
    const browser = await world.enter(sessions);
    for (let second = 0; second < 180; second += 1) {
      world.advance(1);
      await browse(sessions, browser);
    }
    expect(store.calls.filter((call) => call === "replace").length).toBe(3);
    expect(store.calls.filter((call) => call === "load").length).toBe(183);
  });

  it("makes a sealed cookie no other one before half of the idle time, and then only together with new tokens", async () => {
    const sessions = world.createSessions({ idleSeconds: 600 });
    const browser = await world.enter(sessions);
    world.advance(299);
    expect((await sessions.authenticate(browser.request())).cookies).toBeUndefined();
    expect(world.exchanges()).toBe(0);
    world.advance(1);
    expect((await sessions.authenticate(browser.request())).cookies?.length).toBe(1);
    expect(world.exchanges()).toBe(1);
  });
});
