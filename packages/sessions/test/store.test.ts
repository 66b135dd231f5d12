import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthResult, NewSession } from "@cloudbase-auth/core";
import { createMemorySessionStore } from "../src/index.ts";
import type { BrowserSessions, Session } from "../src/index.ts";
import { createBrowser } from "./support/browser.ts";
import type { Browser } from "./support/browser.ts";
import { createFaultyStore } from "./support/faulty-store.ts";
import type { FaultyStore } from "./support/faulty-store.ts";
import { createWorld, outcomeOf, secret, sid } from "./support/world.ts";
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

describe("what the store is shown, and the cookie", () => {
  it("RF-12 digests and sealed values only", async () => {
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
    const other = await world.enter(world.createSessions({ store, secret: `other-${secret}` }));
    store.calls.length = 0;
    for (const value of ["x", "a".repeat(43), other.jar.get(sid) ?? ""]) {
      expect(outcomeOf(await browse(createBrowser([[sid, value]])))).toBe("absent");
    }
    expect(store.calls).toEqual([]);
  });

  it("BF-05 a secret in front: the cookie and the value are sealed anew, also when tokens are exchanged, and nobody is signed out", async () => {
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
    const ahead = world.createSessions({ store, secret: [`newest-${secret}`, secret] });
    world.advance(60);
    await ahead.authenticate(browser.request());
    expect(await browse()).toMatchObject({ auth: { state: "absent" } });
    expect(browser.jar.size).toBe(1);
  });

  it("a value that was moved to another session's place opens nothing", async () => {
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
    world.advance(120);
    store.mode = "cannot be written";
    expect(outcomeOf(await browse())).toMatch(/^authenticated/);
  });

  it("it goes away while tokens are exchanged: 503, and within the grace the next request gets on", async () => {
    world.advance(life);
    store.mode = "cannot be written";
    expect(outcomeOf(await browse())).toBe("unavailable 503 service_unavailable");
    store.mode = "well";
    expect(outcomeOf(await browse())).toMatch(/^authenticated/);
    expect(world.exchanges()).toBe(1);
  });
});

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

describe("sessions of one user", () => {
  async function enterAs(person: number, userAgent: string): Promise<Browser> {
    const entered = createBrowser();
    const request = entered.request({ headers: { "user-agent": userAgent } });
    entered.take(await sessions.keeper.start(request, await world.signIn(person)));
    return entered;
  }

  it("are listed, the one that was seen last first, by handles with which nobody gets in", async () => {
    await enterAs(5, "Phone");
    world.advance(60);
    const desk = await enterAs(5, "D".repeat(300));
    await enterAs(6, "Somebody else's");
    const list = await sessions.keeper.list(await sessionOf(desk));
    const [seenAt, handle] = [world.now(), expect.any(String) as unknown];
    expect(list).toEqual([
      { handle, isCurrent: true, startedAt: seenAt, seenAt, userAgent: "D".repeat(200) },
      { handle, isCurrent: false, startedAt: seenAt - 60_000, seenAt: seenAt - 60_000, userAgent: "Phone" },
    ]);
    const { id } = await sessionOf(desk);
    for (const { handle } of list) {
      expect(handle).not.toBe(id);
      expect(outcomeOf(await browse(createBrowser([[sid, handle]])))).toBe("absent");
    }
  });

  it("one is ended by its handle: by its owner, and by nobody else", async () => {
    const [phone, desk, foreign] = [await enterAs(5, "Phone"), await enterAs(5, "Desk"), await enterAs(6, "Foreign")];
    const handle = String(
      (await sessions.keeper.list(await sessionOf(desk))).find((one) => one.userAgent === "Phone")?.handle,
    );
    expect(await sessions.keeper.endOther(await sessionOf(foreign), handle)).toBe(false);
    expect(outcomeOf(await browse(phone))).toMatch(/^authenticated/);
    expect(await sessions.keeper.endOther(await sessionOf(desk), handle)).toBe(true);
    expect(await sessions.keeper.endOther(await sessionOf(desk), handle)).toBe(false);
    expect(outcomeOf(await browse(phone))).toBe("absent");
    expect(phone.jar.size).toBe(0);
    expect(outcomeOf(await browse(desk))).toMatch(/^authenticated/);
  });

  it.each([
    ["this" as const, 1],
    [undefined, 0],
  ] as const)("BF-20 all are ended, but for %s", async (except, left) => {
    const browsers = [await enterAs(5, "a"), await enterAs(5, "b"), await enterAs(5, "c")];
    const foreign = await enterAs(6, "d");
    await sessions.keeper.endAll(await sessionOf(browsers[0]), except);
    const outcomes = [];
    for (const one of browsers) outcomes.push(outcomeOf(await browse(one)).split(" ")[0]);
    expect(outcomes.filter((outcome) => outcome === "authenticated").length).toBe(left);
    if (except === "this") expect(outcomes[0]).toBe("authenticated");
    expect(outcomeOf(await browse(foreign))).toMatch(/^authenticated/);
  });
});

describe("BF-17 BF-19 fixation and replay", () => {
  it("the id and the cookie change at a sign-in, and what there was before is worth nothing", async () => {
    const anonymous = createBrowser();
    anonymous.take(await sessions.keeper.start(anonymous.request(), await world.signInAnonymously()));
    const planted = anonymous.copy();
    const before = await sessionOf(planted);
    anonymous.take(await sessions.keeper.start(anonymous.request(), await world.signIn()));
    expect((await sessionOf(anonymous)).id).not.toBe(before.id);
    expect(outcomeOf(await browse(planted))).toBe("absent");
  });

  it("a sign-in ends the session that the request had, of whoever that was", async () => {
    const old = browser.copy();
    browser.take(await sessions.keeper.start(browser.request(), await world.signIn(1)));
    expect(outcomeOf(await browse(old))).toBe("absent");
    expect(outcomeOf(await browse())).toMatch(/^authenticated/);
  });

  it("the cookie from before a sign-out opens nothing", async () => {
    const copied = browser.copy();
    browser.take(await sessions.keeper.end(browser.request(), await sessionOf()));
    expect(browser.jar.size).toBe(0);
    expect(outcomeOf(await browse(copied))).toBe("absent");
    expect(copied.jar.size).toBe(0);
  });

  it("new tokens of the same user keep the id; those of another, or of a person after an anonymous one, are refused", async () => {
    const session = await sessionOf();
    expect(await sessions.keeper.renew(session, await world.signIn())).toEqual([]);
    expect((await sessionOf()).id).toBe(session.id);
    await expect(sessions.keeper.renew(session, await world.signIn(1))).rejects.toThrow(TypeError);
    const anonymous = await sessionOf(await world.enter(sessions, await world.signInAnonymously()));
    const accessToken = await world.emulator.issueToken({ sub: anonymous.userId });
    const upgraded = { accessToken, tokenType: "Bearer", expiresInSeconds: life, groups: [] };
    await expect(sessions.keeper.renew(anonymous, upgraded)).rejects.toThrow(TypeError);
    await sessions.keeper.endAll(session);
    await expect(sessions.keeper.renew(session, await world.signIn())).rejects.toMatchObject({
      code: "refresh_rejected",
    });
  });
});
