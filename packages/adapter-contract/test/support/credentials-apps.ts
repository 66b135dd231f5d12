import type { AddressInfo } from "node:net";
import fastifyForm from "@fastify/formbody";
import { bodyParser } from "@koa/bodyparser";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import * as forExpress from "@cloudbase-auth/express";
import * as forFastify from "@cloudbase-auth/fastify";
import * as forKoa from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import express from "express";
import Fastify from "fastify";
import type { RouteShorthandOptions } from "fastify";
import Koa from "koa";
import type { RunningServer } from "../../src/contract-app.ts";
import { listen } from "./adapters.ts";

/** What an application is made of: `/me` for a signed-in person, with the framework's usual form parser in front. */
export interface CredentialsApp {
  readonly auth: CloudbaseAuth;
  /** Whether to mount the adapter's `problemDetails()`; otherwise the framework's own error handling answers. */
  readonly problemDetails: boolean;
}

export const credentialsApps: readonly {
  readonly name: string;
  readonly start: (app: CredentialsApp) => Promise<RunningServer>;
}[] = [
  { name: "Express 5", start: startExpress },
  { name: "Koa 3", start: startKoa },
  {
    name: "Fastify 5, guard in preHandler",
    start: (app) => startFastify(app, { preHandler: forFastify.requireUser() }),
  },
  { name: "Fastify 5, config.auth", start: (app) => startFastify(app, { config: { auth: {} } }) },
];

function startExpress({ auth, problemDetails }: CredentialsApp): Promise<RunningServer> {
  const app = express();
  // Elsewhere its own error handler logs every error.
  app.set("env", "test");
  app.use(express.urlencoded({ extended: false }), express.json());
  app.use(forExpress.cloudbaseAuth(auth));
  app.all(
    "/me",
    forExpress.requireUser().handler((req, res) => void res.json(req.user.id)),
  );
  if (problemDetails) app.use(forExpress.problemDetails());
  return listen(app);
}

function startKoa({ auth, problemDetails }: CredentialsApp): Promise<RunningServer> {
  const app = new Koa<CloudbaseState>();
  app.silent = true;
  if (problemDetails) app.use(forKoa.problemDetails());
  app.use(bodyParser());
  app.use(forKoa.cloudbaseAuth(auth));
  app.use(
    forKoa.requireUser().handler((ctx) => {
      ctx.body = JSON.stringify(ctx.state.user.id);
    }),
  );
  const handle = app.callback();
  return listen((request, response) => void handle(request, response));
}

async function startFastify(
  { auth, problemDetails }: CredentialsApp,
  guarded: RouteShorthandOptions,
): Promise<RunningServer> {
  const app = Fastify({ forceCloseConnections: true });
  if (problemDetails) app.setErrorHandler(forFastify.problemDetails());
  await app.register(fastifyForm);
  await app.register(forFastify.cloudbaseAuth, auth);
  app.all("/me", guarded, async (request, reply) => {
    void reply.type("application/json");
    return JSON.stringify(request.user?.id);
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}
