import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BrowserSessions } from "../src/index.ts";
import { createBrowser } from "./support/browser.ts";
import { mutate, nasties } from "./support/mutants.ts";
import { createWorld, sid } from "./support/world.ts";
import type { World } from "./support/world.ts";

const name = "__Host-cb.tx.k1";
const data = { state: "s-1", provider: "demo_provider" };

let world: World;
let sessions: BrowserSessions;

beforeAll(async () => {
  world = await createWorld();
  sessions = world.createSessions({ sameSite: "strict" });
});
afterAll(() => world.close());

describe("BF-13 cookies of a transaction", () => {
  it("carry what they were given, back to the same key only, for as long as they were told", async () => {
    const { transactions } = sessions.keeper;
    const browser = createBrowser();
    const line = await transactions.seal("k1", data, 600);
    // Lax always: the way back from a provider begins at its site.
    expect(line).toMatch(/^__Host-cb\.tx\.k1=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    browser.take([line]);
    expect(transactions.keys(browser.request())).toEqual(["k1"]);
    expect(await transactions.open(browser.request(), "k1")).toEqual(data);
    expect(await transactions.open(browser.request(), "k2")).toBeUndefined();
    expect(await transactions.open(createBrowser().request(), "k1")).toBeUndefined();
    const renamed = createBrowser([["__Host-cb.tx.k2", browser.jar.get(name) ?? ""]]);
    expect(await transactions.open(renamed.request(), "k2")).toBeUndefined();
    world.advance(599);
    expect(await transactions.open(browser.request(), "k1")).toEqual(data);
    world.advance(1);
    expect(await transactions.open(browser.request(), "k1")).toBeUndefined();
    world.advance(-600);
    browser.take([transactions.expire("k1")]);
    expect(browser.jar.size).toBe(0);
  });

  it("BF-03 a session's cookie is none, and a changed one is none", async () => {
    const { transactions } = sessions.keeper;
    const entered = await world.enter(sessions);
    const browser = createBrowser();
    browser.take([await transactions.seal("k1", data, 600)]);
    const sealed = browser.jar.get(name) ?? "";
    for (const value of [entered.jar.get(sid) ?? "", ...nasties(sealed), ...mutate(sealed, 500, 7)]) {
      const request = { headers: { cookie: `${name}=${value}` } };
      expect(await transactions.open(request, "k1"), value).toBeUndefined();
    }
  });

  it("BF-08 beside garbage it is found; beside another good one it is not", async () => {
    const { transactions } = sessions.keeper;
    const values: string[] = [];
    for (const state of ["a", "b"]) {
      const browser = createBrowser();
      browser.take([await transactions.seal("k1", { state }, 600)]);
      values.push(browser.jar.get(name) ?? "");
    }
    const open = (...of: readonly (string | undefined)[]) =>
      transactions.open({ headers: { cookie: of.map((value) => `${name}=${String(value)}`).join("; ") } }, "k1");
    expect(await open("x", values[0])).toEqual({ state: "a" });
    expect(await open(values[1], values[1])).toEqual({ state: "b" });
    expect(await open(...values)).toBeUndefined();
  });

  it.each(["", "a b", "a;b", "a.b", "é", "x".repeat(65)])("%j is no key", async (key) => {
    await expect(sessions.keeper.transactions.seal(key, data, 600)).rejects.toThrow(TypeError);
  });

  it("names that are not ours are no keys", () => {
    const cookie = "__Host-cb.tx.=a; __Host-cb.tx.a.b=c; __Host-cb.tx=d; cb.tx.e=f; __Host-cb.tx.k1=g; __Host-cb.txt=h";
    expect(sessions.keeper.transactions.keys({ headers: { cookie } })).toEqual(["k1"]);
  });

  it("what does not fit into one cookie is refused", async () => {
    const seal = sessions.keeper.transactions.seal("k1", { state: "x".repeat(4_000) }, 600);
    await expect(seal).rejects.toThrow("must fit into one cookie");
  });
});
