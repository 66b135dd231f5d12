import { createServer } from "node:http";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import {
  assertRoutesDeclared,
  cloudbaseAuth,
  describeRoutes,
  formatRoutes,
  optionalUser,
  problemDetails,
  publicRoute,
  requireGroups,
  requireUser,
} from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import { Router } from "@koa/router";
import Koa from "koa";
import type { Middleware } from "koa";
import request from "supertest";
import { afterAll, describe, expect, test } from "vitest";

const auth = createCloudbaseAuth({ envId: "demo" });
afterAll(() => auth.close());

const answer: Middleware = (ctx) => {
  ctx.body = "handled";
};

type App = Koa<CloudbaseState>;

/** Requests without a token are sent to it, so that a guard that is asked answers 401. */
function appWith(build: (app: App) => void): App {
  const app: App = new Koa<CloudbaseState>();
  app.use(problemDetails());
  app.use(cloudbaseAuth(auth));
  build(app);
  return app;
}

function routed(build: (router: Router) => void, options?: ConstructorParameters<typeof Router>[0]): Router {
  const router = new Router(options);
  build(router);
  return router;
}

const rows = (app: App) => describeRoutes(app).map(({ method, path, access }) => `${method} ${path} ${access}`);

/** What an application with these routes looks like, and requests that show whether it really is like that. */
const layouts: readonly {
  readonly title: string;
  readonly build: (app: App) => void;
  readonly rows: readonly string[];
  /** Path by path, what a GET without a token is answered with. */
  readonly probes: Readonly<Record<string, 200 | 401>>;
}[] = [
  {
    title: "guards of the route",
    build: (app) => {
      const router = routed((it) => {
        it.get("/me", requireUser(), answer);
        it.get("/hello", optionalUser(), answer);
        it.get("/health", publicRoute(), answer);
        it.get("/forgotten", answer);
        it.get("/late", answer, requireUser());
        it.post("/posts", requireGroups("editors"), answer);
        it.all("/all", requireUser(), answer);
        it.options("/me", answer);
        it.get(["/a", "/b"], requireUser(), answer);
        it.get("/own", requireUser().handler(answer));
      });
      app.use(router.routes()).use(router.allowedMethods());
    },
    rows: [
      ...["GET /me user", "GET /hello optional", "GET /health public", "GET /forgotten undeclared"],
      ...["GET /late undeclared", "POST /posts user", "* /all user", "OPTIONS /me preflight"],
      ...["GET /a user", "GET /b user", "GET /own user"],
    ],
    probes: { "/me": 401, "/hello": 200, "/health": 200, "/late": 200, "/all": 401, "/b": 401, "/own": 401 },
  },
  {
    title: "guards of the application, for the routers behind them",
    build: (app) => {
      app.use(routed((router) => void router.get("/before", answer)).routes());
      app.use(optionalUser()).use(publicRoute());
      app.use(routed((router) => void router.get("/between", answer)).routes());
      app.use(requireUser());
      app.use(routed((router) => void router.get("/after", answer).get(/^\/reg/, answer)).routes());
    },
    rows: ["GET /before undeclared", "GET /between undeclared", "GET /after user", "GET /^\\/reg/ user"],
    probes: { "/before": 200, "/between": 200, "/after": 401, "/regexp": 401 },
  },
  {
    title: "router.use(): for what comes after it, or is plainly below its path",
    build: (app) => {
      const router = routed((it) => {
        it.get("/before", answer);
        it.use("/admin", requireUser());
        it.get("/admin/x", answer);
        it.get("/admins", answer);
        it.use(["/one", "/two"], requireUser());
        it.get("/two/x", answer);
        it.use("/", optionalUser());
        it.get("/", answer);
        it.get("/y", answer);
        it.use(requireUser());
        it.get("/after", answer);
        it.get(/^\/reg/, answer);
      });
      app.use(router.routes());
    },
    rows: [
      ...["GET /before undeclared", "GET /admin/x user", "GET /admins undeclared", "GET /two/x user", "GET / optional"],
      ...["GET /y undeclared", "GET /after user", "GET /^\\/reg/ user"],
    ],
    probes: {
      "/before": 200,
      "/ADMIN/x": 401,
      "/admins": 200,
      "/TWO/x": 401,
      "/": 200,
      "/y": 200,
      "/After": 401,
      "/reg": 401,
    },
  },
  {
    title: "a prefix: the guard of the router misses it in other capitals, unless capitals count",
    build: (app) => {
      const build = (router: Router): void => void router.use(requireUser()).get("/x", answer);
      app.use(routed(build, { prefix: "/loose" }).routes());
      app.use(routed(build, { prefix: "/strict", sensitive: true }).routes());
      app.use(routed(build, { prefix: "/of/:id" }).routes());
      app.use(routed(build, { prefix: "/1" }).routes());
    },
    rows: ["GET /loose/x undeclared", "GET /strict/x user", "GET /of/:id/x user", "GET /1/x user"],
    probes: { "/loose/x": 401, "/LOOSE/x": 200, "/strict/x": 401, "/OF/7/x": 401, "/1/X": 401 },
  },
  {
    title: "nested routers",
    build: (app) => {
      const inner = routed((it) => void it.get("/x", answer).get("/open", publicRoute(), answer));
      const guarded = routed((it) => void it.use(requireUser(), inner.routes()), { sensitive: true });
      const outer = routed((it) => {
        it.use("/one", inner.routes());
        it.use("/two", requireUser(), inner.routes());
        it.use("/3", guarded.routes());
      });
      app.use(outer.routes());
    },
    rows: [
      ...["GET /one/x undeclared", "GET /one/open public", "GET /two/x user", "GET /two/open user"],
      ...["GET /3/x user", "GET /3/open user"],
    ],
    probes: { "/one/x": 200, "/two/x": 401, "/TWO/X": 401, "/3/x": 401, "/3/open": 401 },
  },
  {
    title: "an exclusive router, of whose layers one runs",
    build: (app) => {
      const router = routed((it) => void it.use(requireUser()).get("/x", answer).get("/y", requireUser(), answer), {
        exclusive: true,
      });
      app.use(router.routes());
    },
    rows: ["GET /x undeclared", "GET /y user"],
    probes: { "/x": 200, "/y": 401 },
  },
];

describe.each(layouts)("$title", ({ build, rows: expected, probes }) => {
  test("is described", () => {
    expect(rows(appWith(build))).toEqual(expected);
  });

  test.each(Object.entries(probes))("GET %s without a token is answered %i", async (path, status) => {
    const handle = appWith(build).callback();
    await request(createServer((req, res) => void handle(req, res)))
      .get(path)
      .expect(status);
  });
});

describe("assertRoutesDeclared()", () => {
  test("names method, path and fix of every route that says nothing, and nothing else", () => {
    const router = routed((it) => {
      it.get("/ok", publicRoute(), answer);
      it.post("/posts", answer);
      it.use(requireUser());
      it.get("/x", answer);
      it.prefix("/api");
    });
    const expected = [
      "2 routes do not say who may call it:",
      '  POST /api/posts: router.post("/api/posts", requireUser(), …), or optionalUser() or publicRoute()',
      '  GET /api/x: router.get("/api/x", requireUser(), …), or optionalUser() or publicRoute(); its router\'s guard misses the path in other capitals, as @koa/router compares a prefix exactly and a route not: new Router({ prefix, sensitive: true })',
    ].join("\n");
    expect(() => assertRoutesDeclared(appWith((app) => void app.use(router.routes())))).toThrow(expected);
    expect(() => assertRoutesDeclared(router)).toThrow(expected);
  });

  test("passes when every route says something", () => {
    const router = routed((it) => void it.use(publicRoute()).get("/", answer));
    assertRoutesDeclared(router);
    assertRoutesDeclared(appWith((app) => void app.use(router.routes())));
  });

  test("an application without a router, or a router without a route, is a mistake and not a success", () => {
    expect(() => assertRoutesDeclared(appWith((app) => void app.use(answer)))).toThrow(
      "the application has no @koa/router yet; mount it by app.use(router.routes()) first, or hand it over",
    );
    expect(() => assertRoutesDeclared(new Router())).toThrow("there is no route yet; call assertRoutesDeclared()");
  });
});

test("the matrix is data, and a table for people", () => {
  const router = routed((it) => {
    it.use("/admin", requireUser({ groups: ["admin"] }));
    it.get("/admin/keys", requireUser({ scopes: ["keys"] }), answer);
    it.get("/", answer);
  });
  expect(describeRoutes(router)).toEqual([
    {
      method: "GET",
      path: "/admin/keys",
      access: "user",
      requirements: [{ groups: ["admin"] }, { scopes: ["keys"] }],
      opaque: false,
    },
    { method: "GET", path: "/", access: "undeclared", requirements: [], opaque: false },
  ]);
  expect(formatRoutes(describeRoutes(router))).toBe(
    'GET  /admin/keys  user {"groups":["admin"]} {"scopes":["keys"]}\nGET  /            undeclared\n',
  );
});
