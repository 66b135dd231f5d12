import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { logSerializers } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import * as forExpress from "@cloudbase-auth/express";
import * as forFastify from "@cloudbase-auth/fastify";
import * as forKoa from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import type { RunningServer } from "../../src/contract-app.ts";

/** What such a server is made of. */
export interface PlainParts {
  readonly auth: CloudbaseAuth;
  /** Takes what the framework's own logger writes, where it has one. */
  readonly log: (line: string) => void;
  /** What is done behind the guard of `/sign-in`; it throws. */
  readonly fail: () => Promise<never>;
}

/**
 * Servers that leave errors to their framework as it comes: its own answer, its own log. `/admins` is for administrators,
 * `/maybe` for those who sent no bad token, and `/sign-in` fails.
 */
export const plainServers: readonly {
  readonly name: string;
  readonly start: (parts: PlainParts) => Promise<RunningServer>;
}[] = [
  { name: "Express 5", start: startExpress },
  { name: "Koa 3", start: startKoa },
  { name: "Fastify 5", start: startFastify },
];

function startExpress({ auth, fail }: PlainParts): Promise<RunningServer> {
  const app = express();
  // Under test it would log nothing.
  app.set("env", "development");
  app.use(forExpress.cloudbaseAuth(auth));
  app.all("/admins", forExpress.requireUser({ groups: ["admins"] }));
  app.all("/maybe", forExpress.optionalUser());
  app.all("/sign-in", fail);
  app.use((_req, res) => void res.send("ok"));
  return listen(app);
}

function startKoa({ auth, fail }: PlainParts): Promise<RunningServer> {
  const app = new Koa<CloudbaseState>();
  const guard = forKoa.requireUser({ groups: ["admins"] });
  const maybe = forKoa.optionalUser();
  app.use(forKoa.cloudbaseAuth(auth));
  app.use((ctx, next): Promise<unknown> => {
    if (ctx.path === "/sign-in") return fail();
    if (ctx.path === "/admins") return guard(ctx, next);
    return ctx.path === "/maybe" ? maybe(ctx, next) : next();
  });
  app.use((ctx) => {
    ctx.body = "ok";
  });
  const handle = app.callback();
  return listen((request, response) => void handle(request, response));
}

async function startFastify({ auth, log, fail }: PlainParts): Promise<RunningServer> {
  // By itself Fastify logs the URL of each request, and the token in its query.
  const logger = { stream: { write: log }, serializers: logSerializers };
  const app = Fastify({ forceCloseConnections: true, logger });
  await app.register(forFastify.cloudbaseAuth, auth);
  app.get("/admins", { onRequest: forFastify.requireUser({ groups: ["admins"] }) }, () => "ok");
  app.get("/maybe", { onRequest: forFastify.optionalUser() }, () => "ok");
  app.get("/sign-in", fail);
  app.get("/", () => "ok");
  await app.listen({ port: 0, host: "127.0.0.1" });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

async function listen(listener: RequestListener): Promise<RunningServer> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
