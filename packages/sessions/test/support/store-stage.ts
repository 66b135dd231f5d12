import { afterAll, beforeAll, beforeEach } from "vitest";
import type { AuthResult } from "@cloudbase-auth/core";
import { createMemorySessionStore } from "../../src/index.ts";
import type { BrowserSessions, Session } from "../../src/index.ts";
import type { Browser } from "./browser.ts";
import { createFaultyStore } from "./faulty-store.ts";
import type { FaultyStore } from "./faulty-store.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

/** A process that keeps its sessions in a store which can fail, and a browser in which somebody has signed in. */
export interface StoreStage {
  readonly world: World;
  readonly store: FaultyStore;
  readonly sessions: BrowserSessions;
  readonly browser: Browser;
}

/** Makes one for each test of the file; the functions take its browser and its process unless others are given. */
export function setStoreStage() {
  let world: World;
  let stage: StoreStage;

  beforeAll(async () => {
    world = await createWorld();
  });
  beforeEach(async () => {
    await world.reset();
    const store = createFaultyStore(createMemorySessionStore());
    const sessions = world.createSessions({ store });
    stage = { world, store, sessions, browser: await world.enter(sessions) };
    store.calls.length = 0;
  });
  afterAll(() => world.close());

  const browse = async (one: Browser = stage.browser, of = stage.sessions): Promise<AuthResult> => {
    const result = await of.authenticate(one.request());
    one.take(result.cookies);
    return result;
  };

  const sessionOf = async (one: Browser = stage.browser, of = stage.sessions): Promise<Session> => {
    const opened = await of.keeper.open(one.request());
    if (opened.state !== "open") throw new Error(`the session is ${opened.state}`);
    return opened.session;
  };

  /** `stageOf` gives that of the test that runs. */
  return { browse, sessionOf, stageOf: (): StoreStage => stage };
}
