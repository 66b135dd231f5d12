import { createStandIn, createWorld, nobody, oddRejections, refusal } from "@cloudbase-auth/adapter-contract";
import type { World } from "@cloudbase-auth/adapter-contract";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { cloudbaseAuth, isAuthError, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/express";
import express5 from "express";
import type { ErrorRequestHandler, RequestHandler } from "express";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { express4 } from "./express4.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const guardSentence = "ran on a request that cloudbaseAuth() has not seen; mount cloudbaseAuth() in front of it";

describe.for([
  ["Express 5", express5],
  ["Express 4", express4],
] as const)("%s", ([_name, express]) => {
  /** An application that answers its errors as `{ error, message }`, so that the test sees which one it was. */
  function appWith(...handlers: RequestHandler[]) {
    const app = express();
    const tell: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
      const message = error instanceof Error ? error.message : String(error);
      res.status(500).json({ isAuthError: isAuthError(error), message });
    };
    app.get("/", ...handlers, (_req, res) => void res.json("handled"));
    app.use(tell);
    return app;
  }

  /** Runs `handler` between two marks, to see whether `next` was called before it returned. */
  function calledAtOnce(handler: RequestHandler, log: string[]): RequestHandler {
    return (req, res, next) => {
      const returned: unknown = handler(req, res, (error?: unknown) => {
        log.push("next");
        next(error);
      });
      log.push(`returned ${String(returned)}`);
    };
  }

  test("a known answer costs no promise: next is called before the middleware returns", async () => {
    await world.reachable.ready();
    const log: string[] = [];
    const app = appWith(
      calledAtOnce(cloudbaseAuth(world.reachable), log),
      calledAtOnce(requireUser(), log),
      calledAtOnce(optionalUser(), log),
    );
    await request(app)
      .get("/")
      .auth(await world.token(), { type: "bearer" })
      .expect(200, '"handled"');
    // Each calls the next one from inside, so the returns come last.
    expect(log).toEqual(["next", "next", "next", "returned undefined", "returned undefined", "returned undefined"]);
  });

  test("a late answer goes on once, when it is there", async () => {
    const log: string[] = [];
    const auth = createStandIn({ authenticate: async () => nobody, authorize: async () => undefined });
    const app = appWith(calledAtOnce(cloudbaseAuth(auth), log), calledAtOnce(requireUser(), log));
    await request(app).get("/").expect(200);
    expect(log).toEqual(["returned undefined", "next", "returned undefined", "next"]);
  });

  test("a late refusal is handed to next", async () => {
    const auth = createStandIn({ authorize: async () => refusal });
    await request(appWith(cloudbaseAuth(auth), requireUser()))
      .get("/")
      .expect(500, { isAuthError: true, message: refusal.message });
  });

  test.for(oddRejections)("a promise rejected with %o stops the request", async (odd) => {
    const rejects = () => Promise.reject(odd as Error);
    const closed = { isAuthError: false, message: "the request could not be judged" };
    await request(appWith(cloudbaseAuth(createStandIn({ authenticate: rejects }))))
      .get("/")
      .expect(500, closed);
    await request(appWith(cloudbaseAuth(createStandIn({ authorize: rejects })), requireUser()))
      .get("/")
      .expect(500, closed);
  });

  test("a promise rejected with an error hands that error on", async () => {
    const auth = createStandIn({ authenticate: () => Promise.reject(new Error("broken")) });
    await request(appWith(cloudbaseAuth(auth)))
      .get("/")
      .expect(500, { isAuthError: false, message: "broken" });
  });

  test.for([
    ["requireUser()", requireUser()],
    ["optionalUser()", optionalUser()],
  ] as const)("%s without cloudbaseAuth() in front fails at once, whatever req.user says", async ([name, guard]) => {
    const plant: RequestHandler = (req, _res, next) => {
      Object.assign(req, { user: { id: "planted" }, auth: { state: "authenticated" } });
      next();
    };
    await request(appWith(plant, guard))
      .get("/")
      .expect(500, { isAuthError: false, message: `${name} ${guardSentence}` });
  });

  test("property renames both, and nothing is written under the old names", async () => {
    const seen: object[] = [];
    const app = appWith(
      (req, _res, next) => {
        Object.assign(req, { user: "of passport", auth: "of express-jwt" });
        next();
      },
      cloudbaseAuth({ auth: world.reachable, property: { user: "person", auth: "personAuth" } }),
      requireUser(),
      (req, _res, next) => {
        seen.push(
          Object.fromEntries(["user", "auth", "person", "personAuth"].map((name) => [name, Reflect.get(req, name)])),
        );
        next();
      },
    );
    await request(app)
      .get("/")
      .auth(await world.token(), { type: "bearer" })
      .expect(200);
    expect(seen).toMatchObject([
      { user: "of passport", auth: "of express-jwt", person: { id: "person" }, personAuth: { state: "authenticated" } },
    ]);
  });

  describe("the framework's own error handling", () => {
    test("in production: status, headers and no stack", async () => {
      const app = express();
      app.set("env", "production");
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      app.get("/", cloudbaseAuth(world.reachable), requireUser());
      const answer = await request(app).get("/").expect(401).expect("www-authenticate", 'Bearer realm="cloudbase"');
      expect(answer.text).toContain("Unauthorized");
      expect(answer.text).not.toContain("node_modules");
      // Express logs every error that reaches its default handler, a while after it has answered.
      await vi.waitFor(() => expect(log).toHaveBeenCalledOnce());
      log.mockRestore();
    });
  });

  describe("problemDetails()", () => {
    test("passes other errors on", async () => {
      const app = express();
      const other: ErrorRequestHandler = (error: unknown, _req, res, _next) =>
        void res.status(418).send(error instanceof Error ? error.message : "?");
      app.get("/", () => {
        throw Object.assign(new Error("of somebody else"), { status: 401, code: "invalid_token" });
      });
      app.use(problemDetails(), other);
      await request(app).get("/").expect(418, "of somebody else");
    });

    test("answers a call that failed on the client's behalf, in its language, and keeps what Vary says", async () => {
      const auth = createCloudbaseAuth({ envId: "demo", endpoint: world.issuer, locale: "auto" });
      const app = express();
      app.get("/", async (req, res, next) => {
        res.vary("Origin");
        try {
          await auth.client.signIn({ username: "nobody", password: "wrong" });
        } catch (error) {
          next(auth.refusalOf(error, req) ?? error);
        }
      });
      app.use(problemDetails());
      await request(app)
        .get("/")
        .set("Accept-Language", "zh")
        .expect(403, {
          type: "urn:cloudbase-auth:error:upstream_rejected",
          title: "登录服务拒绝了请求",
          status: 403,
          detail: "登录服务拒绝了该请求；请更正所提交的内容或完成缺少的步骤，然后重新提交。",
          code: "upstream_rejected",
        })
        .expect("content-language", "zh")
        .expect("vary", "Origin, Accept-Language");
      await auth.close();
    });

    test("a call that failed and that nobody translates is our 500, never the client's 401", async () => {
      const auth = createCloudbaseAuth({ envId: "demo", endpoint: world.issuer });
      const app = express();
      app.set("env", "test");
      app.get("/", async (_req, _res, next) => {
        try {
          await auth.client.user.me({ accessToken: "of-nobody" });
        } catch (error) {
          next(error);
        }
      });
      app.use(problemDetails());
      await request(app).get("/").expect(500);
      await auth.close();
    });

    test("passes every error on once the answer has begun", async () => {
      const app = express();
      const passed: unknown[] = [];
      const other: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
        passed.push(error);
        res.end();
      };
      app.get("/", (_req, res, next) => {
        res.write("begun");
        next(refusal);
      });
      app.use(problemDetails(), other);
      await request(app).get("/").expect(200, "begun");
      expect(passed).toEqual([refusal]);
    });
  });
});

describe("wrong use fails where it stands", () => {
  test.for([
    [() => requireUser({ scope: ["read"] } as never), 'no member "scope"'],
    [() => requireUser({ scopes: ["read write"] }), "scopes"],
    [() => requireUser({ groups: [] }), "groups"],
    [() => requireUser({ anonymous: "yes" } as never), "anonymous"],
    [() => cloudbaseAuth({ envId: "Not An Id" }), "envId"],
    [() => cloudbaseAuth({ auth: world.reachable, envId: "demo" } as never), "envId"],
    [() => cloudbaseAuth({ auth: world.reachable, property: { user: "x", auth: "x" } }), "property"],
    [() => cloudbaseAuth({ auth: world.reachable, property: { person: "x" } as never }), "property"],
  ] as const)("%s", ([use, named]) => {
    expect(use).toThrow(TypeError);
    expect(use).toThrow(named);
  });

  test("without options the variables count", () => {
    vi.stubEnv("CLOUDBASE_ENV_ID", "");
    expect(() => cloudbaseAuth()).toThrow("CLOUDBASE_ENV_ID");
    vi.stubEnv("CLOUDBASE_ENV_ID", "demo");
    expect(cloudbaseAuth()).toBeTypeOf("function");
    vi.unstubAllEnvs();
  });
});
