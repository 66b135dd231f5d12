import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { Sessions } from "@cloudbase-auth/core";
import * as onExpress from "@cloudbase-auth/express";
import * as onFastify from "@cloudbase-auth/fastify";
import * as onKoa from "@cloudbase-auth/koa";
import bodyParser from "@koa/bodyparser";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import type { RunningServer } from "../../src/contract-app.ts";
import { listen } from "./adapters.ts";

/** How such an application is put together. */
export interface SessionsApp {
  readonly sessions: Sessions;
  /** Whether a parser of JSON stands in front of everything, as in most applications. */
  readonly parsesJson: boolean;
  /** Whether refusals are written by `problemDetails()`, or by the framework's own error handler. */
  readonly problemDetails: boolean;
}

/**
 * `/auth/*` has the routes of sessions; `GET` and `POST /me` want a user, `/fail` fails with an error of its own, and
 * `/open` answers everybody; it sets a cookie `own`. `/cached` may be kept by its own word. `/stream` answers a signed-in user in two pieces.
 */
export const sessionsApps: Readonly<Record<string, (app: SessionsApp) => Promise<RunningServer>>> = {
  async express({ sessions, parsesJson, problemDetails }) {
    const { authRoutes, cloudbaseAuth, requireUser } = onExpress;
    const app = express();
    // Elsewhere its own error handler logs every error.
    app.set("env", "test");
    if (parsesJson) app.use(express.json());
    app.use((_req, res, next) => {
      res.setHeader("Vary", "Origin");
      res.cookie("early", "1");
      next();
    });
    app.use("/auth", authRoutes(sessions));
    app.use(cloudbaseAuth({ session: sessions }));
    app.all("/me", requireUser(), (req, res) => void res.json({ user: req.user?.id }));
    app.get("/fail", () => {
      throw new Error("of the application");
    });
    app.get("/open", (_req, res) => void res.cookie("own", "1").send("open"));
    app.get("/cached", (_req, res) => void res.set("Cache-Control", "private, max-age=60").send("cached"));
    app.get("/stream", requireUser(), (_req, res) => {
      res.writeHead(200, { "content-length": "2" });
      res.write("1");
      setImmediate(() => res.end("2"));
    });
    if (problemDetails) app.use(onExpress.problemDetails());
    return listen(app);
  },

  async koa({ sessions, parsesJson, problemDetails }) {
    const { authRoutes, cloudbaseAuth, requireUser } = onKoa;
    const app = new Koa<onKoa.CloudbaseState>();
    app.silent = true;
    app.use((ctx, next) => {
      ctx.vary("Origin");
      ctx.cookies.set("early", "1");
      return next();
    });
    if (problemDetails) app.use(onKoa.problemDetails());
    if (parsesJson) app.use(bodyParser());
    app.use(authRoutes(sessions));
    app.use(cloudbaseAuth({ session: sessions }));
    const guard = requireUser();
    app.use(async (ctx, next) => {
      if (ctx.path === "/me" || ctx.path === "/stream") await guard(ctx, next);
      else await next();
    });
    app.use((ctx) => {
      if (ctx.path === "/fail") throw new Error("of the application");
      if (ctx.path === "/open") ctx.cookies.set("own", "1");
      if (ctx.path === "/cached") ctx.set("Cache-Control", "private, max-age=60");
      if (ctx.path === "/stream") {
        ctx.body = Readable.from(["1", "2"]);
        ctx.length = 2;
        return;
      }
      ctx.body = ctx.path === "/me" ? { user: ctx.state.user?.id } : "open";
    });
    const handle = app.callback();
    return listen((request, response) => void handle(request, response));
  },

  async fastify({ sessions, problemDetails }) {
    const { authRoutes, cloudbaseAuth, requireUser } = onFastify;
    const app = Fastify({ forceCloseConnections: true });
    if (problemDetails) app.setErrorHandler(onFastify.problemDetails());
    app.addHook("onRequest", (_request, reply, done) => {
      void reply.header("vary", "Origin").header("set-cookie", "early=1; Path=/");
      done();
    });
    await app.register(authRoutes(sessions), { prefix: "/auth" });
    await app.register(cloudbaseAuth, { session: sessions });
    app.all("/me", { onRequest: requireUser() }, (request) => ({ user: request.user?.id }));
    app.get("/fail", () => {
      throw new Error("of the application");
    });
    app.get("/open", (_request, reply) => reply.header("set-cookie", "own=1; Path=/").send("open"));
    app.get("/cached", (_request, reply) => reply.header("cache-control", "private, max-age=60").send("cached"));
    app.get("/stream", { onRequest: requireUser() }, (_request, reply) =>
      reply.header("content-length", "2").send(Readable.from(["1", "2"])),
    );
    await app.listen({ host: "127.0.0.1", port: 0 });
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
  },
};
