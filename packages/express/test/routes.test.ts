import { createCloudbaseAuth } from "@cloudbase-auth/core";
import {
  all,
  assertRoutesDeclared,
  cloudbaseAuth,
  describeRoutes,
  formatRoutes,
  not,
  optionalUser,
  problemDetails,
  publicRoute,
  requireGroups,
  requireUser,
} from "@cloudbase-auth/express";
import express from "express";
import type { Express, RequestHandler, Router } from "express";
import request from "supertest";
import { afterAll, describe, expect, test } from "vitest";
import { express4 } from "./express4.ts";

const answer: RequestHandler = (_req, res) => void res.json("handled");

const auth = createCloudbaseAuth({ envId: "demo" });
afterAll(() => auth.close());

/** Requests without a token are sent to it, so that a guard that is asked answers 401. */
function appWith(build: (app: Express) => void): Express {
  const app = express();
  app.use(cloudbaseAuth(auth));
  build(app);
  app.use(problemDetails());
  return app;
}

function nested(build: (router: Router) => void, options?: { readonly caseSensitive: boolean }): Router {
  const router = express.Router(options);
  build(router);
  return router;
}

const rows = (app: Express | Router) =>
  describeRoutes(app).map(({ method, path, access }) => `${method} ${path} ${access}`);

/** What an application with these routes looks like, and requests that show whether it really is like that. */
const layouts: readonly {
  readonly title: string;
  readonly build: (app: Express) => void;
  readonly rows: readonly string[];
  /** Path by path, what a GET without a token is answered with. */
  readonly probes: Readonly<Record<string, 200 | 401>>;
}[] = [
  {
    title: "guards of the route, one by one and in arrays",
    build: (app) => {
      app.get("/me", requireUser(), answer);
      app.get("/list", [requireUser(), optionalUser()], answer);
      app.get("/hello", optionalUser(), answer);
      app.get("/health", publicRoute(), answer);
      app.get("/forgotten", answer);
    },
    rows: ["GET /me user", "GET /list user", "GET /hello optional", "GET /health public", "GET /forgotten undeclared"],
    probes: { "/me": 401, "/list": 401, "/hello": 200, "/health": 200, "/forgotten": 200 },
  },
  {
    title: "a handler with its guard in it",
    build: (app) =>
      void app.get(
        "/me",
        requireUser().handler((_req, res) => void res.json("handled")),
      ),
    rows: ["GET /me user"],
    probes: { "/me": 401, "/ME/": 401 },
  },
  {
    title: "a guard behind the handler guards nothing",
    build: (app) => void app.get("/late", answer, requireUser()),
    rows: ["GET /late undeclared"],
    probes: { "/late": 200 },
  },
  {
    title: "a guard on the application, for what comes after it",
    build: (app) => {
      app.get("/before", answer);
      app.use(requireUser());
      app.get("/after", answer);
      app.get(/^\/reg/, answer);
    },
    rows: ["GET /before undeclared", "GET /after user", "GET /(/^\\/reg/) user"],
    probes: { "/before": 200, "/after": 401, "/regexp": 401 },
  },
  {
    title: "publicRoute() and optionalUser() on the whole application say nothing of its routes",
    build: (app) => {
      app.use(publicRoute(), optionalUser());
      app.get("/forgotten", answer);
    },
    rows: ["GET /forgotten undeclared"],
    probes: { "/forgotten": 200 },
  },
  {
    title: "a guard on a path, for what is plainly below it",
    build: (app) => {
      app.use("/admin", requireUser());
      app.use("/users/:id/", requireUser());
      app.get("/admin", answer);
      app.get("/Admin/x", answer);
      app.get("/admin/:name/x", answer);
      app.get("/admins", answer);
      app.get("/users/7/posts", answer);
      app.get("/users/:name", answer);
      app.get("/users", answer);
      app.get("/:any/x", answer);
      app.get("/*any", answer);
    },
    rows: [
      "GET /admin user",
      "GET /Admin/x undeclared",
      "GET /admin/:name/x user",
      "GET /admins undeclared",
      "GET /users/7/posts user",
      "GET /users/:name user",
      "GET /users undeclared",
      "GET /:any/x undeclared",
      "GET /*any undeclared",
    ],
    probes: { "/admin": 401, "/ADMIN/x": 401, "/admins": 200, "/users/7/posts": 401, "/Users/8": 401, "/users": 200 },
  },
  {
    title: "several paths at once",
    build: (app) => {
      app.use(["/a", "/b"], requireUser());
      app.get(["/a/x", "/c/x"], answer);
    },
    rows: ["GET /a/x user", "GET /c/x undeclared"],
    probes: { "/a/x": 401, "/c/x": 200 },
  },
  {
    title: "routers in routers, with guards of theirs, in front of them, and around them",
    build: (app) => {
      const inner = nested((router) => {
        router.get("/x", answer);
        router.get("/open", publicRoute(), answer);
      });
      app.use(
        "/one",
        nested((router) => void router.use(requireUser(), inner)),
      );
      app.use("/two", requireUser(), inner);
      app.use(
        "/three/:id",
        nested((router) => void router.use("/deep", inner)),
      );
      app.use(/^\/four/, requireUser(), inner);
      app.use(
        "/five",
        nested((router) => void router.use(publicRoute()).get("/x", answer)),
      );
      app.use("/six/deep", requireUser());
      app.use(
        "/six",
        nested((router) => void router.use("/deep", inner)),
      );
    },
    rows: [
      ...["GET /one/x user", "GET /one/open user", "GET /two/x user", "GET /two/open user"],
      ...["GET /three/:id/deep/x undeclared", "GET /three/:id/deep/open public"],
      ...["GET /(/^\\/four/)/x user", "GET /(/^\\/four/)/open user", "GET /five/x public"],
      ...["GET /six/deep/x user", "GET /six/deep/open user"],
    ],
    probes: {
      "/one/x": 401,
      "/two/x": 401,
      "/three/7/deep/x": 200,
      "/four/x": 401,
      "/five/x": 200,
      "/six/DEEP/x": 401,
    },
  },
  {
    title: "the guards of a router end with it",
    build: (app) => {
      app.use(
        "/a",
        nested((router) => void router.use(requireUser()).get("/x", answer)),
      );
      app.get("/a/y", answer);
      app.get("/b", answer);
    },
    rows: ["GET /a/x user", "GET /a/y undeclared", "GET /b undeclared"],
    // The router's guard does refuse /a/y; but only as long as nobody mounts it elsewhere.
    probes: { "/a/x": 401, "/a/y": 401, "/b": 200 },
  },
  {
    title: "a guard's path that minds capitals does not cover one that does not",
    build: (app) => {
      const careful = nested(
        (router) => {
          router.use("/x/y", requireUser());
          router.use(
            "/x",
            nested((inner) => void inner.get("/y", answer)),
          );
          router.use(
            "/x",
            nested((inner) => void inner.get("/y", answer), { caseSensitive: true }),
          );
        },
        { caseSensitive: true },
      );
      app.use("/api", careful);
    },
    rows: ["GET /api/x/y undeclared", "GET /api/x/y user"],
    probes: { "/api/x/y": 401, "/API/x/Y": 200 },
  },
  {
    title: "route(): guards for all methods and for one",
    build: (app) => {
      app.route("/posts").all(requireUser()).get(answer).post(requireGroups("editors"), answer);
      app.route("/mixed").get(publicRoute(), answer).delete(answer);
      app.route("/all").all(answer);
      app.all("/every", answer);
    },
    rows: [
      "GET /posts user",
      "POST /posts user",
      "GET /mixed public",
      "DELETE /mixed undeclared",
      "* /all undeclared",
      "* /every undeclared",
    ],
    probes: { "/posts": 401, "/mixed": 200, "/all": 200 },
  },
  {
    title: "an OPTIONS route needs no word, and error handlers are no handlers",
    build: (app) => {
      app.options("/*any", answer);
      const onError: express.ErrorRequestHandler = (error, _req, _res, next) => next(error);
      app.get("/late", answer, requireUser(), onError);
    },
    rows: ["OPTIONS /*any preflight", "GET /late undeclared"],
    probes: { "/late": 200 },
  },
  {
    title: "a mounted application cannot be looked into",
    build: (app) => {
      app.use("/open", express().get("/x", answer));
      app.use("/closed", requireUser(), express().get("/x", answer));
    },
    rows: ["* /open undeclared", "* /closed user"],
    probes: { "/open/x": 200, "/closed/x": 401 },
  },
];

describe.each(layouts)("$title", ({ build, rows: expected, probes }) => {
  test("is described", () => {
    expect(rows(appWith(build))).toEqual(expected);
  });

  test.each(Object.entries(probes))("GET %s without a token is answered %i", async (path, status) => {
    await request(appWith(build)).get(path).expect(status);
  });
});

describe("assertRoutesDeclared()", () => {
  test("names method, path and fix of every route that says nothing, and nothing else", () => {
    const app = appWith((it) => {
      it.get("/ok", publicRoute(), answer);
      it.post("/posts", answer);
      it.all("/all", answer);
      it.use("/shop", express());
    });
    expect(() => assertRoutesDeclared(app)).toThrow(
      [
        "3 routes do not say who may call it:",
        '  POST /posts: post("/posts", requireUser(), …), or optionalUser() or publicRoute()',
        '  * /all: all("/all", requireUser(), …), or optionalUser() or publicRoute()',
        '  * /shop: an application is mounted here; mount an express.Router(), which can be looked into, or guard it whole: use("/shop", requireUser(), …)',
      ].join("\n"),
    );
  });

  test("passes when every route says something", () => {
    assertRoutesDeclared(appWith((app) => void app.get("/", publicRoute(), answer)));
    assertRoutesDeclared(nested((router) => void router.use(publicRoute()).get("/", answer)));
  });

  test("an application without routes is a mistake, not a success", () => {
    expect(() => assertRoutesDeclared(appWith(() => {}))).toThrow("there is no route yet; call assertRoutesDeclared()");
  });

  test("on Express 4 it is not offered, and says so", () => {
    const app = express4();
    app.get("/", answer);
    expect(() => assertRoutesDeclared(app)).toThrow("on Express 5 only: Express 4 forgets the paths that it mounts");
  });

  test("a router of before 2.3 is named", () => {
    const old = { stack: [{ handle: answer }] } as unknown as Router;
    expect(() => describeRoutes(old)).toThrow("from version 2.3 of the package router on; update it");
  });
});

test("the matrix is data, and a table for people", () => {
  const app = appWith((it) => {
    it.use("/admin", requireUser({ groups: ["admin"] }));
    it.get("/admin/keys", requireUser(all({ scopes: ["keys"], freshSeconds: 60 }, not({ roles: ["guest"] }))), answer);
    it.get("/me", requireUser({ anonymous: "allow", check: () => true }), answer);
    it.use("/shop", express());
  });
  const routes = describeRoutes(app);
  expect(routes[0]).toEqual({
    method: "GET",
    path: "/admin/keys",
    access: "user",
    requirements: [
      { groups: ["admin"] },
      { all: [{ scopes: ["keys"], freshSeconds: 60 }, { not: { roles: ["guest"] } }] },
    ],
    opaque: false,
  });
  expect(JSON.parse(JSON.stringify(routes))).toEqual(routes);
  expect(formatRoutes(routes)).toBe(
    [
      'GET  /admin/keys                    user {"groups":["admin"]} {"all":[{"scopes":["keys"],"freshSeconds":60},{"not":{"roles":["guest"]}}]}',
      'GET  /me                            user {"anonymous":"allow","check":true}',
      "*    /shop (cannot be looked into)  undeclared",
      "",
    ].join("\n"),
  );
});
