import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TokenSet } from "@cloudbase-auth/core";
import { SessionTooLargeError } from "../src/index.ts";
import type { BrowserSessions } from "../src/index.ts";
import { createCookieWriter } from "../src/cookie-writer.ts";
import { createSealedCookie } from "../src/sealed-cookie.ts";
import { createSealer } from "../src/sealer.ts";
import { createBrowser } from "./support/browser.ts";
import { createWorld, outcomeOf, secret, sid } from "./support/world.ts";
import type { World } from "./support/world.ts";

let world: World;
let sessions: BrowserSessions;
/** The cookies of two sessions, each in two pieces. */
let one: readonly [string, string];
let two: readonly [string, string];

beforeAll(async () => {
  world = await createWorld();
  sessions = world.createSessions();
  one = await enterInPieces();
  two = await enterInPieces();
});
afterAll(() => world.close());

/** A user of whom the token tells a lot. */
async function longTokens(length: number): Promise<TokenSet> {
  const accessToken = await world.emulator.issueToken({ about: "x".repeat(length) });
  return { accessToken, tokenType: "Bearer", expiresInSeconds: 7_200, groups: [] };
}

async function enterInPieces(): Promise<readonly [string, string]> {
  const browser = await world.enter(sessions, await longTokens(2_000));
  expect([...browser.jar.keys()]).toEqual([sid, `${sid}.1`]);
  return [browser.jar.get(sid) ?? "", browser.jar.get(`${sid}.1`) ?? ""];
}

const second = `${sid}.1`;

describe("BF-07 BF-08 F42 pieces of a cookie", () => {
  // What stands under which name, in the order of the header: `one0` is the first piece of session one.
  it.each([
    ["both", "first=one0 second=one1", "authenticated", 0],
    ["the second first", "second=one1 first=one0", "authenticated", 0],
    ["the second is missing", "first=one0", "absent", 1],
    ["the first is missing", "second=one1", "absent", 1],
    ["each under the other's name", "first=one1 second=one0", "absent", 0],
    ["the first twice", "first=one0 second=one0", "absent", 2],
    ["the first of one, the second of another", "first=one0 second=two1", "absent", 2],
    ["a stale second beside the right one", "first=one0 second=two1 second=one1", "authenticated", 0],
    ["garbage beside each", "first=x first=one0 second=one1 second=x", "authenticated", 0],
    ["each twice", "first=one0 first=one0 second=one1 second=one1", "authenticated", 0],
    ["an unknown third", "first=one0 second=one1 third=x", "authenticated", 0],
    ["an unknown eleventh", "eleventh=x first=one0 second=one1", "authenticated", 0],
    ["two whole ones", "first=one0 second=one1 first=two0 second=two1", "rejected", 0],
    ["the second cut off", "first=one0 second=cut", "absent", 2],
  ] as const)("%s: %s", async (_, spelled, outcome, expired) => {
    const names = { first: sid, second, third: `${sid}.2`, eleventh: `${sid}.10` };
    const values = { one0: one[0], one1: one[1], two0: two[0], two1: two[1], x: "x", cut: one[1].slice(0, -1) };
    const pair = (__: string, name: keyof typeof names, value: keyof typeof values) =>
      `${names[name]}=${values[value]}; `;
    const cookie = spelled.replaceAll(/(\w+)=(\w+) ?/g, pair);
    const result = await sessions.authenticate({ method: "GET", headers: { cookie } });
    expect(result.auth.state).toBe(outcome);
    // Whatever is no good any more is taken away; whatever somebody else may still read is not.
    expect(result.cookies?.filter((line) => line.includes("Max-Age=0")).length ?? 0).toBe(expired);
  });

  it("a session that needs fewer takes the others away, also those beyond the tenth, and nobody else's", async () => {
    const names = [second, `${sid}.2`, `${sid}.9`, `${sid}.10`, `${sid}.11`, `${sid}.999`];
    const foreign = [`${sid}.x`, `${sid}.01`, `${sid}.-1`, `${sid}.1.1`, `${sid}s`, "sid.1", "other"];
    const browser = createBrowser([...names, ...foreign].map((name) => [name, "stale"]));
    browser.take(await sessions.keeper.start(browser.request(), await world.signIn()));
    expect([...browser.jar.keys()].sort()).toEqual([sid, ...foreign].sort());
    expect(outcomeOf(await sessions.authenticate(browser.request()))).toMatch(/^authenticated/);
    browser.take(await sessions.keeper.end(browser.request(), undefined));
    expect([...browser.jar.keys()].sort()).toEqual([...foreign].sort());
  });

  it("a thousand names that somebody made up make no answer too long", async () => {
    const browser = createBrowser(Array.from({ length: 1_000 }, (_, n) => [`${sid}.${String(n + 2)}`, "x"]));
    const lines = await sessions.keeper.start(browser.request(), await world.signIn());
    expect(lines.length).toBeLessThanOrEqual(21);
  });
});

describe("BF-06 F40 sizes", () => {
  const cookie = createSealedCookie(
    sid,
    createSealer([secret], "session"),
    createCookieWriter({ secure: true, sameSite: "strict" }),
  );

  it("of every length each cookie has at most 4096 bytes and all together 7168, and what is in them comes back", async () => {
    const counts = new Set<number>();
    for (let length = 0; length <= 5_100; length += length > 2_700 && length < 2_950 ? 1 : 50) {
      const value = new Uint8Array(length).fill(length % 251);
      const lines = await cookie.write(createBrowser().request(), value, 34_560_000);
      const browser = createBrowser();
      browser.take(lines);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(4_096);
      expect(browser.cookieHeader().length).toBeLessThanOrEqual(7_168);
      const read = await cookie.read(browser.request());
      expect(read.kind === "one" && Buffer.compare(read.bytes, value)).toBe(0);
      counts.add(lines.length);
    }
    expect([...counts]).toEqual([1, 2]);
  });

  it("what is too long is an error before anything is sent, and says what to do", async () => {
    await expect(cookie.write(undefined, new Uint8Array(5_300), 60)).rejects.toThrow(SessionTooLargeError);
    const starting = sessions.keeper.start(createBrowser().request(), await longTokens(4_500));
    await expect(starting).rejects.toThrow(/7168 .* give createSessions\(\) a store/);
  });
});
