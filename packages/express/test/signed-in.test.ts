import { createWorld } from "@cloudbase-auth/adapter-contract";
import type { World } from "@cloudbase-auth/adapter-contract";
import { cloudbaseAuth, getUser, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/express";
import express5 from "express";
import type { ErrorRequestHandler, Express } from "express";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { express4 } from "./express4.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const nothing: unknown = undefined;

describe.for([
  ["Express 5", express5],
  ["Express 4", express4],
] as const)("%s", ([_name, express]) => {
  /** An application that answers its errors as their message. */
  function appWith(build: (app: Express) => void, property?: { readonly user: string }): Express {
    const app = express();
    app.use(cloudbaseAuth({ auth: world.reachable, property }));
    build(app);
    const tell: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
      res.status(500).json(error instanceof Error ? error.message : error);
    };
    app.use(problemDetails(), tell);
    return app;
  }

  async function get(app: Express, path = "/") {
    const answer: Answer = await request(app)
      .get(path)
      .auth(await world.token(), { type: "bearer" });
    return { status: answer.status, body: answer.body };
  }

  describe("requireUser().handler()", () => {
    test("guards, and hands the user over", async () => {
      const app = appWith((it) => {
        it.get(
          "/users/:id",
          requireUser().handler((req, res) => void res.json([req.params.id, req.user.id])),
        );
        it.get(
          "/admin",
          requireUser({ groups: ["admin"] }).handler((_req, res) => void res.json("never")),
        );
      });
      expect(await get(app, "/users/7")).toEqual({ status: 200, body: ["7", "person"] });
      await request(app).get("/users/7").expect(401);
      expect((await get(app, "/admin")).status).toBe(403);
    });

    test.for([
      [
        "throws",
        () => {
          throw new Error("broken");
        },
      ],
      ["rejects", () => Promise.reject(new Error("broken"))],
    ] as const)("what the handler %s goes to next", async ([_how, handler]) => {
      const app = appWith((it) => void it.get("/", requireUser().handler(handler)));
      expect(await get(app)).toEqual({ status: 500, body: "broken" });
    });

    test("a handler that is rejected with nothing does not go on", async () => {
      const app = appWith((it) => {
        it.get(
          "/",
          requireUser().handler(() => Promise.reject(nothing as Error)),
        );
        it.get("/", (_req, res) => void res.json("the next route"));
      });
      expect(await get(app)).toEqual({ status: 500, body: "the handler was rejected with nothing" });
    });

    test("goes on where the handler says so", async () => {
      const app = appWith((it) => {
        it.get(
          "/",
          requireUser().handler((_req, _res, next) => next()),
        );
        it.get("/", (_req, res) => void res.json("the next route"));
      });
      expect(await get(app)).toEqual({ status: 200, body: "the next route" });
    });

    test("under another name, or overwritten, it fails instead of handing over what is not there", async () => {
      const build = (app: Express): void =>
        void app.get(
          "/",
          requireUser().handler((_req, res) => void res.json("never")),
        );
      const renamed = appWith(build, { user: "person" });
      const overwritten = appWith((app) => {
        app.use((req, _res, next) => {
          Object.assign(req, { user: { id: "somebody else" } });
          next();
        });
        build(app);
      });
      for (const app of [renamed, overwritten]) {
        const { status, body } = await get(app);
        expect(status).toBe(500);
        expect(body).toContain("handler() gives its handler user and auth, but");
      }
    });

    test("wants a handler", () => {
      expect(() => requireUser().handler(undefined as never)).toThrow(TypeError);
    });
  });

  describe("getUser()", () => {
    test("is the user, whatever the property is called", async () => {
      const app = appWith((it) => void it.get("/", requireUser(), (req, res) => void res.json(getUser(req).id)), {
        user: "person",
      });
      expect(await get(app)).toEqual({ status: 200, body: "person" });
    });

    test("says what is missing: the guard, or the middleware", async () => {
      const app = appWith((it) => void it.get("/", optionalUser(), (req, res) => void res.json(getUser(req))));
      const answer: Answer = await request(app).get("/").expect(500);
      expect(answer.body).toBe(
        "getUser() found nobody, as auth.state is absent; put requireUser() in front of the handler",
      );
      expect(() => getUser({} as never)).toThrow(
        "getUser() ran on a request that cloudbaseAuth() has not seen; mount cloudbaseAuth() in front of it",
      );
    });
  });
});
