import { createStandIn, createWorld, nobody, oddRejections, refusal } from "@cloudbase-auth/adapter-contract";
import type { World } from "@cloudbase-auth/adapter-contract";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { cloudbaseAuth, isAuthError, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/koa";
import Koa3 from "koa";
import type { Middleware } from "koa";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Koa2 } from "./koa2.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const guardSentence = "ran on a request that cloudbaseAuth() has not seen; mount cloudbaseAuth() in front of it";

describe.for([
  ["Koa 3", Koa3],
  ["Koa 2", Koa2],
] as const)("%s", ([_name, Koa]) => {
  /** An application that answers its errors as JSON, so that the test sees which one it was. */
  function appWith(...middleware: Middleware[]) {
    const app = new Koa();
    app.use(async (ctx, next) => {
      try {
        await next();
      } catch (error) {
        ctx.status = 500;
        ctx.body = {
          isAuthError: isAuthError(error),
          message: error instanceof Error ? error.message : String(error),
        };
      }
    });
    for (const each of middleware) app.use(each);
    app.use((ctx) => void (ctx.body = "handled"));
    return app.callback();
  }

  /** Notes whether `middleware` gives back the very promise of `next()`. */
  function handsBack(middleware: Middleware, log: boolean[]): Middleware {
    return (ctx, next): Promise<unknown> => {
      const promise: Promise<unknown> = next();
      const returned: unknown = middleware(ctx, () => promise);
      log.push(returned === promise);
      return Promise.resolve(returned);
    };
  }

  test("a known answer costs no promise: the promise of next() comes back as it is", async () => {
    await world.reachable.ready();
    const log: boolean[] = [];
    const app = appWith(cloudbaseAuth(world.reachable), async (ctx, next) => {
      for (const middleware of [cloudbaseAuth(world.reachable), requireUser(), optionalUser()]) {
        await handsBack(middleware, log)(ctx, () => Promise.resolve());
      }
      await next();
    });
    await request(app)
      .get("/")
      .auth(await world.token(), { type: "bearer" })
      .expect(200, "handled");
    expect(log).toEqual([true, true, true]);
  });

  test("a late answer goes on when it is there", async () => {
    const auth = createStandIn({ authenticate: async () => nobody, authorize: async () => undefined });
    await request(appWith(cloudbaseAuth(auth), requireUser(), optionalUser()))
      .get("/")
      .expect(200, "handled");
  });

  test("a late refusal is thrown", async () => {
    const auth = createStandIn({ authorize: async () => refusal });
    await request(appWith(cloudbaseAuth(auth), requireUser()))
      .get("/")
      .expect(500, { isAuthError: true, message: refusal.message });
  });

  test.for(oddRejections)("a promise rejected with %o stops the request", async (odd) => {
    const rejects = () => Promise.reject(odd as Error);
    const closed = { isAuthError: false, message: String(odd) };
    await request(appWith(cloudbaseAuth(createStandIn({ authenticate: rejects }))))
      .get("/")
      .expect(500, closed);
    await request(appWith(cloudbaseAuth(createStandIn({ authorize: rejects })), requireUser()))
      .get("/")
      .expect(500, closed);
  });

  test.for([
    ["requireUser()", requireUser()],
    ["optionalUser()", optionalUser()],
  ] as const)(
    "%s without cloudbaseAuth() in front fails at once, whatever ctx.state.user says",
    async ([name, guard]) => {
      const plant: Middleware = (ctx, next) => {
        Object.assign(ctx.state, { user: { id: "planted" }, auth: { state: "authenticated" } });
        return next() as Promise<unknown>;
      };
      await request(appWith(plant, guard))
        .get("/")
        .expect(500, { isAuthError: false, message: `${name} ${guardSentence}` });
    },
  );

  test("property renames both, and nothing is written under the old names", async () => {
    const seen: unknown[] = [];
    const app = appWith(
      (ctx, next) => {
        Object.assign(ctx.state, { user: "of koa-passport" });
        return next() as Promise<unknown>;
      },
      cloudbaseAuth({ auth: world.reachable, property: { user: "person", auth: "personAuth" } }),
      requireUser(),
      (ctx, next) => {
        seen.push({ ...ctx.state });
        return next() as Promise<unknown>;
      },
    );
    await request(app)
      .get("/")
      .auth(await world.token(), { type: "bearer" })
      .expect(200);
    expect(seen).toEqual([
      {
        user: "of koa-passport",
        person: expect.objectContaining({ id: "person" }) as unknown,
        personAuth: expect.objectContaining({ state: "authenticated" }) as unknown,
      },
    ]);
  });

  test("an error behind the guards stays what it is", async () => {
    const app = appWith(problemDetails(), cloudbaseAuth(world.reachable), requireUser(), () => {
      throw new Error("of the route");
    });
    await request(app)
      .get("/")
      .auth(await world.token(), { type: "bearer" })
      .expect(500, { isAuthError: false, message: "of the route" });
  });

  describe("the framework's own error handling", () => {
    test("headers set before are dropped, those of the refusal survive; the body is the fixed sentence", async () => {
      const app = new Koa();
      const errors: unknown[] = [];
      app.on("error", (error: unknown) => errors.push(error));
      app.use((ctx, next) => {
        ctx.set("X-Before", "1");
        return next() as Promise<unknown>;
      });
      app.use(cloudbaseAuth(world.reachable));
      app.use(requireUser());
      const answer = await request(app.callback()).get("/").expect(401);
      expect(answer.headers).toMatchObject({ "www-authenticate": 'Bearer realm="cloudbase"' });
      expect(answer.headers).not.toHaveProperty("x-before");
      expect(answer.text).toBe(
        "No access token was presented; send one as a Bearer token in the Authorization header.",
      );
      expect(errors.every(isAuthError)).toBe(true);
    });
  });

  describe("problemDetails()", () => {
    test("keeps headers that were set before, such as CORS's", async () => {
      const app = appWith(
        problemDetails(),
        (ctx, next) => {
          ctx.set("Access-Control-Allow-Origin", "https://app.example");
          return next() as Promise<unknown>;
        },
        cloudbaseAuth(world.reachable),
        requireUser(),
      );
      await request(app)
        .get("/")
        .expect(401)
        .expect("access-control-allow-origin", "https://app.example")
        .expect("content-type", "application/problem+json");
    });

    test("passes other errors on", async () => {
      const app = appWith(problemDetails(), () => {
        throw Object.assign(new Error("of somebody else"), { status: 401, code: "invalid_token" });
      });
      await request(app).get("/").expect(500, { isAuthError: false, message: "of somebody else" });
    });

    test("answers a call that failed on the client's behalf, in its language, and keeps what Vary says", async () => {
      const auth = createCloudbaseAuth({ envId: "demo", endpoint: world.issuer, locale: "auto" });
      const app = appWith(problemDetails(), async (ctx) => {
        ctx.vary("Origin");
        await auth.client.signIn({ username: "nobody", password: "wrong" }).catch((error: unknown) => {
          throw auth.refusalOf(error, ctx) ?? error;
        });
      });
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
      const app = new Koa();
      app.silent = true;
      app.use(problemDetails());
      app.use(async () => {
        await auth.client.user.me({ accessToken: "of-nobody" });
      });
      await request(app.callback()).get("/").expect(500);
      await auth.close();
    });

    test("passes every error on once the answer has begun", async () => {
      const app = new Koa();
      const passed: unknown[] = [];
      app.use(async (ctx, next) => {
        await next().catch((error: unknown) => passed.push(error));
        ctx.respond = false;
        ctx.res.end();
      });
      app.use(problemDetails());
      app.use((ctx) => {
        ctx.res.writeHead(200);
        ctx.res.write("begun");
        throw refusal;
      });
      const answer = await request(app.callback()).get("/").buffer().expect(200);
      expect(String(answer.text ?? answer.body)).toContain("begun");
      expect(passed).toEqual([refusal]);
    });
  });
});

describe("wrong use fails where it stands", () => {
  test.for([
    [() => requireUser({ scope: ["read"] } as never), 'no member "scope"'],
    [() => cloudbaseAuth({ envId: "Not An Id" }), "envId"],
    [() => cloudbaseAuth({ auth: world.reachable, envId: "demo" } as never), "envId"],
    [() => cloudbaseAuth({ auth: world.reachable, property: { user: "x", auth: "x" } }), "property"],
  ] as const)("%s", ([use, named]) => {
    expect(use).toThrow(TypeError);
    expect(use).toThrow(named);
  });

  test("without options the variables count", () => {
    vi.stubEnv("CLOUDBASE_ENV_ID", "demo");
    expect(cloudbaseAuth()).toBeTypeOf("function");
    vi.unstubAllEnvs();
  });
});
