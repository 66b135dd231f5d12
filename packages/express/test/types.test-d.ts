import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/express";
import type { AdapterInput } from "@cloudbase-auth/express";
import express from "express";
import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import type passport from "passport";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { describe, expectTypeOf, test } from "vitest";

describe("req.user and req.auth", () => {
  test("are honest about absence", () => {
    expectTypeOf<Request["user"]>().toEqualTypeOf<Express.User | undefined>();
    expectTypeOf<Request["auth"]>().toEqualTypeOf<Auth | undefined>();
    expectTypeOf<Express.User>().toExtend<CloudbaseUser>();
    expectTypeOf<NonNullable<Request["user"]>["groups"]>().toEqualTypeOf<readonly string[]>();
  });

  test("in handlers, behind guards, and narrowed by state", () => {
    const app = express();
    app.get("/:id", requireUser(), (req) => {
      expectTypeOf(req.user).toEqualTypeOf<Express.User | undefined>();
      expectTypeOf(req.params.id).toBeString();
      if (req.auth?.state === "authenticated") expectTypeOf(req.auth.token).toBeString();
      // @ts-expect-error it may be absent
      void req.user.id;
    });
  });

  test("coexist with passport's types", () => {
    expectTypeOf<passport.Authenticator>().not.toBeAny();
    expectTypeOf<Request["authInfo"]>().toEqualTypeOf<Express.AuthInfo | undefined>();
    expectTypeOf<Request["isAuthenticated"]>().not.toBeAny();
    expectTypeOf<Request["user"]>().toEqualTypeOf<Express.User | undefined>();
  });
});

describe("the functions", () => {
  test("fit where Express wants them", () => {
    expectTypeOf(cloudbaseAuth).returns.toExtend<RequestHandler<{ id: string }>>();
    expectTypeOf(requireUser).returns.toExtend<RequestHandler<{ id: string }>>();
    expectTypeOf(optionalUser).returns.toExtend<RequestHandler<{ id: string }>>();
    expectTypeOf(problemDetails).returns.toEqualTypeOf<ErrorRequestHandler>();
  });

  test("take what they can use", () => {
    expectTypeOf(cloudbaseAuth).toBeCallableWith();
    expectTypeOf(cloudbaseAuth).toBeCallableWith({ envId: "demo", property: { user: "person" } });
    expectTypeOf(cloudbaseAuth).toBeCallableWith(createCloudbaseAuth({ envId: "demo" }));
    expectTypeOf(cloudbaseAuth).toBeCallableWith({ auth: createCloudbaseAuth({ envId: "demo" }), property: {} });
    expectTypeOf(requireUser).toBeCallableWith({ scopes: ["a"], groups: ["b"], roles: ["c"], anonymous: "only" });
    expectTypeOf<{ envID: string }>().not.toExtend<AdapterInput>();
    // @ts-expect-error a misspelt member
    requireUser({ scope: ["a"] });
    // @ts-expect-error a misspelt value
    requireUser({ anonymous: "yes" });
  });
});
