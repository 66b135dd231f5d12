import { createRequire } from "node:module";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createStandIn, createWorld, nobody, oddRejections, refusal } from "@cloudbase-auth/adapter-contract";
import type { World } from "@cloudbase-auth/adapter-contract";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import pluginByDefault, { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import type { Guard } from "@cloudbase-auth/fastify";
import Fastify from "fastify";
import type { FastifyPluginCallback } from "fastify";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

// By require, without its types: they declare request.user differently, in every file of the program.
const jwt = createRequire(import.meta.url)("@fastify/jwt") as FastifyPluginCallback<{ secret: string }>;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const bearer = async () => ({ authorization: `Bearer ${await world.token()}` });

describe("registration", () => {
  test("under its name, for the whole scope, also as the default export", async () => {
    expect(pluginByDefault).toBe(cloudbaseAuth);
    const app = Fastify();
    await app.register(cloudbaseAuth, world.reachable);
    expect(app.hasPlugin("@cloudbase-auth/fastify")).toBe(true);
    expect(app.hasRequestDecorator("user")).toBe(true);
    app.get("/", (request) => request.auth?.state);
    expect((await app.inject("/")).body).toBe("absent");
  });

  test("options of register() itself and of autoload are not ours", async () => {
    const app = Fastify();
    await app.register(cloudbaseAuth, { auth: world.reachable, prefix: "/x", logLevel: "warn", logSerializers: {} });
    app.get("/", { onRequest: requireUser() }, ({ user }) => user?.id);
    expect((await app.inject({ url: "/", headers: await bearer() })).body).toBe("person");
  });

  test("beside @fastify/jwt: an error that names it and the fix", async () => {
    const app = Fastify();
    await app.register(jwt, { secret: "a secret" });
    await expect(app.register(cloudbaseAuth, world.reachable)).rejects.toThrow(
      'request.user is decorated already, by @fastify/jwt or another plugin or a second cloudbaseAuth(); give ours another name with property: { user: "…" }',
    );
  });

  test("beside @fastify/jwt, renamed: both work, and nothing is written under the old names", async () => {
    const app = Fastify();
    await app.register(jwt, { secret: "a secret" });
    await app.register(cloudbaseAuth, {
      auth: world.reachable,
      property: { user: "person", auth: "personAuth" },
    });
    app.get("/", { onRequest: requireUser() }, (request) => ({
      user: request.user ?? "untouched",
      auth: "auth" in request,
      person: Reflect.get(request, "person") as unknown,
      state: (Reflect.get(request, "personAuth") as { state: string }).state,
    }));
    const answer = await app.inject({ url: "/", headers: await bearer() });
    expect(answer.json()).toMatchObject({
      user: "untouched",
      auth: false,
      person: { id: "person" },
      state: "authenticated",
    });
  });

  test("twice: the same error; twice under other names: both", async () => {
    const app = Fastify();
    await app.register(cloudbaseAuth, world.reachable);
    await expect(app.register(cloudbaseAuth, world.reachable)).rejects.toThrow("a second cloudbaseAuth()");
    const other = Fastify();
    await other.register(cloudbaseAuth, world.reachable);
    await other.register(cloudbaseAuth, { auth: world.unreachable, property: { user: "b", auth: "bAuth" } });
    other.get("/", (request) => [request.auth?.state, Reflect.get(request, "bAuth") as unknown]);
    const answer = await other.inject({ url: "/", headers: await bearer() });
    expect(answer.json()).toMatchObject(["authenticated", { state: "unavailable" }]);
  });

  test("auth alone taken: the error says so", async () => {
    const app = Fastify();
    app.decorateRequest("auth");
    await expect(app.register(cloudbaseAuth, world.reachable)).rejects.toThrow("request.auth is decorated already");
  });

  test.for([
    [{ envId: "Not An Id" }, "envId"],
    [{ envId: "demo", prefx: "/x" } as never, "prefx"],
  ] as const)("wrong options fail at boot: %o", async ([options, named]) => {
    await expect(Fastify().register(cloudbaseAuth, options)).rejects.toThrow(TypeError);
    await expect(Fastify().register(cloudbaseAuth, options)).rejects.toThrow(named);
  });

  test("wrong requirements fail where the route is declared", () => {
    expect(() => requireUser({ scope: ["read"] } as never)).toThrow(TypeError);
  });
});

describe("life", () => {
  test("nothing is fetched at boot; its own instance is closed with the application, another's is not", async () => {
    let hits = 0;
    const keys = createServer((_req, res) => {
      hits += 1;
      res.end('{"keys":[]}');
    });
    await new Promise<void>((resolve) => void keys.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(keys.address() as AddressInfo).port}`;
    const connections = () => new Promise<number>((resolve) => keys.getConnections((_error, count) => resolve(count)));

    const app = Fastify();
    await app.register(cloudbaseAuth, { envId: "demo", endpoint, issuers: world.issuer, onWarning: () => {} });
    app.get("/", (request) => request.auth?.state);
    await app.ready();
    expect(hits).toBe(0);
    await app.inject({ url: "/", headers: await bearer() });
    expect(hits).toBe(1);
    expect(await connections()).toBe(1);
    await app.close();
    await vi.waitFor(async () => expect(await connections()).toBe(0));
    keys.close();

    const close = vi.fn(() => Promise.resolve());
    const other = Fastify();
    await other.register(cloudbaseAuth, { ...createStandIn({}), close });
    await other.close();
    expect(close).not.toHaveBeenCalled();
  });

  test("under inject(): repeated Authorization lines are seen", async () => {
    const app = Fastify();
    await app.register(cloudbaseAuth, world.reachable);
    app.get("/", (request) => request.auth?.state);
    const { authorization } = await bearer();
    const lines = [authorization, authorization] as unknown as string;
    expect((await app.inject({ url: "/", headers: { authorization: lines } })).body).toBe("rejected");
  });
});

describe("callbacks", () => {
  test.for(["onRequest", "preValidation", "preHandler"] as const)(
    "a known answer costs no promise: done is called at once, %s",
    async (hook) => {
      await world.reachable.ready();
      const app = Fastify();
      const log: string[] = [];
      app.addHook("onRequest", (_request, _reply, done) => {
        done();
        // What stands before this line ran inside done(): the plugin's hook and the one behind it.
        log.push("first hook returned");
      });
      await app.register(cloudbaseAuth, world.reachable);
      app.addHook("onRequest", (_request, _reply, done) => {
        log.push("hook behind the plugin");
        done();
      });
      const atOnce = (guard: Guard): Guard => {
        return (request, reply, done) => {
          let called = 0;
          const returned: unknown = guard(request, reply, () => (called += 1));
          log.push(`done ${called}, returned ${String(returned)}`);
          done();
        };
      };
      app.get("/", { [hook]: [atOnce(requireUser()), atOnce(optionalUser())] }, () => "handled");
      expect((await app.inject({ url: "/", headers: await bearer() })).body).toBe("handled");
      expect(log.filter((line) => line.startsWith("done"))).toEqual(Array(2).fill("done 1, returned undefined"));
      expect(log.indexOf("hook behind the plugin")).toBeLessThan(log.indexOf("first hook returned"));
    },
  );

  test("a late answer goes on once, when it is there", async () => {
    const app = Fastify();
    let handled = 0;
    await app.register(
      cloudbaseAuth,
      createStandIn({ authenticate: async () => nobody, authorize: async () => undefined }),
    );
    app.get("/", { preHandler: [requireUser(), optionalUser()] }, () => ++handled);
    expect((await app.inject("/")).body).toBe("1");
  });

  test("a late refusal is handed on", async () => {
    const app = Fastify();
    await app.register(cloudbaseAuth, createStandIn({ authorize: async () => refusal }));
    app.get("/", { onRequest: requireUser() }, () => "handled");
    expect((await app.inject("/")).json()).toMatchObject({ statusCode: 403, code: "forbidden" });
  });

  test.for(oddRejections)("a promise rejected with %o stops the request", async (odd) => {
    const rejects = () => Promise.reject(odd as Error);
    for (const answers of [{ authenticate: rejects }, { authorize: rejects }]) {
      const app = Fastify();
      await app.register(cloudbaseAuth, createStandIn(answers));
      app.get("/", { onRequest: requireUser() }, () => "handled");
      expect((await app.inject("/")).json()).toMatchObject({
        statusCode: 500,
        message: "the request could not be judged",
      });
    }
  });

  test.for([
    ["requireUser()", requireUser()],
    ["optionalUser()", optionalUser()],
  ] as const)(
    "%s without cloudbaseAuth() in front fails at once, whatever request.user says",
    async ([name, guard]) => {
      const app = Fastify();
      app.decorateRequest("user");
      app.addHook("onRequest", (request, _reply, done) => {
        Object.assign(request, { user: { id: "planted" } });
        done();
      });
      app.get("/", { onRequest: guard }, () => "handled");
      const answer = await app.inject("/");
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toMatchObject({
        message: `${name} ran on a request that cloudbaseAuth() has not seen; mount cloudbaseAuth() in front of it`,
      });
    },
  );

  test("a route outside of the plugin's scope is such a request", async () => {
    const app = Fastify();
    await app.register(async (scope) => {
      await scope.register(cloudbaseAuth, world.reachable);
    });
    app.get("/", { onRequest: requireUser() }, () => "handled");
    expect((await app.inject("/")).statusCode).toBe(500);
  });
});

describe("the framework's own error handling", () => {
  test("Fastify always sends the message, so it is the fixed sentence", async () => {
    const app = Fastify();
    await app.register(cloudbaseAuth, world.unreachable);
    app.get("/", { onRequest: requireUser() }, () => "handled");
    const answer = await app.inject({ url: "/", headers: await bearer() });
    expect(answer.json()).toEqual({
      statusCode: 503,
      code: "service_unavailable",
      error: "Service Unavailable",
      message:
        "A service that signing in and checking tokens depend on is out of reach; nothing is known against what was sent, retry it later.",
    });
    expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
  });
});

describe("problemDetails()", () => {
  test("hands other errors on to the default handling, just as it would be without", async () => {
    const answers = [];
    for (const handler of [undefined, problemDetails()]) {
      const app = Fastify();
      if (handler !== undefined) app.setErrorHandler(handler);
      app.get("/teapot", () => {
        throw Object.assign(new Error("of somebody else"), {
          statusCode: 418,
          code: "invalid_token",
          headers: { "x-y": "1" },
        });
      });
      app.post("/json", () => "handled");
      const teapot = await app.inject("/teapot");
      const json = await app.inject({
        method: "POST",
        url: "/json",
        headers: { "content-type": "application/json" },
        body: "{",
      });
      answers.push([teapot, json].map(({ statusCode, body, headers }) => ({ statusCode, body, ...headers, date: "" })));
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject([{ statusCode: 418, "x-y": "1" }, { statusCode: 400 }]);
  });

  test("hands other errors on to the handler of the enclosing scope", async () => {
    const app = Fastify();
    app.setErrorHandler((error, _request, reply) => {
      void reply.code(500).send({ outer: error instanceof Error ? error.message : "?" });
    });
    await app.register((scope, _options, done) => {
      scope.setErrorHandler(problemDetails());
      scope.get("/", () => {
        throw new Error("of somebody else");
      });
      done();
    });
    expect((await app.inject("/")).json()).toEqual({ outer: "of somebody else" });
  });

  test("answers a call that failed on the client's behalf, in its language, and keeps what Vary says", async () => {
    const auth = createCloudbaseAuth({ envId: "demo", endpoint: world.issuer, locale: "auto" });
    const app = Fastify();
    app.setErrorHandler(problemDetails());
    app.get("/", async (request, reply) => {
      reply.header("Vary", "Origin");
      await auth.client.signIn({ username: "nobody", password: "wrong" }).catch((error: unknown) => {
        throw auth.refusalOf(error, request) ?? error;
      });
    });
    const answer = await app.inject({ url: "/", headers: { "accept-language": "zh" } });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toEqual({
      type: "urn:cloudbase-auth:error:upstream_rejected",
      title: "登录服务拒绝了请求",
      status: 403,
      detail: "登录服务拒绝了该请求；请更正所提交的内容或完成缺少的步骤，然后重新提交。",
      code: "upstream_rejected",
    });
    expect(answer.headers).toMatchObject({ "content-language": "zh", vary: "Origin, Accept-Language" });
    await auth.close();
  });

  test("a call that failed and that nobody translates is our 500, never the client's 401", async () => {
    const auth = createCloudbaseAuth({ envId: "demo", endpoint: world.issuer });
    const app = Fastify();
    app.setErrorHandler(problemDetails());
    app.get("/", async () => {
      await auth.client.user.me({ accessToken: "of-nobody" });
    });
    expect((await app.inject("/")).statusCode).toBe(500);
    await auth.close();
  });

  test("no serializer of the route touches the body, and HEAD has the length of GET", async () => {
    const app = Fastify();
    app.setErrorHandler(problemDetails());
    await app.register(cloudbaseAuth, world.reachable);
    const response = { "4xx": { type: "object", properties: { other: { type: "string" } } } };
    app.get("/", { onRequest: requireUser(), schema: { response } }, () => "handled");
    const get = await app.inject("/");
    expect(get.json()).toMatchObject({ code: "missing_token", status: 401 });
    const head = await app.inject({ method: "HEAD", url: "/" });
    expect(head.headers).toMatchObject({ "content-length": get.headers["content-length"] });
    expect(head.statusCode).toBe(401);
  });
});
