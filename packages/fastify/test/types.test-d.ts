import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";
import byDefault, {
  all,
  cloudbaseAuth,
  explain,
  getUser,
  guardScope,
  optionalUser,
  problemDetails,
  publicRoute,
  requireGroups,
  requireUser,
} from "@cloudbase-auth/fastify";
import type { Check, Explanation, RouteAuth, SignedIn } from "@cloudbase-auth/fastify";
import Fastify from "fastify";
import type { FastifyRequest, onRequestHookHandler, preHandlerHookHandler, preValidationHookHandler } from "fastify";
import { describe, expectTypeOf, test } from "vitest";

const app = Fastify();

// A handler must not get away with a user who may be absent, nor lose what Fastify knows of the route.
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

// The point of handler(): no `!`, no cast, and the route's own types stay.
describe("behind requireUser().handler()", () => {
  test("the user is there, with options and without, and the route's generics count", () => {
    app.get(
      "/me",
      requireUser().handler((request, reply) => {
        expectTypeOf(request.user).toEqualTypeOf<CloudbaseUser>();
        expectTypeOf(request.auth.state).toEqualTypeOf<"authenticated">();
        expectTypeOf(request.auth.token).toBeString();
        expectTypeOf(reply.statusCode).toBeNumber();
        return "";
      }),
    );
    app.get<{ Params: { id: string } }>(
      "/:id",
      { schema: {} },
      requireGroups("editors").handler(async (request) => {
        expectTypeOf(request.params.id).toBeString();
        expectTypeOf(request.user.groups).toEqualTypeOf<readonly string[]>();
        return "";
      }),
    );
    app.route({ method: "GET", url: "/x", handler: requireUser().handler(({ user }) => user.id) });
  });

  test("a handler may be written apart", () => {
    const show = (request: FastifyRequest<{ Params: { id: string } }> & SignedIn): string => request.user.id;
    app.get<{ Params: { id: string } }>("/:id", requireUser().handler(show));
    // @ts-expect-error a plain route has no signed-in user to hand over
    app.get<{ Params: { id: string } }>("/:id", show);
  });

  test("optionalUser() and publicRoute() promise nobody", () => {
    expectTypeOf(optionalUser()).not.toHaveProperty("handler");
    expectTypeOf(publicRoute()).not.toHaveProperty("handler");
  });

  test("getUser() is for code that has only the request", () => {
    expectTypeOf(getUser).returns.toEqualTypeOf<CloudbaseUser>();
  });
});

// What is declared as data is checked as data: a misspelt word must not wait for the first request.
describe("config.auth", () => {
  test("knows its words", () => {
    app.get("/a", { config: { auth: { groups: ["admin"] } } }, () => "");
    app.get("/b", { config: { auth: "public" } }, () => "");
    app.get("/c", { config: { auth: "optional" } }, () => "");
    app.get("/d", { config: { auth: { check: (_user, _auth, request) => request.ip === "::1" } } }, () => "");
    expectTypeOf<FastifyRequest["routeOptions"]["config"]["auth"]>().toEqualTypeOf<RouteAuth | undefined>();
    // @ts-expect-error not a list
    app.get("/e", { config: { auth: { groups: "admin" } } }, () => "");
    // @ts-expect-error a misspelt word
    app.get("/f", { config: { auth: "private" } }, () => "");
    // @ts-expect-error a misspelt member; in a route's config Fastify's own types let it pass, and registering it does not
    ({ group: ["admin"] }) satisfies RouteAuth;
    // @ts-expect-error a misspelt member
    guardScope(app, { group: ["admin"] });
  });

  test("everyRoute has one word", () => {
    app.register(cloudbaseAuth, { envId: "demo", everyRoute: "declared" });
    // @ts-expect-error no such word
    app.register(cloudbaseAuth, { envId: "demo", everyRoute: "some" });
  });
});

// What does not fit where Fastify wants it is no hook; what takes a misspelt option is no check.
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
    // What a check is handed is Fastify's own request.
    const isLocal: Check<FastifyRequest> = (_user, _auth, request) => request.ip === "::1";
    requireUser(all({ scopes: ["a"] }, { check: isLocal }));
    app.get("/", (request) => {
      expectTypeOf(explain(request, { check: isLocal }, request)).resolves.toEqualTypeOf<Explanation>();
    });
    // @ts-expect-error a misspelt member
    requireUser({ scope: ["a"] });
  });

  test("problemDetails() fits as an error handler", () => {
    app.setErrorHandler(problemDetails());
  });
});
