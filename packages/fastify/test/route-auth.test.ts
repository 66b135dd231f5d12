import fastifyAuth from "@fastify/auth";
import formbody from "@fastify/formbody";
import { createWorld } from "@cloudbase-auth/adapter-contract";
import type { World } from "@cloudbase-auth/adapter-contract";
import { createCloudbaseAuth, fromForm, fromHeader } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import {
  cloudbaseAuth,
  describeRoutes,
  getUser,
  guardScope,
  optionalUser,
  problemDetails,
  publicRoute,
  requireUser,
} from "@cloudbase-auth/fastify";
import type { PluginInput, RouteAuth } from "@cloudbase-auth/fastify";
import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let world: World;
/** The same users, whose tokens may come in a form too. */
let forms: CloudbaseAuth;
let signedIn: { authorization: string };
let admin: { authorization: string };
beforeAll(async () => {
  world = await createWorld();
  forms = createCloudbaseAuth({
    envId: "demo",
    endpoint: world.issuer,
    credentials: [fromHeader(), fromForm()],
  });
  signedIn = { authorization: `Bearer ${await world.token()}` };
  admin = { authorization: `Bearer ${await world.token({ groups: ["admin"] })}` };
});
afterAll(async () => {
  await forms.close();
  await world.close();
});

async function appWith(options?: PluginInput): Promise<FastifyInstance> {
  const app = Fastify();
  app.setErrorHandler(problemDetails());
  await app.register(cloudbaseAuth, options ?? world.reachable);
  return app;
}

const statusOf = async (app: FastifyInstance, url: string, headers = {}) =>
  (await app.inject({ url, headers })).statusCode;

describe("config.auth", () => {
  test("works like requireUser() in onRequest: before the body is read", async () => {
    const app = await appWith();
    app.post("/admin", { config: { auth: { groups: ["admin"] } }, bodyLimit: 1 }, ({ user }) => user?.id);
    const post = (headers = {}) =>
      app.inject({ method: "POST", url: "/admin", headers, payload: { much: "too long" } });
    expect((await post()).statusCode).toBe(401);
    expect((await post(signedIn)).statusCode).toBe(403);
    expect((await post(admin)).statusCode).toBe(413);
  });

  test('"optional" refuses a bad token and nobody else', async () => {
    const app = await appWith();
    app.get("/", { config: { auth: "optional" } }, ({ auth }) => auth?.state);
    expect(await statusOf(app, "/")).toBe(200);
    expect(await statusOf(app, "/", { authorization: "Bearer abc" })).toBe(401);
  });

  test("is added to the route's own hooks, behind them, and leaves the options alone", async () => {
    const app = await appWith();
    const seen: unknown[] = [];
    const onRequest = [
      (_request: unknown, _reply: unknown, done: () => void) => {
        seen.push("own");
        done();
      },
    ];
    const options = { config: { auth: {}, other: 1 }, onRequest };
    app.get("/", options, (request) => request.routeOptions.config);
    app.get("/again", options, () => "");
    expect(options).toEqual({ config: { auth: {}, other: 1 }, onRequest });
    expect((await app.inject({ url: "/", headers: signedIn })).json()).toEqual({
      auth: {},
      other: 1,
      url: "/",
      method: "GET",
    });
    expect(await statusOf(app, "/")).toBe(401);
    expect(seen).toEqual(["own", "own"]);
  });

  test.for<[unknown, string]>([
    ["admin", 'config.auth of GET /x must be "public", "optional" or a requirement such as { groups: ["admin"] }'],
    [null, "config.auth of GET /x must be"],
    [true, "config.auth of GET /x must be"],
    [{ group: ["admin"] }, 'config.auth of GET /x: the requirement has no member "group"'],
    [{ groups: [] }, "config.auth of GET /x: requirement.groups must be an array of at least one"],
  ])("%o is a TypeError where the route is declared", async ([auth, message]) => {
    const app = await appWith();
    const declare = () => app.get("/x", { config: { auth: auth as RouteAuth } }, () => "");
    expect(declare).toThrow(TypeError);
    expect(declare).toThrow(message);
  });
});

describe("requireUser().handler()", () => {
  test("guards before the body is read, and hands the user over", async () => {
    const app = await appWith();
    app.post<{ Params: { id: string } }>(
      "/users/:id",
      { bodyLimit: 1 },
      requireUser().handler((request) => [request.params.id, request.user.id]),
    );
    const post = (headers = {}, payload?: object) =>
      app.inject({ method: "POST", url: "/users/7", headers, ...(payload && { payload }) });
    expect((await post({}, { much: "too long" })).statusCode).toBe(401);
    expect((await post(signedIn, { much: "too long" })).statusCode).toBe(413);
    expect((await post(signedIn)).json()).toEqual(["7", "person"]);
  });

  test("keeps what Fastify binds, and handlers that send later", async () => {
    const app = await appWith();
    app.decorate("greeting", "hello");
    app.get(
      "/",
      requireUser().handler(function (this: unknown, _request, reply) {
        setImmediate(() => void reply.send((this as { greeting: string }).greeting));
      }),
    );
    expect((await app.inject({ url: "/", headers: signedIn })).body).toBe("hello");
  });

  test("on a route that the plugin did not see, the same", async () => {
    const app = Fastify();
    app.setErrorHandler(problemDetails());
    void app.register(cloudbaseAuth, world.reachable);
    app.get(
      "/now",
      requireUser().handler((request) => request.user.id),
    );
    app.get(
      "/later",
      requireUser().handler((request, reply) => {
        setImmediate(() => void reply.send(request.user.id));
      }),
    );
    for (const url of ["/now", "/later"]) {
      expect((await app.inject({ url, headers: signedIn })).body).toBe("person");
      expect(await statusOf(app, url)).toBe(401);
    }
  });

  test("under another name it fails instead of handing over what is not there", async () => {
    const app = await appWith({ auth: world.reachable, property: { user: "person" } });
    app.get(
      "/",
      requireUser().handler(() => "never"),
    );
    const answer = await app.inject({ url: "/", headers: signedIn });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({
      message: expect.stringContaining("handler() gives its handler user and auth") as string,
    });
  });

  test("wants a handler", () => {
    expect(() => requireUser().handler(undefined as never)).toThrow(TypeError);
  });
});

test("getUser() is the user, whatever the property is called, or says what is missing", async () => {
  const app = await appWith({ auth: world.reachable, property: { user: "person" } });
  app.get("/", { onRequest: optionalUser() }, (request) => getUser(request).id);
  expect((await app.inject({ url: "/", headers: signedIn })).body).toBe("person");
  expect((await app.inject("/")).json()).toMatchObject({
    message: "getUser() found nobody, as auth.state is absent; put requireUser() in front of the handler",
  });
  expect(() => getUser({})).toThrow("getUser() ran on a request that cloudbaseAuth() has not seen");
});

describe("within @fastify/auth", () => {
  const hasKey = (request: { headers: Record<string, unknown> }, _reply: unknown, done: (error?: Error) => void) =>
    done(request.headers["x-key"] === "k" ? undefined : Object.assign(new Error("no key"), { statusCode: 418 }));

  async function authApp(): Promise<FastifyInstance> {
    const app = await appWith();
    await app.register(fastifyAuth);
    app.get("/or", { onRequest: app.auth([hasKey, requireUser()]) }, () => "in");
    app.get("/and", { preHandler: app.auth([requireUser(), hasKey], { relation: "and" }) }, () => "in");
    return app;
  }

  test("or: either opens; the answer is that of the last", async () => {
    const app = await authApp();
    expect(await statusOf(app, "/or", signedIn)).toBe(200);
    expect(await statusOf(app, "/or", { "x-key": "k" })).toBe(200);
    const refused = await app.inject("/or");
    expect(refused.statusCode).toBe(401);
    expect(refused.headers["www-authenticate"]).toBe('Bearer realm="cloudbase"');
  });

  test("and: both are needed", async () => {
    const app = await authApp();
    expect(await statusOf(app, "/and", { ...signedIn, "x-key": "k" })).toBe(200);
    expect(await statusOf(app, "/and", signedIn)).toBe(418);
    expect(await statusOf(app, "/and", { "x-key": "k" })).toBe(401);
  });

  test("what is inside cannot be seen: such a route says it by config.auth", async () => {
    const app = await authApp();
    app.get("/said", { config: { auth: "optional" }, onRequest: app.auth([hasKey, requireUser()]) }, () => "in");
    await app.ready();
    const rows = describeRoutes(app).map(({ path, access }) => `${path} ${access}`);
    expect(rows).toEqual(["/or undeclared", "/and undeclared", "/said optional"]);
    expect(await statusOf(app, "/said", { "x-key": "k" })).toBe(200);
    expect(await statusOf(app, "/said", { "x-key": "k", authorization: "Bearer abc" })).toBe(401);
  });
});

describe("with fromForm(): it is known behind the body parser who is calling", () => {
  async function formApp(): Promise<FastifyInstance> {
    const app = await appWith(forms);
    await app.register(formbody);
    return app;
  }
  const post = async (app: FastifyInstance, url: string) =>
    app.inject({
      method: "POST",
      url,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      payload: `access_token=${await world.token()}`,
    });

  test.for(["user", "optional"] as const)(
    "a guard in onRequest is an error where the route is declared: %s",
    async (kind) => {
      const app = await formApp();
      const guard = kind === "user" ? requireUser() : optionalUser();
      expect(() => app.post("/x", { onRequest: [guard] }, () => "")).toThrow(
        "POST /x has a guard in onRequest, but with fromForm() it is known only behind the body parser who is calling; put it into preValidation or preHandler, or say config: { auth }",
      );
    },
  );

  test("guards behind it, config.auth, handlers with a guard in them and guardScope() work", async () => {
    const app = await formApp();
    app.post("/preValidation", { preValidation: requireUser() }, ({ user }) => user?.id);
    app.post("/preHandler", { preHandler: requireUser() }, ({ user }) => user?.id);
    app.post("/config", { config: { auth: {} } }, ({ user }) => user?.id);
    app.post(
      "/handler",
      requireUser().handler(({ user }) => user.id),
    );
    app.post("/public", { onRequest: publicRoute() }, ({ user }) => user?.id);
    await app.register(async (scope) => {
      guardScope(scope, {});
      scope.post("/scope", ({ user }) => user?.id);
    });
    for (const url of ["/preValidation", "/preHandler", "/config", "/handler", "/scope"]) {
      expect((await post(app, url)).body, url).toBe("person");
      expect((await app.inject({ method: "POST", url })).statusCode, url).toBe(401);
    }
    expect((await post(app, "/public")).body).toBe("person");
  });
});
