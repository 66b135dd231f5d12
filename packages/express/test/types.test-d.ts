import type { Auth, Authenticated, CloudbaseUser } from "@cloudbase-auth/core";
import {
  all,
  any,
  cloudbaseAuth,
  explain,
  getUser,
  optionalUser,
  problemDetails,
  publicRoute,
  requireGroups,
  requireScopes,
  requireUser,
} from "@cloudbase-auth/express";
import type { AdapterInput, Check, Explanation, SignedIn } from "@cloudbase-auth/express";
import express from "express";
import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import type session from "express-session";
import type passport from "passport";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { describe, expectTypeOf, test } from "vitest";

// A handler must not get away with a user who may be absent, nor lose what Express knows of the route.
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

  // Both packages declare members of Express.Request; a second, different declaration of one would be TS2717.
  test("coexist with express-session's types", () => {
    expectTypeOf<Request["session"]>().toExtend<session.SessionData>();
    expectTypeOf<Request["sessionID"]>().toBeString();
    expectTypeOf<Request["user"]>().toEqualTypeOf<Express.User | undefined>();
  });

  // passport declares Express.User and Request.user itself; ours must be the same words.
  test("coexist with passport's types", () => {
    expectTypeOf<passport.Authenticator>().not.toBeAny();
    expectTypeOf<Request["authInfo"]>().toEqualTypeOf<Express.AuthInfo | undefined>();
    expectTypeOf<Request["isAuthenticated"]>().not.toBeAny();
    expectTypeOf<Request["user"]>().toEqualTypeOf<Express.User | undefined>();
  });
});

// The point of handler(): no `!`, no cast, and the route's own types stay.
describe("behind requireUser().handler()", () => {
  test("the user is there, and so are the parameters that it is told of", () => {
    const app = express();
    app.get(
      "/:id",
      requireUser().handler<{ id: string }>((req, res, next) => {
        expectTypeOf(req.user).toExtend<CloudbaseUser>();
        expectTypeOf(req.user.id).toBeString();
        expectTypeOf(req.auth.state).toEqualTypeOf<"authenticated">();
        expectTypeOf(req.auth.token).toBeString();
        expectTypeOf(req.params).toEqualTypeOf<{ id: string }>();
        expectTypeOf(res.json).toBeFunction();
        expectTypeOf(next).toBeFunction();
        // @ts-expect-error no such parameter
        void req.params.name;
      }),
    );
    app.post(
      "/posts",
      express.json(),
      requireGroups("editors").handler((req) => expectTypeOf(req.user.groups).toEqualTypeOf<readonly string[]>()),
    );
    expectTypeOf(requireScopes("a").handler).toEqualTypeOf(requireUser().handler);
  });

  test("a handler may be written apart, and be async", () => {
    const show = async (req: Request<{ id: string }> & SignedIn, _res: Response): Promise<void> => {
      expectTypeOf(req.user.id).toBeString();
      expectTypeOf(req.auth).toExtend<Authenticated>();
    };
    express().get("/:id", requireUser().handler(show));
    // @ts-expect-error a plain route has no signed-in user to hand over
    express().get("/:id", show);
  });

  test("optionalUser() and publicRoute() promise nobody", () => {
    expectTypeOf(optionalUser()).not.toHaveProperty("handler");
    expectTypeOf(publicRoute()).not.toHaveProperty("handler");
  });

  test("getUser() is for code that has only the request", () => {
    expectTypeOf(getUser).returns.toEqualTypeOf<CloudbaseUser>();
    expectTypeOf(getUser).toBeCallableWith({} as Request);
  });
});

// What does not fit where Express wants it is no middleware; what takes a misspelt option is no check.
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
    // What a check is handed is Express's own request, with all that is on it.
    const isOwner: Check<Request> = (user, _auth, req) => req.params["id"] === user.id;
    requireUser(all({ scopes: ["a"] }, any({ groups: ["b"] }, { check: isOwner })));
    express().get("/:id", (req) =>
      expectTypeOf(explain(req, { check: isOwner }, req)).resolves.toEqualTypeOf<Explanation>(),
    );
    // @ts-expect-error a misspelt member
    requireUser({ scope: ["a"] });
    // @ts-expect-error a misspelt value
    requireUser({ anonymous: "yes" });
  });
});
