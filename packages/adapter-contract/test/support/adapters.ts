import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import * as forExpress from "@cloudbase-auth/express";
import * as forFastify from "@cloudbase-auth/fastify";
import * as forKoa from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import { sightOf } from "../../src/contract-app.ts";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import type { RunningServer } from "../../src/contract-app.ts";

/**
 * A small server of each framework: `/me` for a signed-in person, everything else for everybody. Both answer what the
 * handler saw of the caller. It is the application of the tests whose subject is a fault and not the table.
 */
export type StartSmallServer = (auth: CloudbaseAuth) => Promise<RunningServer>;

export const adapters: readonly { readonly name: string; readonly start: StartSmallServer }[] = [
  { name: "Express 5", start: startExpress },
  { name: "Koa 3", start: startKoa },
  { name: "Fastify 5", start: startFastify },
];

function startExpress(auth: CloudbaseAuth): Promise<RunningServer> {
  const app = express();
  app.use(forExpress.cloudbaseAuth(auth));
  app.all("/me", forExpress.requireUser());
  app.use((req, res) => void res.json(sightOf(req.user, req.auth)));
  app.use(forExpress.problemDetails());
  return listen(app);
}

function startKoa(auth: CloudbaseAuth): Promise<RunningServer> {
  const app = new Koa<CloudbaseState>();
  const guard = forKoa.requireUser();
  app.use(forKoa.problemDetails());
  app.use(forKoa.cloudbaseAuth(auth));
  app.use((ctx, next): Promise<unknown> => (ctx.path === "/me" ? guard(ctx, next) : next()));
  app.use((ctx) => {
    ctx.body = sightOf(ctx.state.user, ctx.state.auth);
  });
  // An error that is no refusal must be seen by the test as a status, and not on its console.
  app.silent = true;
  const handle = app.callback();
  return listen((request, response) => void handle(request, response));
}

async function startFastify(auth: CloudbaseAuth): Promise<RunningServer> {
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => void payload.resume().on("end", () => done(null)));
  app.setErrorHandler(forFastify.problemDetails());
  await app.register(forFastify.cloudbaseAuth, auth);
  app.all("/me", { onRequest: forFastify.requireUser() }, (request) => sightOf(request.user, request.auth));
  app.setNotFoundHandler((request, reply) => reply.code(200).send(sightOf(request.user, request.auth)));
  await app.listen({ port: 0, host: "127.0.0.1" });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

export async function listen(listener: RequestListener): Promise<RunningServer> {
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
