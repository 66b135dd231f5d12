import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BrowserSessions } from "../src/index.ts";
import type { Browser } from "./support/browser.ts";
import { browse, createStarter, idOf, kinds, life } from "./support/processes.ts";
import { createWorld, outcomeOf, sid } from "./support/world.ts";
import type { World } from "./support/world.ts";

const tokenEndpoint = "POST /auth/v1/token";

let world: World;
const starter = createStarter(() => world);
const { createProcess } = starter;

beforeAll(async () => {
  world = await createWorld({ refreshPolicy: "family ends on reuse" });
});
beforeEach(async () => {
  await world.reset();
  starter.time = 0;
});
afterAll(() => world.close());

/** RF-09: what the server says, and what becomes of a session whose token has ended, and of one whose token has not. */
const trouble = [
  ["a reset connection", { kind: "reset" }, "unavailable 503 service_unavailable", "authenticated"],
  ["garbage", { kind: "garbage" }, "unavailable 503 service_unavailable", "authenticated"],
  ["500", { kind: "status", status: 500, body: {} }, "unavailable 503 service_unavailable", "authenticated"],
  ["429", { kind: "status", status: 429, body: {} }, "unavailable 503 service_unavailable", "authenticated"],
  [
    "invalid_client",
    { kind: "error", error: "invalid_client" },
    "unavailable 503 service_unavailable",
    "authenticated",
  ],
  [
    "unauthorized_client",
    { kind: "status", status: 400, body: { error: "unauthorized_client" } },
    "unavailable 503 service_unavailable",
    "authenticated",
  ],
  [
    "an error that is not invalid_grant but says so",
    {
      kind: "status",
      status: 503,
      body: { error: "temporarily_unavailable", error_description: "not invalid_grant" },
    },
    "unavailable 503 service_unavailable",
    "authenticated",
  ],
  ["invalid_grant", { kind: "error", error: "invalid_grant" }, "rejected 401 refresh_rejected", "rejected"],
] as const;

describe.each(kinds)("RF-09 what ends a session and what does not, with a %s", (kind) => {
  it.each(trouble)("%s", async (_, fault, whenEnded, whenGood) => {
    const sessions = createProcess(kind);
    const [ended, good] = [await world.enter(sessions), await world.enter(sessions, await world.signIn(1))];
    const kept = fault.kind !== "error" || fault.error !== "invalid_grant";

    world.advance(life - 30);
    world.emulator.failNext(tokenEndpoint, fault);
    expect((await browse(sessions, good)).auth.state).toBe(whenGood);
    expect(good.jar.has(sid)).toBe(kept);

    world.advance(30);
    world.emulator.failNext(tokenEndpoint, fault);
    const result = await browse(sessions, ended);
    expect(outcomeOf(result)).toBe(whenEnded);
    expect(ended.jar.has(sid)).toBe(kept);
    if (result.auth.state === "unavailable") {
      expect(Number(result.auth.error.headers["Retry-After"])).toBeGreaterThanOrEqual(1);
    }
    expect(outcomeOf(await browse(sessions, ended))).toMatch(kept ? /^authenticated/ : /^absent/);
  });

  it("a server that does not answer", async () => {
    const auth = world.createAuth({ client: { timeoutMs: 250 } });
    const sessions = createProcess(kind, { auth });
    const browser = await world.enter(sessions);
    world.emulator.failNext(tokenEndpoint, { kind: "hang" }, 2);
    world.advance(life - 30);
    expect((await browse(sessions, browser)).auth.state).toBe("authenticated");
    world.advance(30);
    expect(outcomeOf(await browse(sessions, browser))).toBe("unavailable 503 service_unavailable");
    expect((await browse(sessions, browser)).auth.state).toBe("authenticated");
  });

  it("a server in trouble is left alone while the tokens are good, and asked again when they have ended", async () => {
    const sessions = createProcess(kind);
    const browsers = await Promise.all([0, 1, 2].map(async (n) => world.enter(sessions, await world.signIn(n))));
    world.advance(life - 30);
    world.emulator.failNext(tokenEndpoint, { kind: "status", status: 500, body: {} }, 100);
    for (const browser of [...browsers, ...browsers]) {
      expect((await browse(sessions, browser)).auth.state).toBe("authenticated");
    }
    expect(world.exchanges()).toBe(1);
    world.advance(30);
    for (const browser of browsers) expect((await browse(sessions, browser)).auth.state).toBe("unavailable");
    expect(world.exchanges()).toBe(4);
  });

  it("without a refresh token it ends with its access token", async () => {
    const sessions = createProcess(kind);
    const browser = await world.enter(sessions, await world.signInAnonymously());
    expect((await browse(sessions, browser)).user).toMatchObject({ isAnonymous: true });
    world.advance(life);
    expect(outcomeOf(await browse(sessions, browser))).toBe("absent");
    expect(browser.jar.size).toBe(0);
    expect(world.exchanges()).toBe(0);
  });

  it("RFC 6749 §6 a server that gives no other refresh token leaves the old one in force", async () => {
    const [tokens, { refreshToken: _, ...others }] = [await world.signIn(), await world.signIn()];
    const real = world.createAuth();
    const auth = { ...real, client: real.client, refresh: () => Promise.resolve(others) };
    const sessions = createProcess(kind, { auth });
    const browser = await world.enter(sessions, tokens);
    world.advance(life);
    const opened = await sessions.keeper.open(browser.request());
    const { accessToken } = others;
    expect(opened).toMatchObject({ state: "open", session: { accessToken, refreshToken: tokens.refreshToken } });
  });

  it("a token that was revoked here is signed out, and not exchanged for another", async () => {
    const sessions = createProcess(kind);
    const tokens = await world.signIn();
    const browser = await world.enter(sessions, tokens);
    await sessions.auth.revoke(tokens.accessToken);
    expect(outcomeOf(await browse(sessions, browser))).toBe("rejected 401 invalid_token");
    expect(browser.jar.size).toBe(0);
    expect(world.exchanges()).toBe(0);
  });
});

describe("tokens that are no good here, though the server gave them", () => {
  it("are mended by others once they are a minute old, so that nothing goes round in a circle", async () => {
    const browser = await world.enter(createProcess("sealed cookie"));
    await world.emulator.rotateKeys();
    await world.emulator.rotateKeys();
    const restarted = createProcess("sealed cookie");
    for (let round = 0; round < 3; round += 1) {
      expect(outcomeOf(await restarted.authenticate(browser.request()))).toBe("rejected 401 invalid_token");
    }
    expect(world.exchanges()).toBe(0);
    world.advance(60);
    expect(outcomeOf(await browse(restarted, browser))).toMatch(/^authenticated/);
    expect(world.exchanges()).toBe(1);
  });
});

describe("F29 what was exchanged and not written down, as when a process dies", () => {
  async function die(sessions: BrowserSessions): Promise<Browser> {
    const tokens = await world.signIn();
    const browser = await world.enter(sessions, tokens);
    const session = await idOf(sessions, browser);
    world.advance(life);
    await sessions.auth.refresh(String(tokens.refreshToken), { session, environment: "demo" });
    return browser;
  }

  it.each(kinds)("with a %s: within the grace the same successor", async (kind) => {
    const sessions = createProcess(kind);
    const browser = await die(sessions);
    starter.time += 9_999;
    expect(outcomeOf(await browse(sessions, browser))).toMatch(/^authenticated/);
    expect(world.exchanges()).toBe(1);
  });

  it.each(kinds)("with a %s: after it one sign-in, and no loop", async (kind) => {
    const sessions = createProcess(kind);
    const browser = await die(sessions);
    starter.time += 10_000;
    const result = await browse(sessions, browser);
    expect(outcomeOf(result)).toBe("rejected 401 refresh_rejected");
    expect(result.headers).toEqual({ Vary: "Cookie", "Cache-Control": "no-store" });
    expect(browser.jar.size).toBe(0);
    expect(outcomeOf(await browse(sessions, browser))).toBe("absent");
    expect(world.exchanges()).toBe(1);
  });
});
