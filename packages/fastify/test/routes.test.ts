import cors from "@fastify/cors";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import {
  assertRoutesDeclared,
  cloudbaseAuth,
  describeRoutes,
  formatRoutes,
  guardScope,
  optionalUser,
  problemDetails,
  publicRoute,
  requireUser,
} from "@cloudbase-auth/fastify";
import type { PluginInput } from "@cloudbase-auth/fastify";
import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { afterAll, describe, expect, test } from "vitest";

const auth = createCloudbaseAuth({ envId: "demo" });
afterAll(() => auth.close());

const answer = () => "handled";

/** Requests without a token are sent to it, so that a guard that is asked answers 401. */
async function appWith(
  build: (app: FastifyInstance) => void | Promise<void>,
  options: PluginInput = { auth },
): Promise<FastifyInstance> {
  const app = Fastify();
  app.setErrorHandler(problemDetails());
  await app.register(cloudbaseAuth, options);
  await build(app);
  return app;
}

async function rowsOf(app: FastifyInstance): Promise<string[]> {
  await app.ready();
  return describeRoutes(app).map(({ method, path, access }) => `${method} ${path} ${access}`);
}

/** What an application with these routes looks like, and requests that show whether it really is like that. */
const layouts: readonly {
  readonly title: string;
  readonly build: (app: FastifyInstance) => void | Promise<void>;
  readonly rows: readonly string[];
  /** Path by path, what a GET without a token is answered with. */
  readonly probes: Readonly<Record<string, 200 | 401>>;
}[] = [
  {
    title: "guards among the route's hooks, and a handler with its guard in it",
    build: (app) => {
      app.get("/me", { onRequest: requireUser() }, answer);
      app.get("/hello", { preValidation: [optionalUser()] }, answer);
      app.post("/posts", { preHandler: [requireUser({ groups: ["editors"] })] }, answer);
      app.get("/health", { onRequest: publicRoute() }, answer);
      app.get("/own", requireUser().handler(answer));
      app.get("/forgotten", answer);
      app.all("/all", { onRequest: requireUser() }, answer);
      app.route({ method: ["GET", "PUT"], url: "/two", handler: answer });
    },
    rows: [
      ...["GET /me user", "GET /hello optional", "POST /posts user", "GET /health public", "GET /own user"],
      ...["GET /forgotten undeclared", "* /all user", "GET /two undeclared", "PUT /two undeclared"],
    ],
    probes: { "/me": 401, "/hello": 200, "/health": 200, "/own": 401, "/forgotten": 200, "/all": 401, "/two": 200 },
  },
  {
    title: "config.auth",
    build: (app) => {
      app.get("/me", { config: { auth: {} } }, answer);
      app.get("/admin", { config: { auth: { groups: ["admin"] } } }, answer);
      app.get("/hello", { config: { auth: "optional" } }, answer);
      app.get("/health", { config: { auth: "public" } }, answer);
      app.get("/both", { config: { auth: "public" }, onRequest: requireUser() }, answer);
      app.get("/nothing", { config: {} }, answer);
    },
    rows: [
      ...["GET /me user", "GET /admin user", "GET /hello optional", "GET /health public", "GET /both user"],
      "GET /nothing undeclared",
    ],
    probes: { "/me": 401, "/admin": 401, "/hello": 200, "/health": 200, "/both": 401, "/nothing": 200 },
  },
  {
    title: "guardScope(): the routes of a scope, of those inside it, and no others",
    build: async (app) => {
      await app.register(
        async (admin) => {
          admin.get("/before", answer);
          guardScope(admin, { groups: ["admin"] });
          admin.get("/x", { config: { auth: "optional" } }, answer);
          await admin.register(async (inner) => void inner.get("/", answer), { prefix: "/inner" });
        },
        { prefix: "/admin" },
      );
      await app.register(async (open) => {
        guardScope(open, "public");
        open.get("/open", answer);
      });
      app.get("/forgotten", answer);
    },
    rows: [
      ...["GET /admin/before user", "GET /admin/x user", "GET /admin/inner user", "GET /open public"],
      "GET /forgotten undeclared",
    ],
    probes: { "/admin/before": 401, "/admin/x": 401, "/admin/inner/": 401, "/open": 200, "/forgotten": 200 },
  },
  {
    title: "guardScope() on the whole application",
    build: (app) => {
      guardScope(app, {});
      app.get("/", { config: { auth: "public" } }, answer);
    },
    rows: ["GET / user"],
    probes: { "/": 401 },
  },
  {
    title: "HEAD and OPTIONS: those that Fastify and @fastify/cors add need no word; a HEAD of its own does",
    build: async (app) => {
      await app.register(cors);
      app.get("/x", { config: { auth: {} } }, answer);
      app.get("/y", { config: { auth: {} }, exposeHeadRoute: false }, answer);
      app.head("/y", answer);
    },
    rows: ["OPTIONS * preflight", "GET /x user", "GET /y user", "HEAD /y undeclared"],
    probes: { "/x": 401, "/y": 401 },
  },
];

describe.each(layouts)("$title", ({ build, rows, probes }) => {
  test("is described", async () => {
    expect(await rowsOf(await appWith(build))).toEqual(rows);
  });

  test.each(Object.entries(probes))("GET %s without a token is answered %i", async (url, status) => {
    expect((await (await appWith(build)).inject(url)).statusCode).toBe(status);
  });
});

test("a HEAD route that Fastify adds is guarded as its GET is", async () => {
  const app = await appWith((it) => {
    it.get("/config", { config: { auth: {} } }, answer);
    it.get("/own", requireUser().handler(answer));
  });
  for (const url of ["/config", "/own"]) expect((await app.inject({ method: "HEAD", url })).statusCode).toBe(401);
});

describe("assertRoutesDeclared()", () => {
  const fix =
    'config: { auth: … } ("public", "optional" or a requirement such as { groups: ["admin"] }), or guardScope() around it';

  test("names method, path and fix of every route that says nothing, and nothing else", async () => {
    const app = await appWith((it) => {
      it.get("/ok", { config: { auth: "public" } }, answer);
      it.post("/posts", answer);
      it.all("/all", answer);
    });
    await app.ready();
    expect(() => assertRoutesDeclared(app)).toThrow(
      `2 routes do not say who may call it:\n  POST /posts: ${fix}\n  * /all: ${fix}`,
    );
  });

  test("passes when every route says something", async () => {
    const app = await appWith((it) => void it.get("/", { config: { auth: "public" } }, answer));
    await app.ready();
    assertRoutesDeclared(app);
  });

  test("before app.ready() it cannot know, and says so", async () => {
    const app = await appWith((it) => {
      it.get("/", { config: { auth: "public" } }, answer);
      void it.register(async (late) => void late.get("/late", answer));
    });
    expect(() => assertRoutesDeclared(app)).toThrow("await app.ready() first");
    await app.ready();
    expect(() => assertRoutesDeclared(app)).toThrow(`1 route does not say who may call it:\n  GET /late: ${fix}`);
  });

  test("an application without routes, or without the plugin, is a mistake and not a success", async () => {
    const app = await appWith(() => {});
    await app.ready();
    expect(() => assertRoutesDeclared(app)).toThrow("there is no route yet");
    expect(() => assertRoutesDeclared(Fastify())).toThrow(
      "describeRoutes() needs an instance that cloudbaseAuth covers; await app.register(cloudbaseAuth, …) on it first",
    );
  });
});

describe('everyRoute: "declared"', () => {
  const declared = { auth, everyRoute: "declared" } as const;

  test("a route that says nothing cannot be declared", async () => {
    const app = await appWith(() => {}, declared);
    expect(() => app.get("/x", answer)).toThrow("GET /x does not say who may call it: config: { auth: … }");
    await expect(
      app.register(async (scope) => void scope.route({ method: ["GET", "OPTIONS"], url: "/y", handler: answer })),
    ).rejects.toThrow("GET, OPTIONS /y does not say who may call it");
  });

  test("what says something, and what @fastify/cors and Fastify add, can", async () => {
    const app = await appWith(async (it) => {
      await it.register(cors);
      it.get("/me", { config: { auth: {} } }, answer);
      it.get("/health", { onRequest: publicRoute() }, answer);
      await it.register(async (scope) => {
        guardScope(scope, {});
        scope.get("/scope", answer);
      });
    }, declared);
    expect(await rowsOf(app)).toEqual(["OPTIONS * preflight", "GET /me user", "GET /health public", "GET /scope user"]);
    const preflight = await app.inject({
      method: "OPTIONS",
      url: "/me",
      headers: { origin: "https://app.example", "access-control-request-method": "GET" },
    });
    expect(preflight.statusCode).toBe(204);
  });

  test("anything else for it is a TypeError", async () => {
    const odd = { auth, everyRoute: true } as unknown as PluginInput;
    await expect(Fastify().register(cloudbaseAuth, odd)).rejects.toThrow('option everyRoute must be "declared"');
  });
});

describe("routes that were declared before the plugin was there", () => {
  async function earlyApp(options: PluginInput) {
    const app = Fastify();
    app.setErrorHandler(problemDetails());
    void app.register(cloudbaseAuth, options);
    app.get("/config", { config: { auth: { groups: ["admin"] } } }, answer);
    app.get("/own", requireUser().handler(answer));
    app.get("/plain", { config: {} }, answer);
    await app.ready();
    return app;
  }

  test("never answer past a config.auth that nobody read", async () => {
    const answered = await (await earlyApp({ auth })).inject("/config");
    expect(answered.statusCode).toBe(500);
    expect(answered.json()).toMatchObject({
      message: "who may call GET /config is not in force; await app.register(cloudbaseAuth, …) before the first route",
    });
  });

  test("a handler with its guard in it guards all the same; others answer", async () => {
    const app = await earlyApp({ auth });
    expect((await app.inject("/own")).statusCode).toBe(401);
    expect((await app.inject("/plain")).statusCode).toBe(200);
    expect((await app.inject("/nowhere")).statusCode).toBe(404);
  });

  test('with everyRoute: "declared" none of them answers', async () => {
    const app = await earlyApp({ auth, everyRoute: "declared" });
    expect((await app.inject("/plain")).statusCode).toBe(500);
    expect((await app.inject("/own")).statusCode).toBe(500);
    expect((await app.inject("/nowhere")).statusCode).toBe(404);
  });

  test("are one row that cannot be looked into, and assertRoutesDeclared() says what to do", async () => {
    const app = await earlyApp({ auth });
    expect(await rowsOf(app)).toEqual(["* (declared before the plugin) undeclared"]);
    expect(() => assertRoutesDeclared(app)).toThrow("await app.register(cloudbaseAuth, …) before the first route");
  });

  test("routes outside the plugin's scope are none of its business", async () => {
    const app = Fastify();
    app.get("/outside", answer);
    await app.register(async (api) => {
      await api.register(cloudbaseAuth, { auth });
      api.get("/inside", { config: { auth: {} } }, answer);
      api.addHook("onReady", (done) => {
        assertRoutesDeclared(api);
        done();
      });
    });
    expect((await app.inject("/outside")).statusCode).toBe(200);
    expect((await app.inject("/inside")).statusCode).toBe(401);
  });
});

test("guardScope() must not speak for the whole application, and wants the plugin", async () => {
  const app = await appWith(() => {});
  for (const access of ["public", "optional"] as const) {
    expect(() => guardScope(app, access)).toThrow(
      `guardScope(app, "${access}") on the whole application would speak for the routes that somebody forgot`,
    );
  }
  expect(() => guardScope(app, { group: [] } as never)).toThrow(
    'the requirement of guardScope(): the requirement has no member "group"',
  );
  expect(() => guardScope(Fastify(), {})).toThrow("guardScope() needs an instance that cloudbaseAuth covers");
});

test("the matrix is data, and a table for people", async () => {
  const app = await appWith((it) => {
    guardScope(it, { groups: ["admin"] });
    it.get("/keys", { config: { auth: { scopes: ["keys"] } } }, answer);
  });
  await app.ready();
  const routes = describeRoutes(app);
  expect(routes).toEqual([
    {
      method: "GET",
      path: "/keys",
      access: "user",
      requirements: [{ groups: ["admin"] }, { scopes: ["keys"] }],
      opaque: false,
    },
  ]);
  expect(formatRoutes(routes)).toBe('GET  /keys  user {"groups":["admin"]} {"scopes":["keys"]}\n');
});
