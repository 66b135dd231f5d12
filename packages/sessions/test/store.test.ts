import { describe, expect, it } from "vitest";
import type { NewSession } from "@cloudbase-auth/core";
import { createMemorySessionStore } from "../src/index.ts";
import { createBrowser } from "./support/browser.ts";
import { outcomeOf, secret, sid } from "./support/world.ts";
import { setStoreStage } from "./support/store-stage.ts";

const life = 7_200;
const { browse, sessionOf, stageOf } = setStoreStage();

describe("what the store is shown, and the cookie", () => {
  it("RF-12 digests and sealed values only", async () => {
    const { world } = stageOf();
    const created: NewSession[] = [];
    const inner = createMemorySessionStore();
    const watched = world.createSessions({
      store: { ...inner, create: (session) => (created.push(session), inner.create(session)) },
    });
    const tokens = await world.signIn(3);
    const entered = await world.enter(watched, tokens);
    const [kept] = created;
    expect(kept?.ttlMs).toBe(604_800_000);
    expect(kept?.id).toMatch(/^[\w-]{43}$/);
    expect(kept?.owner).toMatch(/^[\w-]{43}$/);
    const { id } = await sessionOf(entered, watched);
    const seen =
      JSON.stringify(created) + Buffer.from(String(kept?.value).split(".")[3] ?? "", "base64url").toString("latin1");
    for (const hidden of [tokens.accessToken, tokens.refreshToken, tokens.sub, id]) {
      expect(seen).not.toContain(hidden);
    }
    expect(entered.jar.get(sid)?.length).toBeLessThan(400);
  });

  it("a made-up cookie never gets as far as the store", async () => {
    const { world, store } = stageOf();
    const other = await world.enter(world.createSessions({ store, secret: `other-${secret}` }));
    store.calls.length = 0;
    for (const value of ["x", "a".repeat(43), other.jar.get(sid) ?? ""]) {
      expect(outcomeOf(await browse(createBrowser([[sid, value]])))).toBe("absent");
    }
    expect(store.calls).toEqual([]);
  });

  it("BF-05 a secret in front: the cookie and the value are sealed anew, also when tokens are exchanged, and nobody is signed out", async () => {
    const { world, store, browser } = stageOf();
    const [newest, newer] = [`newest-${secret}`, `newer-${secret}`];
    for (const ring of [[newer, secret], [newest, newer], [newest]]) {
      world.advance(life);
      const rotated = world.createSessions({ store, secret: ring });
      const result = await rotated.authenticate(browser.request());
      expect(outcomeOf(result)).toMatch(/^authenticated/);
      expect(result.cookies?.length).toBe(ring.length === 1 ? undefined : 1);
      browser.take(result.cookies);
    }
    expect(await browse()).toMatchObject({ auth: { state: "absent" } });
    expect(browser.jar.size).toBe(1);
  });

  it("a value that only others can read yet: nobody, and the cookie stays", async () => {
    const { world, store, browser } = stageOf();
    const ahead = world.createSessions({ store, secret: [`newest-${secret}`, secret] });
    world.advance(60);
    await ahead.authenticate(browser.request());
    expect(await browse()).toMatchObject({ auth: { state: "absent" } });
    expect(browser.jar.size).toBe(1);
  });

  it("a value that was moved to another session's place opens nothing", async () => {
    const { world } = stageOf();
    const inner = createMemorySessionStore();
    const values = new Map<string, string>();
    const moving = world.createSessions({
      store: {
        ...inner,
        create: (session) => (values.set(session.id, session.value), inner.create(session)),
        load: async (id) => {
          const loaded = await inner.load(id);
          const foreign = [...values].find(([other]) => other !== id)?.[1];
          return loaded && { ...loaded, value: foreign ?? loaded.value };
        },
      },
    });
    const entered = await world.enter(moving, await world.signIn(1));
    expect(outcomeOf(await browse(entered, moving))).toMatch(/^authenticated/);
    await world.enter(moving, await world.signIn(2));
    expect(outcomeOf(await browse(entered, moving))).toBe("absent");
  });
});

describe("F33 F34 F35 the store is out of reach", () => {
  it.each(["rejects", "hangs", "throws"] as const)(
    "it %s: 503 and the cookie stays; bearer requests go on",
    async (mode) => {
      const { world, store, sessions } = stageOf();
      store.mode = mode;
      const startedAt = performance.now();
      const result = await browse();
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      expect(outcomeOf(result)).toBe("unavailable 503 service_unavailable");
      expect(result.auth).toMatchObject({ error: { reason: "session_store", headers: { "Retry-After": "1" } } });
      expect(result.cookies).toBeUndefined();
      const { accessToken } = await world.signIn();
      const bearer = { method: "GET", headers: { authorization: `Bearer ${accessToken}` } };
      expect(outcomeOf(await sessions.authenticate(bearer))).toMatch(/^authenticated/);
      expect(outcomeOf(await sessions.authenticate(createBrowser([[sid, "x"]]).request()))).toBe("absent");
      store.mode = "well";
      expect(outcomeOf(await browse())).toMatch(/^authenticated/);
    },
  );

  it("every call of the keeper rejects with 503", async () => {
    const { world, store, sessions, browser } = stageOf();
    const session = await sessionOf();
    const tokens = await world.signIn();
    store.mode = "rejects";
    const { keeper } = sessions;
    const calls = [
      () => keeper.start(browser.request(), tokens),
      () => keeper.renew(session, tokens),
      () => keeper.end(browser.request(), session),
      () => keeper.end(browser.request(), undefined),
      () => keeper.endAll(session),
      () => keeper.list(session),
      () => keeper.endOther(session, "x"),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({ code: "service_unavailable", reason: "session_store", status: 503 });
    }
  });

  it("F36 it can be read and not written: nobody is turned away for not being noted as seen", async () => {
    const { world, store } = stageOf();
    world.advance(120);
    store.mode = "cannot be written";
    expect(outcomeOf(await browse())).toMatch(/^authenticated/);
  });

  it("it goes away while tokens are exchanged: 503, and within the grace the next request gets on", async () => {
    const { world, store } = stageOf();
    world.advance(life);
    store.mode = "cannot be written";
    expect(outcomeOf(await browse())).toBe("unavailable 503 service_unavailable");
    store.mode = "well";
    expect(outcomeOf(await browse())).toMatch(/^authenticated/);
    expect(world.exchanges()).toBe(1);
  });
});
