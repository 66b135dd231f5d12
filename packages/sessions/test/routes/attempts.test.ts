import type { AttemptLimiter } from "@cloudbase-auth/core";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AttemptLimits } from "../../src/index.ts";
import { byPassword, enter, guess, prove } from "./support/people.ts";
import { createStages, lihua, newcomer, password, wang } from "./support/stage.ts";
import type { Visitor } from "./support/visitor.ts";

const stages = createStages();
afterAll(() => stages.close());
// The limiter in memory goes by this clock; stopped, it makes every Retry-After exact.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pair = (perIp: number, perAccount: number) => ({
  perIp: { attempts: perIp, perSeconds: 600 },
  perAccount: { attempts: perAccount, perSeconds: 600 },
});
const tooMany = { status: 429, json: { code: "rate_limited" }, headers: { "Retry-After": "600" } };
const from = (ip: string | undefined) => ({ ip });
/** Of an account that is not: no password is hashed for it, and the answer is the same. */
const wrong = { username: "nobody", password: "wrong" };

/** Statuses of so many attempts, one after the other. */
async function statuses(times: number, attempt: () => ReturnType<Visitor["post"]>): Promise<number[]> {
  const seen: number[] = [];
  for (let time = 0; time < times; time += 1) seen.push((await attempt()).status);
  return seen;
}

describe("attempts of one account", () => {
  it("beyond the limit are 429 with Retry-After from whatever address, and the Auth API is not asked", async () => {
    const { visitor, asked, emulator } = await stages.open({}, { limits: { signIn: pair(100, 3) } });
    let host = 0;
    const attempt = () => visitor().post("/signin", wrong, from(`203.0.113.${String((host += 1))}`));
    expect(await statuses(3, attempt)).toEqual([403, 403, 403]);
    emulator.requests.clear();
    expect(await attempt()).toMatchObject(tooMany);
    expect(await visitor().post("/signin", wrong, from("203.0.113.200"))).toMatchObject(tooMany);
    expect(asked()).toEqual([]);
  });

  it.each(["LIHUA", " lihua ", "LiHua\t"])("%j is no other account", async (username) => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(100, 2) } });
    await guess(visitor(), 2);
    expect((await visitor().post("/signin", { username, password })).status).toBe(429);
  });

  it("BF: one that nobody has is limited in the same way", async () => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(100, 2) } });
    const attempts = (username: string) => statuses(4, () => visitor().post("/signin", { ...wrong, username }));
    expect(await attempts("nobody")).toEqual(await attempts("lihua"));
  });

  it("are forgotten after a success", async () => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(100, 3) } });
    await guess(visitor(), 2);
    expect((await visitor().post("/signin", byPassword)).status).toBe(200);
    const attempt = () => visitor().post("/signin", { ...byPassword, password: "wrong" });
    expect(await statuses(4, attempt)).toEqual([403, 403, 403, 429]);
  });

  it("are counted for the password that is shown again, and for the next account not", async () => {
    const stage = await stages.open({}, { limits: { signIn: pair(100, 2) } });
    const visitor = await enter(stage);
    const attempt = () => visitor.send("DELETE", "/me", { password: "wrong" });
    expect(await statuses(3, attempt)).toEqual([403, 403, 429]);
    expect((await visitor.post("/signin", { username: wang.email, password: "x" })).status).toBe(409);
  });

  it("end with the clock: Retry-After tells the truth", async () => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(100, 1) } });
    expect(await statuses(2, () => visitor().post("/signin", wrong))).toEqual([403, 429]);
    vi.setSystemTime(Date.now() + 599_000);
    expect(await visitor().post("/signin", wrong)).toMatchObject({ status: 429, headers: { "Retry-After": "1" } });
    vi.setSystemTime(Date.now() + 1_000);
    expect((await visitor().post("/signin", wrong)).status).toBe(403);
  });
});

describe("attempts of one address of the network", () => {
  it("beyond the limit are 429 for whatever account, and another address goes on", async () => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(2, 100) } });
    const attempt = (username: string, ip: string) => visitor().post("/signin", { username, password: "x" }, from(ip));
    expect((await attempt("one", "203.0.113.7")).status).toBe(403);
    expect((await attempt("two", "203.0.113.7")).status).toBe(403);
    expect(await attempt("three", "203.0.113.7")).toMatchObject(tooMany);
    expect((await attempt("three", "203.0.113.8")).status).toBe(403);
  });

  it("beyond the limit do not use up that of somebody's account", async () => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(1, 2) } });
    const attempt = () => visitor().post("/signin", { ...byPassword, password: "wrong" }, from("203.0.113.7"));
    expect(await statuses(5, attempt)).toEqual([403, 429, 429, 429, 429]);
    expect((await visitor().post("/signin", byPassword, from("203.0.113.8"))).status).toBe(200);
  });

  it("are counted on after a success", async () => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(2, 100) } });
    expect(await statuses(3, () => visitor().post("/signin", byPassword))).toEqual([200, 200, 429]);
  });

  it.each([
    ["2001:db8:1:2::1", "2001:0db8:0001:0002:ffff::9", 429],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", 403],
    ["2001:db8::1", "2001:db8:0:0:1:2:3:4", 429],
    ["::1", "::2", 429],
    ["::ffff:203.0.113.7", "203.0.113.7", 429],
    ["::ffff:203.0.113.7", "::ffff:203.0.113.8", 403],
    ["fe80::1%eth0", "fe80::2%eth1", 429],
  ])("%s and then %s: %i", async (first, second, status) => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(1, 100) } });
    await visitor().post("/signin", wrong, from(first));
    expect((await visitor().post("/signin", wrong, from(second))).status).toBe(status);
  });

  it("are not counted where the framework knows none; the account's are", async () => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(1, 2) } });
    const nameless = (username: string) => visitor().post("/signin", { username, password: "x" }, from(undefined));
    expect(await statuses(3, () => nameless("one"))).toEqual([403, 403, 429]);
    expect((await nameless("two")).status).toBe(403);
  });
});

describe("what else is counted", () => {
  it("codes that are sent, to one address and from one", async () => {
    const { visitor } = await stages.open({}, { limits: { sendCode: pair(3, 2) } });
    const send = (email: string, ip: string) => visitor().post("/verification", { email }, from(ip));
    expect(await statuses(3, () => send(newcomer, "203.0.113.1"))).toEqual([200, 200, 429]);
    expect((await send(newcomer.toUpperCase(), "203.0.113.2")).status).toBe(429);
    expect((await send(lihua.email, "203.0.113.1")).status).toBe(429);
  });

  it("codes that are shown", async () => {
    const stage = await stages.open({}, { limits: { checkCode: pair(100, 2) } });
    const visitor = stage.visitor();
    await visitor.post("/verification", { email: newcomer });
    const code = stage.codeFor(newcomer) === "000000" ? "111111" : "000000";
    expect(await statuses(3, () => visitor.post("/verification/verify", { code }))).toEqual([403, 403, 429]);
    await prove(stage, stage.visitor(), lihua.email);
  });

  it("answers to captchas, anonymous users, and ways to a third party", async () => {
    const { visitor } = await stages.open({}, { limits: { signIn: pair(1, 1), checkCode: pair(1, 1) } });
    expect(await statuses(2, () => visitor().post("/captcha", {}))).toEqual([200, 429]);
    expect(await statuses(2, () => visitor().post("/anonymous"))).toEqual([200, 429]);
    expect((await visitor().get("/provider/demo_provider")).status).toBe(429);
    expect((await visitor().get("/provider/demo_provider/callback?state=x")).status).toBe(429);
  });

  it("refreshes that are asked for, of one session", async () => {
    const stage = await stages.open({}, { limits: { refresh: pair(100, 2) } });
    const [one, other] = [await enter(stage), await enter(stage)];
    expect(await statuses(3, () => one.post("/refresh"))).toEqual([200, 200, 429]);
    expect((await other.post("/refresh")).status).toBe(200);
    expect((await one.get("/me")).status).toBe(200);
  });
});

describe("a limiter that is out of reach", () => {
  const down: AttemptLimiter = {
    count: () => Promise.reject(new Error("Sentinel: connection lost")),
    forget: () => Promise.reject(new Error("Sentinel: connection lost")),
  };

  it("is 503 with Retry-After, and the Auth API is not asked", async () => {
    const { visitor, asked } = await stages.open({}, { limiter: down });
    const answer = await visitor().post("/signin", byPassword);
    expect(answer).toMatchObject({
      status: 503,
      json: { code: "service_unavailable" },
      headers: { "Retry-After": "5" },
    });
    expect(asked()).toEqual([]);
  });

  it("does not undo a sign-in that has succeeded", async () => {
    const limiter: AttemptLimiter = { ...down, count: () => Promise.resolve(0) };
    const { visitor } = await stages.open({}, { limiter });
    expect((await visitor().post("/signin", byPassword)).status).toBe(200);
  });

  it("is told no name and no address: its keys are digests", async () => {
    const keys: string[] = [];
    const limiter: AttemptLimiter = {
      count(key) {
        keys.push(key);
        return Promise.resolve(0);
      },
      forget: () => Promise.resolve(),
    };
    const { visitor } = await stages.open({}, { limiter });
    await visitor().post("/signin", byPassword);
    expect(new Set(keys).size).toBe(3);
    for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/);
  });
});

describe("limits that are none", () => {
  it.each([
    [
      { signIn: { perIp: { attempts: 0, perSeconds: 1 }, perAccount: { attempts: 1, perSeconds: 1 } } },
      "limits.signIn.perIp",
    ],
    [{ sendCode: { perIp: { attempts: 1, perSeconds: 1 } } }, "limits.sendCode.perAccount"],
    [{ beforeCaptcha: { attempts: 1.5, perSeconds: 1 } }, "limits.beforeCaptcha"],
    [{ refresh: undefined }, "limits.refresh.perIp"],
    [{ signin: pair(1, 1) }, "no member signin"],
  ])("%j: a TypeError that names %s", async (limits, name) => {
    const stage = await stages.open();
    const given = limits as Partial<AttemptLimits>;
    expect(() => stage.createSessions({ limits: given })).toThrow(TypeError);
    expect(() => stage.createSessions({ limits: given })).toThrow(name);
  });
});
