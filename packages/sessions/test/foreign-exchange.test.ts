import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TokenSet } from "@cloudbase-auth/core";
import type { BrowserSessions } from "../src/index.ts";
import { browse, createStarter, kinds, life } from "./support/processes.ts";
import type { Kind } from "./support/processes.ts";
import { createWorld, outcomeOf, sid } from "./support/world.ts";
import type { World } from "./support/world.ts";

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

/** A process whose server answers every exchange with these tokens. */
function exchangingFor(kind: Kind, tokens: () => TokenSet): BrowserSessions {
  const real = world.createAuth();
  return createProcess(kind, { auth: { ...real, client: real.client, refresh: () => Promise.resolve(tokens()) } });
}

describe("CVE-2025-67490 an exchange that gives another user's tokens", () => {
  it.each(kinds)("with a %s: nobody gets them, and the session is not lost", async (kind) => {
    const others = await world.signIn(1);
    const sessions = exchangingFor(kind, () => others);
    const browser = await world.enter(sessions);
    world.advance(life);
    for (let round = 0; round < 2; round += 1) {
      expect(outcomeOf(await browse(sessions, browser))).toBe("unavailable 503 service_unavailable");
    }
    expect(browser.jar.size).toBe(1);
  });
});

describe("RF-08 an exchange, and the scope of the sign-in (RFC 6749 §6)", () => {
  const scoped = async (tokens: TokenSet, scope: string | undefined): Promise<TokenSet> => ({
    ...tokens,
    accessToken: await world.emulator.issueToken({ sub: tokens.sub, scope }),
  });

  it.each(kinds)("that gives more ends the session with a %s, and the operator is told", async (kind) => {
    const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    try {
      const tokens = await world.signIn();
      const wider = await scoped(tokens, "user sso admin");
      const sessions = exchangingFor(kind, () => wider);
      const browser = await world.enter(sessions, await scoped(tokens, "user sso"));
      world.advance(life - 1);
      expect(outcomeOf(await browse(sessions, browser))).toBe("rejected 401 refresh_rejected");
      expect(browser.jar.has(sid)).toBe(false);
      expect(emitWarning.mock.calls).toEqual([
        [expect.stringContaining("more scope than the sign-in"), { code: "CLOUDBASE_AUTH_SESSION" }],
      ]);
      const bearer = { headers: { authorization: `Bearer ${wider.accessToken}` } };
      await expect
        .poll(async () => outcomeOf(await sessions.auth.authenticate(bearer)))
        .toBe("rejected 401 invalid_token");
    } finally {
      emitWarning.mockRestore();
    }
  });

  it.each(kinds)("that gives less, and then all of it again, goes on with a %s", async (kind) => {
    const tokens = await world.signIn();
    let next = await scoped(tokens, "user");
    const sessions = exchangingFor(kind, () => next);
    const browser = await world.enter(sessions, await scoped(tokens, "user sso"));
    for (const scope of ["user", "sso user"]) {
      world.advance(life);
      next = await scoped(tokens, scope);
      const { auth } = await browse(sessions, browser);
      expect(auth).toMatchObject({ state: "authenticated", scopes: scope.split(" ") });
    }
  });

  it.each(kinds)("that gives some, where the sign-in said nothing, goes on with a %s", async (kind) => {
    const tokens = await world.signIn();
    const next = await scoped(tokens, "user");
    const sessions = exchangingFor(kind, () => next);
    const browser = await world.enter(sessions, await scoped(tokens, undefined));
    world.advance(life - 1);
    expect(outcomeOf(await browse(sessions, browser))).toMatch(/^authenticated/);
  });

  it.each(kinds)("renewed by the application with a %s: more is refused", async (kind) => {
    const sessions = createProcess(kind);
    const tokens = await world.signIn();
    const browser = await world.enter(sessions, await scoped(tokens, "user"));
    const opened = await sessions.keeper.open(browser.request());
    if (opened.state !== "open") throw new Error(`the session is ${opened.state}`);
    const wider = await scoped(tokens, "user admin");
    await expect(sessions.keeper.renew(opened.session, wider)).rejects.toMatchObject({ code: "refresh_rejected" });
  });
});
