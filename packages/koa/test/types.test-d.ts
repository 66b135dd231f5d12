import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";
import {
  all,
  cloudbaseAuth,
  explain,
  getUser,
  optionalUser,
  problemDetails,
  publicRoute,
  requireGroups,
  requireUser,
} from "@cloudbase-auth/koa";
import type { Check, CloudbaseState, Explanation, SignedInState } from "@cloudbase-auth/koa";
import { Router } from "@koa/router";
import type { RouterContext } from "@koa/router";
import Koa from "koa";
import type { Context, Middleware } from "koa";
import { describe, expectTypeOf, test } from "vitest";

// A handler must not get away with a user who may be absent, and an application keeps its own state.
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

// The point of handler() and of the state generics: no `!`, no cast, and the router's own types stay.
describe("behind requireUser()", () => {
  test("handler(): the user is there, in a router and in an application", () => {
    const router = new Router<CloudbaseState & { tenant: string }>();
    router.get(
      "/",
      requireUser().handler((ctx, next) => {
        expectTypeOf(ctx.state.user).toEqualTypeOf<CloudbaseUser>();
        expectTypeOf(ctx.state.auth.state).toEqualTypeOf<"authenticated">();
        expectTypeOf(next).toBeFunction();
      }),
    );
    type Context = RouterContext<CloudbaseState & { tenant: string }>;
    router.get(
      "/:id",
      requireUser().handler<Context>((ctx) => {
        expectTypeOf(ctx.state.user).toEqualTypeOf<CloudbaseUser>();
        expectTypeOf(ctx.state.tenant).toBeString();
        expectTypeOf(ctx.params).toEqualTypeOf<Record<string, string>>();
      }),
    );
    new Koa<CloudbaseState>().use(
      requireGroups("editors").handler((ctx) => {
        expectTypeOf(ctx.state.user.id).toBeString();
        ctx.body = ctx.state.user.name;
      }),
    );
  });

  test("a state generic says it of a route, or of a router behind app.use(requireUser())", () => {
    const app = new Koa<CloudbaseState>();
    const router = new Router<SignedInState>();
    router.use(requireUser());
    router.get("/", (ctx) => {
      expectTypeOf(ctx.state.user).toEqualTypeOf<CloudbaseUser>();
      expectTypeOf(ctx.state.auth.token).toBeString();
    });
    new Router<CloudbaseState>().get<SignedInState>("/", requireUser(), (ctx) => {
      expectTypeOf(ctx.state.user.id).toBeString();
    });
    app.use(requireUser()).use<SignedInState>((ctx) => {
      expectTypeOf(ctx.state.user.id).toBeString();
    });
  });

  test("optionalUser() and publicRoute() promise nobody", () => {
    expectTypeOf(optionalUser()).not.toHaveProperty("handler");
    expectTypeOf(publicRoute()).not.toHaveProperty("handler");
  });

  test("getUser() is for code that has only the context", () => {
    expectTypeOf(getUser).returns.toEqualTypeOf<CloudbaseUser>();
  });
});

// What does not fit where Koa wants it is no middleware; what takes a misspelt option is no check.
test("the functions fit where Koa wants them", () => {
  expectTypeOf(cloudbaseAuth).returns.toEqualTypeOf<Middleware>();
  expectTypeOf(requireUser).returns.toExtend<Middleware>();
  expectTypeOf(optionalUser).returns.toEqualTypeOf<Middleware>();
  expectTypeOf(problemDetails).returns.toEqualTypeOf<Middleware>();
  // What a check is handed is Koa's own context.
  const isLocal: Check<Context> = (_user, _auth, ctx) => ctx.ip === "::1";
  requireUser(all({ scopes: ["a"] }, { check: isLocal }));
  new Koa<CloudbaseState>().use((ctx) => {
    expectTypeOf(explain(ctx.state, { check: isLocal }, ctx)).resolves.toEqualTypeOf<Explanation>();
  });
  // @ts-expect-error a misspelt member
  requireUser({ scope: ["a"] });
});
