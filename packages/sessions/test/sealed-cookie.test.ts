import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthRequest, TokenSet } from "@cloudbase-auth/core";
import type { BrowserSessions } from "../src/index.ts";
import { createBrowser } from "./support/browser.ts";
import type { Browser } from "./support/browser.ts";
import { mutate, nasties } from "./support/mutants.ts";
import { createWorld, origin, outcomeOf, secret, sid } from "./support/world.ts";
import type { World } from "./support/world.ts";

const secrets = ["one", "two", "three"].map((name) => `${name}-${secret}`);

let world: World;
let sessions: BrowserSessions;
let tokens: TokenSet;
let browser: Browser;

beforeAll(async () => {
  world = await createWorld();
  sessions = world.createSessions();
  tokens = await world.signIn();
});
beforeEach(async () => {
  browser = await world.enter(sessions, tokens);
});
afterAll(() => world.close());

const ask = async (request: AuthRequest, of = sessions): Promise<string> => outcomeOf(await of.authenticate(request));
const withCookie = (cookie: string): AuthRequest => ({ method: "GET", headers: { cookie } });
const sealed = (): string => browser.jar.get(sid) ?? "";

describe("BF-01 BF-02 the cookie", () => {
  it("is Secure, HttpOnly, SameSite, of the whole host and of no other, under a __Host- name", async () => {
    const [line, ...others] = await sessions.keeper.start(createBrowser().request(), tokens);
    expect(others).toEqual([]);
    expect(line?.replace(/=[^;]+/, "=…")).toBe(
      "__Host-cb.sid=…; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax",
    );
    expect(line?.length).toBeLessThanOrEqual(4_096);
  });

  it.each([
    [{ origin: "http://localhost:3000" }, /^cb\.sid=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/],
    [{ origin: "http://127.0.0.1:3000", cookie: { prefix: "__Host-Http-" } }, /^cb\.sid=[^;]+; [^S]+; SameSite=Lax$/],
    [{ origin, sameSite: "strict" }, /; Secure; SameSite=Strict$/],
    [{ origin, cookie: { name: "shop", prefix: "__Host-Http-" } }, /^__Host-Http-shop\.sid=/],
  ] as const)("with %j", async (options, form) => {
    const other = world.createSessions(options);
    const entered = createBrowser();
    const lines = await other.keeper.start(entered.request(), tokens);
    expect(lines).toEqual([expect.stringMatching(form)]);
    entered.take(lines);
    expect(await ask(entered.request(), other)).toBe(`authenticated ${String(tokens.sub)}`);
  });

  it("BF-19 is taken away with the same attributes", async () => {
    expect(await sessions.keeper.end(browser.request(), undefined)).toEqual([
      "__Host-cb.sid=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax",
    ]);
  });

  it("BF-03 BF-23 shows nothing of what is in it", () => {
    const shown = sealed()
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("latin1"));
    for (const hidden of [tokens.accessToken, tokens.refreshToken, tokens.sub]) {
      expect(shown.some((part) => part.includes(String(hidden)))).toBe(false);
    }
    expect(JSON.parse(shown[0] ?? "")).toEqual({
      ...{ alg: "dir", enc: "A256GCM", typ: "cb-session" },
      kid: expect.stringMatching(/^[\w-]{11}$/) as unknown,
    });
  });

  it("is another one with every sign-in, and so is the session's id (BF-17)", async () => {
    const again = await world.enter(sessions, tokens);
    expect(again.jar.get(sid)).not.toBe(sealed());
    const ids = await Promise.all([browser, again].map(async (one) => idOf(one)));
    expect(new Set(ids).size).toBe(2);
  });
});

async function idOf(one: Browser): Promise<string> {
  const opened = await sessions.keeper.open(one.request());
  if (opened.state !== "open") throw new Error(`the session is ${opened.state}`);
  return opened.session.id;
}

describe("BF-04 F41 a changed cookie is no cookie", () => {
  it("10,000 mutants: 0 accepted, 0 thrown", async () => {
    const original = sealed();
    expect(await ask(withCookie(`${sid}=${original}`))).toMatch(/^authenticated/);
    const outcomes = new Map<string, number>();
    const mutants = [...mutate(original, 10_000, 20_261_124)];
    // Many at once, as decryption goes on beside this thread.
    for (let from = 0; from < mutants.length; from += 200) {
      const some = mutants.slice(from, from + 200);
      for (const outcome of await Promise.all(some.map((mutant) => ask(withCookie(`${sid}=${mutant}`))))) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }
    expect([...outcomes]).toEqual([["absent", 10_000]]);
  });

  it("every bit that base64url has to spare", async () => {
    const parts = sealed().split(".");
    for (const index of [2, 3, 4]) {
      for (const last of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
        const changed = parts.with(index, (parts[index] ?? "").slice(0, -1) + last).join(".");
        if (changed !== sealed()) expect(await ask(withCookie(`${sid}=${changed}`))).toBe("absent");
      }
    }
  });

  it("the fixed nasties", async () => {
    for (const nasty of nasties(sealed())) {
      expect(await ask(withCookie(`${sid}=${nasty}`)), nasty).toBe("absent");
      expect(await ask(withCookie(nasty)), nasty).toBe("absent");
    }
  });

  it("F45 names that objects have: nothing happens", async () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(await ask(withCookie(`${name}=x; ${browser.cookieHeader()}`))).toMatch(/^authenticated/);
      expect(Reflect.get({}, "x")).toBeUndefined();
    }
  });

  it.each([
    `\u00a0${sid}`,
    `${sid}\u00a0`,
    sid.toLowerCase(),
    `x${sid}`,
    `${sid}.0`,
    `${sid}.sid`,
    "__Secure-cb.sid",
    "cb.sid",
  ])("CVE-2024-47764 %j is another name", async (name) => {
    expect(await ask(withCookie(`${name}=${sealed()}`))).toBe("absent");
  });

  it("CVE-2023-48309 what was sealed for another purpose or secret opens nothing", async () => {
    const line = await sessions.keeper.transactions.seal("abc", { state: "s" }, 600);
    const transaction = /=([^;]+)/.exec(line)?.[1] ?? "";
    const elsewhere = await world.enter(world.createSessions({ secret: secrets }), tokens);
    const kidOf = (value: string): unknown => {
      const header: unknown = JSON.parse(Buffer.from(value.split(".")[0] ?? "", "base64url").toString());
      return Reflect.get(Object(header) as object, "kid");
    };
    expect(kidOf(transaction)).not.toBe(kidOf(sealed()));
    for (const value of [transaction, elsewhere.jar.get(sid)]) {
      expect(await ask(withCookie(`${sid}=${String(value)}`))).toBe("absent");
    }
  });

  it("nothing is taken away that another process may be able to read", async () => {
    const { cookies } = await sessions.authenticate(withCookie(`${sid}=eyJhbGciOiJkaXIifQ..x.y.z`));
    expect(cookies).toBeUndefined();
  });
});

describe("BF-08 cookie tossing (security.md §5.11)", () => {
  it.each([
    ["bad, good", (good: string) => ["bad", good], "authenticated"],
    ["good, bad", (good: string) => [good, "bad"], "authenticated"],
    ["three bad, good", (good: string) => ["a", "b", "c", good], "authenticated"],
    ["the same twice", (good: string) => [good, good], "authenticated"],
    ["four bad, good", (good: string) => ["a", "b", "c", "d", good], "absent"],
    ["two bad", () => ["a", "b"], "absent"],
  ])("%s", async (_, values, outcome) => {
    const cookie = values(sealed())
      .map((value) => `${sid}=${value}`)
      .join("; ");
    expect((await ask(withCookie(cookie))).split(" ")[0]).toBe(outcome);
  });

  it("two that are good: refused, whichever comes first, and none is taken away", async () => {
    const other = await world.enter(sessions, await world.signIn(2));
    const pair = [sealed(), other.jar.get(sid)].map((value) => `${sid}=${String(value)}`);
    for (const cookie of [pair, pair.toReversed()]) {
      const result = await sessions.authenticate(withCookie(cookie.join("; ")));
      expect(outcomeOf(result)).toBe("rejected 400 invalid_request");
      expect(result.cookies).toBeUndefined();
    }
  });
});
