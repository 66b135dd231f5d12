import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import Koa from "koa";
import type { Middleware } from "koa";
import { describe, expectTypeOf, test } from "vitest";

describe("ctx.state", () => {
  test("new Koa<CloudbaseState>() types user and auth", () => {
    const app = new Koa<CloudbaseState>();
    app.use(problemDetails());
    app.use(cloudbaseAuth());
    app.use(requireUser());
    app.use((ctx) => {
      expectTypeOf(ctx.state.user).toEqualTypeOf<CloudbaseUser | undefined>();
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Auth>();
      if (ctx.state.auth.state === "authenticated") expectTypeOf(ctx.state.auth.token).toBeString();
      // @ts-expect-error it may be absent
      void ctx.state.user.id;
    });
  });

  test("an application with a state of its own adds ours", () => {
    const app = new Koa<CloudbaseState & { tenant: string }>();
    app.use(cloudbaseAuth()).use(optionalUser());
    app.use((ctx) => {
      expectTypeOf(ctx.state.tenant).toBeString();
      expectTypeOf(ctx.state.user).toEqualTypeOf<CloudbaseUser | undefined>();
    });
  });

  test("an application without a state type takes the middleware too", () => {
    new Koa()
      .use(problemDetails())
      .use(cloudbaseAuth())
      .use(requireUser({ roles: ["owner"] }));
  });
});

test("the functions fit where Koa wants them", () => {
  expectTypeOf(cloudbaseAuth).returns.toEqualTypeOf<Middleware>();
  expectTypeOf(requireUser).returns.toExtend<Middleware>();
  expectTypeOf(optionalUser).returns.toEqualTypeOf<Middleware>();
  expectTypeOf(problemDetails).returns.toEqualTypeOf<Middleware>();
  // @ts-expect-error a misspelt member
  requireUser({ scope: ["a"] });
});
