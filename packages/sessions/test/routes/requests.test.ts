import { afterAll, describe, expect, it } from "vitest";
import { anyOf } from "./support/matchers.ts";
import { routeTable } from "../../src/routes/table.ts";
import { byPassword, enter } from "./support/people.ts";
import { createStages } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

const own = { "sec-fetch-site": "same-origin", "content-type": "application/json" };
const concrete = (path: string): string => path.replace(":id", "demo_provider").replace(":handle", "x");
const unsafe = routeTable
  .filter(({ method }) => method !== "GET")
  .map(({ method, path }) => [method, concrete(path)] as const);
const paths = [...new Set(routeTable.map(({ path }) => concrete(path)))];

describe("a method that a route does not know", () => {
  it.each(paths)("%s: 405 with Allow, and the Auth API is not asked", async (path) => {
    const { visitor, asked } = await stages.open();
    const known = routeTable.filter((route) => concrete(route.path) === path).map(({ method }) => method as string);
    const allowed = known.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"]) {
      if (allowed.includes(method)) continue;
      const answer = await visitor().send(method, path);
      expect(answer.status).toBe(405);
      expect(new Set(String(answer.headers["Allow"]).split(", "))).toEqual(new Set(allowed));
      if (method !== "HEAD")
        expect(answer.json).toMatchObject({
          type: "about:blank",
          title: "Method Not Allowed",
          code: "method_not_allowed",
        });
    }
    expect(asked()).toEqual([]);
  });

  it("BF-21: GET /signout is 405, and the session goes on", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    for (const path of ["/signout", "/signout/everywhere"]) {
      expect(await visitor.get(path)).toMatchObject({ status: 405, headers: { Allow: "POST" } });
    }
    expect((await visitor.get("/me")).status).toBe(200);
  });
});

describe("a path that there is not", () => {
  it.each([
    "",
    "/",
    "/nothing",
    "/signin/",
    "//signin",
    "/SIGNIN",
    "/signin/x",
    "/../me",
    "/me%2f",
    "/sessions/",
    "/provider/",
    "/provider/a/b/c",
    "/constructor",
    "/__proto__",
  ])("%j: 404", async (path) => {
    const { visitor } = await stages.open();
    expect(await visitor().get(path)).toMatchObject({ status: 404, json: { type: "about:blank", title: "Not Found" } });
    expect((await visitor().post(path, {})).status).toBe(404);
  });
});

describe("HEAD", () => {
  it("is answered as GET is, without a body", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    const [get, head] = [await visitor.get("/me"), await visitor.send("HEAD", "/me")];
    expect(head).toMatchObject({ status: 200, text: undefined });
    expect(head.headers).toEqual(get.headers);
    expect(await stage.visitor().send("HEAD", "/me")).toMatchObject({ status: 401, text: undefined });
  });
});

describe("BF-09: a request of another site", () => {
  it.each(unsafe)("%s %s: 403 csrf, without a session too, and the Auth API is not asked", async (method, path) => {
    const { visitor, asked } = await stages.open();
    for (const headers of [
      { ...own, "sec-fetch-site": "cross-site" },
      { ...own, "sec-fetch-site": "same-site" },
      { "content-type": "application/json", origin: "https://evil.example" },
      { "content-type": "application/json", origin: "null" },
      { "content-type": "application/json" },
      { "content-type": "text/plain" },
    ]) {
      const request = { headers: { "sec-fetch-site": undefined, ...headers } };
      expect(await visitor().send(method, path, byPassword, request)).toMatchObject({
        status: 403,
        json: { code: "csrf" },
      });
    }
    expect(asked()).toEqual([]);
  });

  it("with the cookie of a session changes nothing", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    await visitor.post("/signout", undefined, { headers: { "sec-fetch-site": "cross-site" } });
    expect((await visitor.get("/me")).status).toBe(200);
  });

  it.each([
    ["Origin alone", { origin: "https://app.example" }],
    ["X-CB-CSRF", { "x-cb-csrf": "1" }],
  ])("one of our own that shows it by %s is none", async (_, headers) => {
    const { visitor } = await stages.open();
    const request = { headers: { "sec-fetch-site": undefined, ...headers } };
    expect((await visitor().post("/signin", byPassword, request)).status).toBe(200);
  });
});

describe("a fault of our own", () => {
  it("is 503 to the client, and told to the operator", async () => {
    const { createAuthRoutes } = await import("../../src/routes/auth-routes.ts");
    const { createVisitor } = await import("./support/visitor.ts");
    const stage = await stages.open();
    const { keeper } = stage.createSessions();
    const faults: unknown[] = [];
    const failing = { ...keeper, open: () => Promise.reject(new RangeError("Sentinel")) };
    const answer = createAuthRoutes({
      ...{ auth: stage.auth, keeper: failing, limiter: { count: async () => 0, forget: async () => {} } },
      ...{ origin: "https://app.example", mode: "session", checkCrossSite: () => false, returnTo: () => "/" },
      captchaProofs: { seal: async () => "", open: async () => undefined },
      onFault: (error) => void faults.push(error),
    });
    const visitor = createVisitor({
      auth: stage.auth,
      authenticate: (request) => stage.auth.authenticate(request),
      answer,
    });
    expect(await visitor.get("/me")).toMatchObject({ status: 503, json: { code: "service_unavailable" } });
    expect(faults).toEqual([anyOf(RangeError)]);
  });
});
