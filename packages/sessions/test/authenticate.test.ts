import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthRequest } from "@cloudbase-auth/core";
import type { BrowserSessions } from "../src/index.ts";
import type { Browser } from "./support/browser.ts";
import { createWorld, origin, outcomeOf, sid } from "./support/world.ts";
import type { World } from "./support/world.ts";

let world: World;
let sessions: BrowserSessions;
let browser: Browser;
let bearer: string;

beforeAll(async () => {
  world = await createWorld();
  sessions = world.createSessions({ trustedOrigins: ["https://admin.example"] });
  bearer = `Bearer ${(await world.signIn(1)).accessToken}`;
});
beforeEach(async () => {
  browser = await world.enter(sessions);
});
afterAll(() => world.close());

describe("one way to say who one is", () => {
  it.each([
    ["neither", {}, false, "absent"],
    ["a header", { authorization: true }, false, "authenticated"],
    ["a session", {}, true, "authenticated"],
    ["another scheme and a session", { authorization: "Basic YTpi" }, true, "authenticated"],
    ["both", { authorization: true }, true, "rejected 400 invalid_request"],
    ["a bad header and a session", { authorization: "Bearer x" }, true, "rejected 400 invalid_request"],
    ["a malformed header and a session", { authorization: "Bearer" }, true, "rejected 400 invalid_request"],
  ] as const)("%s", async (_, { authorization }: { readonly authorization?: string | true }, withSession, outcome) => {
    const headers =
      authorization === undefined ? {} : { authorization: authorization === true ? bearer : authorization };
    const request = withSession ? browser.request({ headers }) : { method: "GET", headers };
    const result = await sessions.authenticate(request);
    expect(outcomeOf(result)).toMatch(outcome);
    if (outcome.startsWith("rejected")) expect(result.auth).toMatchObject({ error: { reason: "several_methods" } });
  });

  it("a header whose key set has to be fetched first, beside a session: refused at once", async () => {
    const cold = world.createSessions();
    const result = cold.authenticate(browser.request({ headers: { authorization: bearer } }));
    expect(result).not.toBeInstanceOf(Promise);
    expect(outcomeOf(await result)).toBe("rejected 400 invalid_request");
  });

  it("a cookie that is no good and a header are two ways too", async () => {
    const request = { method: "GET", headers: { authorization: bearer, cookie: `${sid}=x` } };
    expect(outcomeOf(await sessions.authenticate(request))).toBe("rejected 400 invalid_request");
  });

  it("without a cookie of ours the answer is the core's own, and comes at once", async () => {
    const request = {
      method: "POST",
      headers: { authorization: bearer, cookie: "other=1; sid=2", origin: "https://x.example" },
    };
    await sessions.authenticate(request);
    const answer = sessions.authenticate(request);
    expect(answer).toBe(sessions.auth.authenticate(request));
    expect(answer).not.toBeInstanceOf(Promise);
    expect(sessions.authenticate({ headers: {} })).toBe(sessions.auth.authenticate({ headers: {} }));
  });

  it("BU-13 the token itself in the cookie is no session", async () => {
    const { accessToken } = await world.signIn();
    const request = { method: "GET", headers: { cookie: `${sid}=${accessToken}` } };
    expect(outcomeOf(await sessions.authenticate(request))).toBe("absent");
  });

  it('with mode "tokens" cookies are not looked at', async () => {
    const byTokens = world.createSessions({ mode: "tokens" });
    const request = browser.request({ headers: { authorization: bearer } });
    expect(outcomeOf(await byTokens.authenticate(request))).toMatch(/^authenticated/);
    expect(outcomeOf(await byTokens.authenticate(browser.request()))).toBe("absent");
  });
});

describe("BF-09 CSRF before any guard", () => {
  it.each([
    ["POST", { "sec-fetch-site": "same-origin" }, "authenticated"],
    ["POST", { origin }, "authenticated"],
    ["POST", { origin: "https://admin.example", "sec-fetch-site": "cross-site" }, "authenticated"],
    ["DELETE", { "x-cb-csrf": "1" }, "authenticated"],
    ["POST", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, "rejected 403 csrf"],
    ["POST", { "sec-fetch-site": "same-site", origin: "https://evil.app.example" }, "rejected 403 csrf"],
    ["PUT", { origin: "null" }, "rejected 403 csrf"],
    ["PATCH", {}, "rejected 403 csrf"],
    ["POST", { host: "app.example", origin: "https://evil.example" }, "rejected 403 csrf"],
    ["POST", { host: "evil.example", origin: "https://evil.example" }, "rejected 403 csrf"],
    ["GET", { "sec-fetch-site": "cross-site" }, "authenticated"],
    ["HEAD", {}, "authenticated"],
    ["OPTIONS", { origin: "https://evil.example" }, "authenticated"],
  ] as const)("%s with %j: %s", async (method, headers, outcome) => {
    const result = await sessions.authenticate(browser.request({ method, headers }));
    expect(outcomeOf(result)).toMatch(outcome);
    const isSafe = ["GET", "HEAD", "OPTIONS"].includes(method);
    expect(result.headers).toEqual({
      Vary: isSafe ? "Cookie" : "Cookie, Sec-Fetch-Site, Origin",
      "Cache-Control": "private",
    });
  });

  it("a request from elsewhere does not exchange tokens either", async () => {
    const before = world.exchanges();
    world.advance(7_200);
    const result = await sessions.authenticate(
      browser.request({ method: "POST", headers: { origin: "https://evil.example" } }),
    );
    world.advance(-7_200);
    expect(outcomeOf(result)).toBe("rejected 403 csrf");
    expect(world.exchanges()).toBe(before);
  });

  it("a bearer header needs none of it: no page of somebody else's can send it", async () => {
    const headers = { authorization: bearer, "sec-fetch-site": "cross-site" };
    expect(outcomeOf(await sessions.authenticate({ method: "POST", headers }))).toMatch(/^authenticated/);
  });
});

describe("the result", () => {
  it("is another object than the one in the cache, which stays without headers", async () => {
    const results = [];
    for (let n = 0; n < 4; n += 1) results.push(await sessions.authenticate(browser.request()));
    expect(new Set(results).size).toBe(4);
    for (const result of results) expect(Object.isFrozen(result)).toBe(true);
    expect(new Set(results.slice(2).map(({ user }) => user)).size).toBe(1);
    const [last] = results.slice(-1);
    if (last?.auth.state !== "authenticated") throw new Error("nobody is signed in");
    const shared = await sessions.auth.authenticatePresented({
      kind: "token",
      credentials: `Bearer ${last.auth.token}`,
    });
    expect(shared.user).toBe(last.user);
    expect(shared.headers).toBeUndefined();
  });

  it("BF-22 CVE-2025-48947 with a cookie that is set, it must be kept nowhere", async () => {
    world.advance(7_200);
    const result = await sessions.authenticate(browser.request());
    world.advance(-7_200);
    expect(result.cookies?.length).toBe(1);
    expect(result.headers).toEqual({ Vary: "Cookie", "Cache-Control": "no-store" });
  });

  it("F45 a header full of blanks costs no time", async () => {
    const cookie = `${sid}=a${" ".repeat(16_000)}b; x${"\t ".repeat(8_000)}y=z`;
    const startedAt = performance.now();
    await sessions.authenticate({ method: "GET", headers: { cookie } });
    expect(performance.now() - startedAt).toBeLessThan(250);
  });

  it("F45 hostile requests: an answer, and never an error", async () => {
    const cookies: readonly AuthRequest["headers"][string][] = [
      "",
      ";",
      "=",
      `${sid}`,
      `${sid}=`,
      `;;${sid}==`,
      [`${sid}=a`, `${sid}=b`],
      [],
      `${sid}=${"%".repeat(20_000)}`,
    ];
    for (const cookie of cookies) {
      for (const method of ["GET", "", undefined, "__proto__"]) {
        const result = await sessions.authenticate({ method, headers: { cookie, ["__proto__"]: "x" } });
        expect(["absent", "rejected"]).toContain(result.auth.state);
      }
    }
    expect(Reflect.get({}, "x")).toBeUndefined();
  });
});
