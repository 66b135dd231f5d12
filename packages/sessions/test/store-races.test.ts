import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthResult } from "@cloudbase-auth/core";
import { createMemorySessionStore } from "../src/index.ts";
import type { BrowserSessions, Session } from "../src/index.ts";
import type { Browser } from "./support/browser.ts";
import { createFaultyStore } from "./support/faulty-store.ts";
import type { FaultyStore } from "./support/faulty-store.ts";
import { createWorld, outcomeOf } from "./support/world.ts";
import type { World } from "./support/world.ts";

const life = 7_200;
let world: World;
let store: FaultyStore;
let sessions: BrowserSessions;
let browser: Browser;

beforeAll(async () => {
  world = await createWorld();
});
beforeEach(async () => {
  await world.reset();
  store = createFaultyStore(createMemorySessionStore());
  sessions = world.createSessions({ store });
  browser = await world.enter(sessions);
  store.calls.length = 0;
});
afterAll(() => world.close());

async function browse(one: Browser = browser, of = sessions): Promise<AuthResult> {
  const result = await of.authenticate(one.request());
  one.take(result.cookies);
  return result;
}

async function sessionOf(one: Browser = browser, of = sessions): Promise<Session> {
  const opened = await of.keeper.open(one.request());
  if (opened.state !== "open") throw new Error(`the session is ${opened.state}`);
  return opened.session;
}

describe("RF-05 races with a store", () => {
  /** The token ends, and the session was seen less than a minute ago: that alone is no reason to write anything. */
  async function endToken(): Promise<void> {
    world.advance(life - 59);
    world.emulator.failNext("POST /auth/v1/token", { kind: "status", status: 500, body: {} });
    await browse();
    world.advance(59);
    world.emulator.requests.clear();
  }

  it("somebody writes something else in between: the exchange is put down all the same", async () => {
    await endToken();
    store.beforeReplace = async ({ id, ttlMs }) => {
      const stored = await store.load(id);
      if (stored === undefined) throw new Error("there is no session");
      await store.replace({ ...stored, id, ttlMs });
    };
    const result = await browse();
    expect(result.auth).toMatchObject({ state: "authenticated", token: (await sessionOf()).accessToken });
    expect(store.calls.filter((call) => call === "replace").length).toBe(4);
    expect(world.exchanges()).toBe(1);
  });

  it("two processes see it at the same time: it is written once", async () => {
    const other = world.createSessions({ store });
    world.advance(60);
    const requests = [sessions, other].map(async (process) => process.authenticate(browser.request()));
    for (const result of await Promise.all(requests)) expect(outcomeOf(result)).toMatch(/^authenticated/);
    // The second one's was not done, and it does not try again.
    expect(store.calls.filter((call) => call === "replace").length).toBe(2);
  });

  it("another process has put new tokens down: those are used, and its work is not undone", async () => {
    const session = await sessionOf();
    await endToken();
    const others = await world.signIn();
    store.beforeReplace = () => sessions.keeper.renew(session, others);
    await browse();
    expect((await sessionOf()).accessToken).toBe(others.accessToken);
  });

  it("signed out while the server was asked: it stays so, the new token is good for nothing, and the cookie goes", async () => {
    const session = await sessionOf();
    const stale = browser.copy();
    await endToken();
    store.beforeReplace = () => sessions.keeper.end(browser.request(), session);
    const result = await browse();
    expect(outcomeOf(result)).toBe("absent");
    expect(browser.jar.size).toBe(0);
    expect(outcomeOf(await browse(stale))).toBe("absent");
    await expect.poll(() => sessions.auth.status().revocations.entries).toBe(1);
  });

  it("the server refuses a token that another process has exchanged since: what that one has put down is used", async () => {
    await endToken();
    let others: Promise<unknown> | undefined;
    const slow = world.createSessions({
      store: {
        ...store,
        async load(id) {
          const loaded = await store.load(id);
          await (others ??= browse());
          return loaded;
        },
      },
    });
    const result = await slow.authenticate(browser.request());
    expect(outcomeOf(result)).toMatch(/^authenticated/);
    expect(result.auth).toMatchObject({ token: (await sessionOf()).accessToken });
    expect(
      world.emulator.requests
        .entries()
        .map(({ error }) => error)
        .filter(Boolean),
    ).toEqual(["invalid_grant"]);
    expect(world.exchanges()).toBe(2);
  });
});
