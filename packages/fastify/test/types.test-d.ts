import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";
import byDefault, { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import Fastify from "fastify";
import type { FastifyRequest, onRequestHookHandler, preHandlerHookHandler, preValidationHookHandler } from "fastify";
import { describe, expectTypeOf, test } from "vitest";

const app = Fastify();

describe("request.user and request.auth", () => {
  test("are honest about absence", () => {
    expectTypeOf<FastifyRequest["user"]>().toEqualTypeOf<CloudbaseUser | undefined>();
    expectTypeOf<FastifyRequest["auth"]>().toEqualTypeOf<Auth | undefined>();
  });

  test("in handlers, behind guards, and narrowed by state", () => {
    app.get<{ Params: { id: string } }>("/:id", { onRequest: requireUser() }, (request) => {
      expectTypeOf(request.user).toEqualTypeOf<CloudbaseUser | undefined>();
      expectTypeOf(request.params.id).toBeString();
      if (request.auth?.state === "authenticated") expectTypeOf(request.auth.token).toBeString();
      // @ts-expect-error it may be absent
      void request.user.id;
    });
  });
});

describe("the functions", () => {
  test("register() knows our options and its own", () => {
    app.register(cloudbaseAuth);
    app.register(cloudbaseAuth, { envId: "demo", property: { user: "person" }, prefix: "/x" });
    app.register(cloudbaseAuth, createCloudbaseAuth({ envId: "demo" }));
    app.register(cloudbaseAuth, { auth: createCloudbaseAuth({ envId: "demo" }), property: {} });
    expectTypeOf(byDefault).toEqualTypeOf<typeof cloudbaseAuth>();
  });

  test("guards fit as every hook that they are for", () => {
    expectTypeOf(requireUser).returns.toExtend<onRequestHookHandler>();
    expectTypeOf(requireUser).returns.toExtend<preValidationHookHandler>();
    expectTypeOf(optionalUser).returns.toExtend<preHandlerHookHandler>();
    app.get("/", { preHandler: [requireUser({ groups: ["a"] }), optionalUser()] }, () => "");
    app.addHook("onRequest", requireUser());
    // @ts-expect-error a misspelt member
    requireUser({ scope: ["a"] });
  });

  test("problemDetails() fits as an error handler", () => {
    app.setErrorHandler(problemDetails());
  });
});
