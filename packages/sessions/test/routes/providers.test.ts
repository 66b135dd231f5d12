import type { AttemptLimiter } from "@cloudbase-auth/core";
import { afterAll, describe, expect, it } from "vitest";
import { createMemoryAttemptLimiter } from "../../src/index.ts";
import { enter, memberOf, userIdOf } from "./support/people.ts";
import { createStages, lihua, wang } from "./support/stage.ts";
import { leave, locationOf, visitProvider } from "./support/trips.ts";

const stages = createStages();
afterAll(() => stages.close());

const foreignState = { status: 400, json: { code: "invalid_input", errors: [{ field: "state", problem: "format" }] } };
const transactions = (visitor: { browser: { jar: ReadonlyMap<string, string> } }) =>
  [...visitor.browser.jar.keys()].filter((name) => name.startsWith("__Host-cb.tx."));

describe("GET /provider/:id and its callback", () => {
  it("sign in whoever the third party vouches for, and go on to where they came from", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const begun = await visitor.get("/provider/demo_provider?return_to=%2Forders%3Fpage%3D2");
    expect(begun).toMatchObject({ status: 303, text: undefined });
    const { searchParams } = new URL(locationOf(begun));
    expect(searchParams.get("redirect_uri")).toBe("https://app.example/auth/provider/demo_provider/callback");
    expect(searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    const back = await visitor.get(await visitProvider(stage, locationOf(begun), "third-1"));
    expect(back).toMatchObject({ status: 303, headers: { Location: "/orders?page=2" } });
    expect(transactions(visitor)).toEqual([]);
    expect(await visitor.get("/me")).toMatchObject({
      json: { user: { name: "Name of third-1", provider: "demo_provider" } },
    });
  });

  it("are the same user the next time", async () => {
    const stage = await stages.open();
    const ids = [];
    for (const visitor of [stage.visitor(), stage.visitor()]) {
      await visitor.get(await leave(stage, visitor, "third-1"));
      ids.push(userIdOf(await visitor.get("/me")));
    }
    expect(ids[0]).toBe(ids[1]);
  });

  it("of an anonymous user keep the user id, unless the account is somebody's already", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const anonymous = userIdOf(await visitor.post("/anonymous"));
    expect((await visitor.get(await leave(stage, visitor, "third-1"))).status).toBe(303);
    expect(await visitor.get("/me")).toMatchObject({ json: { user: { id: anonymous, isAnonymous: false } } });

    const other = stage.visitor();
    await other.post("/anonymous");
    await other.get(await leave(stage, other, "third-1"));
    expect(userIdOf(await other.get("/me"))).toBe(anonymous);
  });

  it("BF-13: a state is good once, also with the cookie put back, and for all processes that share a limiter", async () => {
    const limiter = createMemoryAttemptLimiter();
    const stage = await stages.open({}, { limiter });
    const visitor = stage.visitor();
    const callback = await leave(stage, visitor, "third-1");
    const copied = visitor.copy();
    expect((await visitor.get(callback)).status).toBe(303);
    expect(await visitor.get(callback)).toMatchObject(foreignState);
    expect(await copied.get(callback)).toMatchObject(foreignState);
    const elsewhere = stage.visitor(stage.createSessions());
    for (const [name, value] of copied.browser.jar) elsewhere.browser.jar.set(name, value);
    expect(await elsewhere.get(callback)).toMatchObject(foreignState);
    expect((await copied.get("/me")).status).toBe(401);
  });

  it("BF-13: another browser, another provider, another state and none are 400, and nobody signs in", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const callback = await leave(stage, visitor, "third-1");
    expect(await stage.visitor().get(callback)).toMatchObject(foreignState);
    expect(await visitor.get(callback.replace("demo_provider", "other_provider"))).toMatchObject(foreignState);
    const changed = callback.replace(/state=(.)/, (_, first: string) => `state=${first === "A" ? "B" : "A"}`);
    const end = callback.replace(
      /(state=[\w-]{42})(.)/,
      (_, most: string, last: string) => most + (last === "A" ? "E" : "A"),
    );
    const twice = `${callback}&state=${new URLSearchParams(callback.split("?")[1]).get("state") ?? ""}`;
    for (const path of [
      changed,
      end,
      twice,
      "/provider/demo_provider/callback?code=x",
      "/provider/demo_provider/callback?state=",
    ]) {
      expect(await visitor.get(path)).toMatchObject(foreignState);
    }
    expect((await visitor.get("/me")).status).toBe(401);
    expect((await visitor.get(callback)).status).toBe(303);
  });

  it("with the limiter out of reach is 503, and the state is still good after that", async () => {
    const limiter = createMemoryAttemptLimiter();
    let isDown = false;
    const count: AttemptLimiter["count"] = (key, limit) =>
      isDown ? Promise.reject(new Error("down")) : limiter.count(key, limit);
    const stage = await stages.open({}, { limiter: { ...limiter, count } });
    const visitor = stage.visitor();
    const callback = await leave(stage, visitor, "third-1");
    isDown = true;
    expect(await visitor.get(callback)).toMatchObject({ status: 503, cookies: [] });
    isDown = false;
    expect((await visitor.get(callback)).status).toBe(303);
  });

  it("after ten minutes is 400", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const callback = await leave(stage, visitor, "third-1");
    stage.emulator.clock.advance(600);
    expect(await visitor.get(callback)).toMatchObject(foreignState);
  });

  it("five at once are possible; the sixth takes the place of the oldest", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const callbacks = [];
    for (let trip = 0; trip < 6; trip += 1) {
      callbacks.push(await leave(stage, visitor, `third-${String(trip)}`));
      stage.emulator.clock.advance(1);
    }
    expect(transactions(visitor)).toHaveLength(5);
    const statuses = [];
    for (const callback of callbacks) statuses.push((await visitor.get(callback)).status);
    expect(statuses).toEqual([400, 303, 303, 303, 303, 303]);
  });

  it("F44: whoever begins them with long paths fills no cookie header", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    for (let trip = 0; trip < 5; trip += 1) {
      await visitor.get(`/provider/demo_provider?return_to=${encodeURIComponent(`/${"x".repeat(2_000)}`)}`);
      stage.emulator.clock.advance(1);
    }
    expect(transactions(visitor)).toHaveLength(1);
    expect(visitor.browser.cookieHeader().length).toBeLessThan(4_096);
    await leave(stage, visitor, "third-1");
    expect(visitor.browser.cookieHeader().length).toBeLessThan(4_096);
  });

  it("a person who says no comes back with auth_error, and so does a code that is no good", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const begun = await visitor.get("/provider/demo_provider?return_to=%2Fsignin%3Fa%3D1%23top");
    const denied = await visitor.get(await visitProvider(stage, locationOf(begun), "third-1", "deny"));
    expect(denied).toMatchObject({ status: 303, headers: { Location: "/signin?a=1&auth_error=access_denied#top" } });
    const callback = (await leave(stage, visitor, "third-1")).replace(/code=[^&]+/, "code=made-up");
    expect(await visitor.get(callback)).toMatchObject({
      status: 303,
      headers: { Location: "/?auth_error=upstream_rejected" },
    });
    expect((await visitor.get("/me")).status).toBe(401);
  });

  it.each(
    [
      ["https://evil.example/", "//evil.example", "/\\evil.example", "/%0d%0aLocation: x", "evil", ""].map((to) => to),
    ].flat(),
  )("BF-15: return_to %j is 400, and the Auth API is not asked", async (to) => {
    const stage = await stages.open();
    const answer = await stage.visitor().get(`/provider/demo_provider?return_to=${encodeURIComponent(to)}`);
    if (to === "/%0d%0aLocation: x") expect(answer.status).toBe(400);
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ field: "return_to", problem: "format" }] } });
    expect(stage.asked()).toEqual([]);
  });

  it("an unknown third party is 403, a name that can be none 404", async () => {
    const { visitor } = await stages.open();
    expect((await visitor().get("/provider/nobody")).status).toBe(403);
    expect((await visitor().get("/provider/no%20body")).status).toBe(404);
    expect((await visitor().get("/provider/%E0%A4%A")).status).toBe(404);
  });
});

describe("POST /provider/:id/bind and DELETE /provider/:id", () => {
  it("bind an account and take it off again; GET /providers says so", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    const bound = async () => memberOf(await visitor.get("/providers"), "providers", "0", "bound");
    expect(await bound()).toBe(false);
    const begun = await visitor.post("/provider/demo_provider/bind", { returnTo: "/account" });
    expect(begun.status).toBe(200);
    const callback = await visitProvider(stage, String(memberOf(begun, "redirectTo")), "third-1");
    expect(await visitor.get(callback)).toMatchObject({ status: 303, headers: { Location: "/account" } });
    expect(await bound()).toBe(true);

    const elsewhere = stage.visitor();
    await elsewhere.get(await leave(stage, elsewhere, "third-1"));
    expect(await elsewhere.get("/me")).toMatchObject({ json: { user: { email: lihua.email } } });

    expect((await visitor.send("DELETE", "/provider/demo_provider")).status).toBe(204);
    expect(await bound()).toBe(false);
    expect(await visitor.send("DELETE", "/provider/demo_provider")).toMatchObject({ status: 403 });
  });

  it("an account that is somebody else's is not bound: auth_error", async () => {
    const stage = await stages.open();
    const owner = stage.visitor();
    await owner.get(await leave(stage, owner, "third-1"));
    const visitor = await enter(stage);
    const begun = await visitor.post("/provider/demo_provider/bind", {});
    const callback = await visitProvider(stage, String(memberOf(begun, "redirectTo")), "third-1");
    expect(await visitor.get(callback)).toMatchObject({ headers: { Location: "/?auth_error=upstream_rejected" } });
  });

  it("if somebody else has signed in meanwhile, nothing is bound", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    const begun = await visitor.post("/provider/demo_provider/bind", {});
    const callback = await visitProvider(stage, String(memberOf(begun, "redirectTo")), "third-1");
    await enter(stage, visitor, wang.email);
    expect(await visitor.get(callback)).toMatchObject({ headers: { Location: "/?auth_error=forbidden" } });
    expect(memberOf(await visitor.get("/providers"), "providers", "0", "bound")).toBe(false);
  });

  it("the only way to sign in stays (409); nobody is 401, an anonymous user 403, another site 403 csrf", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    expect((await visitor.post("/provider/demo_provider/bind", {})).status).toBe(401);
    expect((await visitor.get("/providers")).status).toBe(401);
    await visitor.post("/anonymous");
    expect((await visitor.post("/provider/demo_provider/bind", {})).status).toBe(403);
    await visitor.get(await leave(stage, visitor, "third-1"));
    expect(await visitor.send("DELETE", "/provider/demo_provider")).toMatchObject({
      status: 409,
      json: { reason: "precondition" },
    });
    const cross = { headers: { "sec-fetch-site": "cross-site", "content-type": "application/json" } };
    expect(await visitor.post("/provider/demo_provider/bind", {}, cross)).toMatchObject({ json: { code: "csrf" } });
  });

  it("returnTo elsewhere is 400", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    expect(await visitor.post("/provider/demo_provider/bind", { returnTo: "//evil.example" })).toMatchObject({
      status: 400,
      json: { errors: [{ field: "returnTo", problem: "format" }] },
    });
  });
});
