import { describe, expect, it } from "vitest";
import { outcomeOf } from "./support/world.ts";
import { setStoreStage } from "./support/store-stage.ts";

const life = 7_200;
const { browse, sessionOf, stageOf } = setStoreStage();

describe("RF-05 races with a store", () => {
  /** The token ends, and the session was seen less than a minute ago: that alone is no reason to write anything. */
  async function endToken(): Promise<void> {
    const { world } = stageOf();
    world.advance(life - 59);
    world.emulator.failNext("POST /auth/v1/token", { kind: "status", status: 500, body: {} });
    await browse();
    world.advance(59);
    world.emulator.requests.clear();
  }

  it("somebody writes something else in between: the exchange is put down all the same", async () => {
    const { world, store } = stageOf();
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
    const { world, store, sessions, browser } = stageOf();
    const other = world.createSessions({ store });
    world.advance(60);
    const requests = [sessions, other].map(async (process) => process.authenticate(browser.request()));
    for (const result of await Promise.all(requests)) expect(outcomeOf(result)).toMatch(/^authenticated/);
    // The second one's was not done, and it does not try again.
    expect(store.calls.filter((call) => call === "replace").length).toBe(2);
  });

  it("another process has put new tokens down: those are used, and its work is not undone", async () => {
    const { world, store, sessions } = stageOf();
    const session = await sessionOf();
    await endToken();
    const others = await world.signIn();
    store.beforeReplace = () => sessions.keeper.renew(session, others);
    await browse();
    expect((await sessionOf()).accessToken).toBe(others.accessToken);
  });

  it("signed out while the server was asked: it stays so, the new token is good for nothing, and the cookie goes", async () => {
    const { store, sessions, browser } = stageOf();
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
    const { world, store, browser } = stageOf();
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
