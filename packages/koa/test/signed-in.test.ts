import { createServer } from "node:http";
import { createWorld } from "@cloudbase-auth/adapter-contract";
import type { World } from "@cloudbase-auth/adapter-contract";
import { cloudbaseAuth, getUser, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import { Router } from "@koa/router";
import Koa from "koa";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type App = Koa<CloudbaseState>;

/** An application that answers its errors as their message. */
function appWith(build: (app: App) => void, property?: { readonly user: string }): App {
  const app: App = new Koa<CloudbaseState>();
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      ctx.status = 500;
      ctx.body = { message: error instanceof Error ? error.message : error };
    }
  });
  app.use(problemDetails());
  app.use(cloudbaseAuth({ auth: world.reachable, property }));
  build(app);
  return app;
}

async function get(app: App, path = "/", token?: string) {
  const handle = app.callback();
  const asked = request(createServer((req, res) => void handle(req, res))).get(path);
  const answer: Answer = await asked.auth(token ?? (await world.token()), { type: "bearer" });
  return { status: answer.status, body: answer.body };
}

describe("requireUser().handler()", () => {
  test("guards, and hands the user over, in a router and in an application", async () => {
    const router = new Router<CloudbaseState>();
    router.get(
      "/users/:id",
      requireUser().handler((ctx) => {
        ctx.body = [ctx.params["id"], ctx.state.user.id];
      }),
    );
    router.get(
      "/admin",
      requireUser({ groups: ["admin"] }).handler((ctx) => {
        ctx.body = "never";
      }),
    );
    const app = appWith((it) => {
      it.use(router.routes());
      it.use(
        requireUser().handler((ctx) => {
          ctx.body = { id: ctx.state.user.id };
        }),
      );
    });
    expect(await get(app, "/users/7")).toEqual({ status: 200, body: ["7", "person"] });
    expect((await get(app, "/users/7", "abc")).status).toBe(401);
    expect((await get(app, "/admin")).status).toBe(403);
    expect(await get(app, "/elsewhere")).toEqual({ status: 200, body: { id: "person" } });
  });

  test("what the handler throws is thrown on, and it goes on where the handler says so", async () => {
    const broken = appWith((it) => {
      it.use(
        requireUser().handler(() => {
          throw new Error("broken");
        }),
      );
    });
    expect(await get(broken)).toEqual({ status: 500, body: { message: "broken" } });
    const passing = appWith((it) => {
      it.use(requireUser().handler((_ctx, next) => next()));
      it.use((ctx) => {
        ctx.body = { reached: true };
      });
    });
    expect(await get(passing)).toEqual({ status: 200, body: { reached: true } });
  });

  test("under another name, or overwritten, it fails instead of handing over what is not there", async () => {
    const build = (app: App): void => {
      app.use(
        requireUser().handler((ctx) => {
          ctx.body = "never";
        }),
      );
    };
    const renamed = appWith(build, { user: "person" });
    const overwritten = appWith((app) => {
      app.use((ctx, next) => {
        Object.assign(ctx.state, { user: { id: "somebody else" } });
        return next();
      });
      build(app);
    });
    for (const app of [renamed, overwritten]) {
      const { status, body } = await get(app);
      expect(status).toBe(500);
      expect(body).toMatchObject({
        message: expect.stringContaining("handler() gives its handler user and auth, but") as string,
      });
    }
  });

  test("wants a handler", () => {
    expect(() => requireUser().handler(undefined as never)).toThrow(TypeError);
  });
});

describe("getUser()", () => {
  test("is the user, whatever the property is called", async () => {
    const app = appWith(
      (it) => {
        it.use(requireUser());
        it.use((ctx) => {
          ctx.body = { id: getUser(ctx).id };
        });
      },
      { user: "person" },
    );
    expect(await get(app)).toEqual({ status: 200, body: { id: "person" } });
  });

  test("says what is missing: the guard, or the middleware", async () => {
    const app = appWith((it) => {
      it.use(optionalUser());
      it.use((ctx) => {
        ctx.body = getUser(ctx);
      });
    });
    const handle = app.callback();
    const answer: Answer = await request(createServer((req, res) => void handle(req, res))).get("/");
    expect(answer.body).toEqual({
      message: "getUser() found nobody, as auth.state is absent; put requireUser() in front of the handler",
    });
    expect(() => getUser({})).toThrow("getUser() ran on a request that cloudbaseAuth() has not seen");
  });
});
