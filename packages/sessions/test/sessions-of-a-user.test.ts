import { describe, expect, it } from "vitest";
import { createBrowser } from "./support/browser.ts";
import type { Browser } from "./support/browser.ts";
import { outcomeOf, sid } from "./support/world.ts";
import { setStoreStage } from "./support/store-stage.ts";

const life = 7_200;
const { browse, sessionOf, stageOf } = setStoreStage();

it("BF-19: a sign-out with two sessions, of which nobody can tell which one is meant, ends both", async () => {
  const { world, sessions, browser } = stageOf();
  const other = await world.enter(sessions, await world.signIn(1));
  const cookie = `${browser.cookieHeader()}; ${other.cookieHeader()}`;
  await sessions.keeper.end({ method: "POST", headers: { cookie } }, undefined);
  expect((await browse(browser)).user).toBeUndefined();
  expect((await browse(other)).user).toBeUndefined();
});

describe("sessions of one user", () => {
  async function enterAs(person: number, userAgent: string): Promise<Browser> {
    const { world, sessions } = stageOf();
    const entered = createBrowser();
    const request = entered.request({ headers: { "user-agent": userAgent } });
    entered.take(await sessions.keeper.start(request, await world.signIn(person)));
    return entered;
  }

  it("are listed, the one that was seen last first, by handles with which nobody gets in", async () => {
    const { world, sessions } = stageOf();
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
    const { sessions } = stageOf();
    const [phone, desk, foreign] = [await enterAs(5, "Phone"), await enterAs(5, "Desk"), await enterAs(6, "Foreign")];
    const handle = String(
      (await sessions.keeper.list(await sessionOf(desk))).find((one) => one.userAgent === "Phone")?.handle,
    );
    expect(await sessions.keeper.endOther(await sessionOf(foreign), handle)).toBeUndefined();
    expect(outcomeOf(await browse(phone))).toMatch(/^authenticated/);
    expect(await sessions.keeper.endOther(await sessionOf(desk), handle)).toMatchObject({ userAgent: "Phone" });
    expect(await sessions.keeper.endOther(await sessionOf(desk), handle)).toBeUndefined();
    expect(outcomeOf(await browse(phone))).toBe("absent");
    expect(phone.jar.size).toBe(0);
    expect(outcomeOf(await browse(desk))).toMatch(/^authenticated/);
  });

  it.each([
    ["this" as const, 1],
    [undefined, 0],
  ] as const)("BF-20 all are ended, but for %s", async (except, left) => {
    const { sessions } = stageOf();
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
    const { world, sessions } = stageOf();
    const anonymous = createBrowser();
    anonymous.take(await sessions.keeper.start(anonymous.request(), await world.signInAnonymously()));
    const planted = anonymous.copy();
    const before = await sessionOf(planted);
    anonymous.take(await sessions.keeper.start(anonymous.request(), await world.signIn()));
    expect((await sessionOf(anonymous)).id).not.toBe(before.id);
    expect(outcomeOf(await browse(planted))).toBe("absent");
  });

  it("a sign-in ends the session that the request had, of whoever that was", async () => {
    const { world, sessions, browser } = stageOf();
    const old = browser.copy();
    browser.take(await sessions.keeper.start(browser.request(), await world.signIn(1)));
    expect(outcomeOf(await browse(old))).toBe("absent");
    expect(outcomeOf(await browse())).toMatch(/^authenticated/);
  });

  it("the cookie from before a sign-out opens nothing", async () => {
    const { sessions, browser } = stageOf();
    const copied = browser.copy();
    browser.take(await sessions.keeper.end(browser.request(), await sessionOf()));
    expect(browser.jar.size).toBe(0);
    expect(outcomeOf(await browse(copied))).toBe("absent");
    expect(copied.jar.size).toBe(0);
  });

  it("new tokens of the same user keep the id; those of another, or of a person after an anonymous one, are refused", async () => {
    const { world, sessions } = stageOf();
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
