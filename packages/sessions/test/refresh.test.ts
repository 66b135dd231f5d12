import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthResult } from "@cloudbase-auth/core";
import type { BrowserSessions } from "../src/index.ts";
import { isRefreshDue } from "../src/session-times.ts";
import { browse, createStarter, idOf, kinds, life } from "./support/processes.ts";
import { createWorld, outcomeOf } from "./support/world.ts";
import type { World } from "./support/world.ts";

let world: World;
const starter = createStarter(() => world);
const { createProcess, createProcesses } = starter;

beforeAll(async () => {
  world = await createWorld({ refreshPolicy: "family ends on reuse" });
});
beforeEach(async () => {
  await world.reset();
  starter.time = 0;
});
afterAll(() => world.close());

const tokenOf = ({ auth }: AuthResult): string | undefined => (auth.state === "authenticated" ? auth.token : undefined);

describe.each(kinds)("refresh in passing, with a %s", (kind) => {
  it("nothing is asked while the token is good, and no cookie is set", async () => {
    const sessions = createProcess(kind);
    const browser = await world.enter(sessions);
    world.advance(50);
    const result = await sessions.authenticate(browser.request());
    expect(result.cookies).toBeUndefined();
    expect(result.headers).toEqual({ Vary: "Cookie", "Cache-Control": "private" });
    expect(world.exchanges()).toBe(0);
  });

  it("an ended token is exchanged, once, and the session goes on under its id", async () => {
    const sessions = createProcess(kind);
    const browser = await world.enter(sessions);
    const before = await idOf(sessions, browser);
    world.advance(life);
    expect(outcomeOf(await browse(sessions, browser))).toMatch(/^authenticated/);
    expect(outcomeOf(await browse(sessions, browser))).toMatch(/^authenticated/);
    expect(world.exchanges()).toBe(1);
    expect(await idOf(sessions, browser)).toBe(before);
  });

  it("F26 100 requests at once: one exchange, one token, and the session lives on", async () => {
    const sessions = createProcess(kind);
    const browser = await world.enter(sessions);
    world.advance(life);
    const results = await Promise.all(
      Array.from({ length: 100 }, async () => sessions.authenticate(browser.request())),
    );
    expect(new Set(results.map(tokenOf)).size).toBe(1);
    expect(results.every(({ auth }) => auth.state === "authenticated")).toBe(true);
    expect(world.exchanges()).toBe(1);
    browser.take(results.at(-1)?.cookies);
    world.advance(life);
    starter.time += life * 1_000;
    expect(outcomeOf(await browse(sessions, browser))).toMatch(/^authenticated/);
  });

  it("F27 F28 100 requests at once to four processes: the same", async () => {
    const processes = createProcesses(kind, 4);
    const [first] = processes;
    const browser = await world.enter(first as BrowserSessions);
    world.advance(life);
    const results = await Promise.all(
      Array.from({ length: 100 }, async (_, n) =>
        (processes[n % 4] as BrowserSessions).authenticate(browser.request()),
      ),
    );
    expect(new Set(results.map(tokenOf)).size).toBe(1);
    expect(results.every(({ auth }) => auth.state === "authenticated")).toBe(true);
    expect(world.exchanges()).toBe(1);
  });

  it("F30 a second tab that still has the old cookie: within 10 seconds the same token, no other exchange", async () => {
    const sessions = createProcess(kind);
    const browser = await world.enter(sessions);
    const tab = browser.copy();
    world.advance(life);
    const result = await browse(sessions, browser);
    starter.time += 9_000;
    expect(tokenOf(await browse(sessions, tab))).toBe(tokenOf(result));
    expect(world.exchanges()).toBe(1);
  });

  it("RF-07 twenty exchanges do not move the absolute end", async () => {
    const sessions = createProcess(kind, { absoluteSeconds: 20 * life + 100 });
    const browser = await world.enter(sessions);
    for (let round = 0; round < 20; round += 1) {
      world.advance(life);
      starter.time += life * 1_000;
      expect(outcomeOf(await browse(sessions, browser)), `round ${String(round)}`).toMatch(/^authenticated/);
    }
    world.advance(99);
    expect(outcomeOf(await browse(sessions, browser))).toMatch(/^authenticated/);
    world.advance(1);
    expect(outcomeOf(await browse(sessions, browser))).toBe("absent");
    expect(browser.jar.size).toBe(0);
  });

  it("RF-05 CVE-2025-67490 50 users, each 40 times, in between each other: 0 swaps", async () => {
    const processes = createProcesses(kind, 2);
    const users = await Promise.all(
      Array.from({ length: 50 }, async (_, person) => {
        const tokens = await world.signIn(person);
        return { sub: String(tokens.sub), browser: await world.enter(processes[0] as BrowserSessions, tokens) };
      }),
    );
    world.advance(life);
    const rounds = Array.from({ length: 40 }, (_, round) => round);
    const answers = await Promise.all(
      rounds.flatMap((round) =>
        users.map(async ({ sub, browser }) => {
          const sessions = processes[round % 2] as BrowserSessions;
          return `${outcomeOf(await sessions.authenticate(browser.request()))} ${sub}`;
        }),
      ),
    );
    const swapped = answers.filter((answer) => !/^authenticated (\S+) \1$/.test(answer));
    expect(swapped).toEqual([]);
    expect(answers.length).toBe(2_000);
    expect(world.exchanges()).toBe(50);
  });
});

describe("RF-13 no storm", () => {
  it("1,000 sessions that began at once: their exchanges are spread over more than half a minute", async () => {
    const sessions = createProcess("sealed cookie");
    const tokens = await world.signIn();
    const due: number[] = [];
    const opened = await sessions.keeper.open((await world.enter(sessions, tokens)).request());
    if (opened.state !== "open") throw new Error("there is no session");
    for (let n = 0; n < 1_000; n += 1) {
      const session = { ...opened.session, id: `${opened.session.id}${String(n)}` };
      const end = session.accessTokenEndsAt;
      let [yes, no] = [0, 256];
      while (no - yes > 1) {
        const middle = (yes + no) / 2;
        if (isRefreshDue(session, end - middle * 1_000)) yes = middle;
        else no = middle;
      }
      due.push(yes);
    }
    due.sort((a, b) => a - b);
    expect((due[989] ?? 0) - (due[10] ?? 0)).toBeGreaterThanOrEqual(30);
    expect(due[0]).toBeGreaterThanOrEqual(59);
    expect(due.at(-1)).toBeLessThanOrEqual(180);
  });
});
