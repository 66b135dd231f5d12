import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import formbody from "@fastify/formbody";
import { authContext as contextOfExpress, cloudbaseAuth as forExpress } from "@cloudbase-auth/express";
import { authContext as contextOfFastify, cloudbaseAuth as forFastify } from "@cloudbase-auth/fastify";
import { authContext as contextOfKoa, cloudbaseAuth as forKoa } from "@cloudbase-auth/koa";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { bodyParser } from "@koa/bodyparser";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import type { RunningServer } from "../../src/contract-app.ts";

/**
 * Answers a request with what the handler returns, as JSON. Bodies, JSON and forms, are read before it; under `/raw` the
 * handler gets the request unread.
 */
export type Handler = (request: IncomingMessage) => unknown;

interface ContextApp {
  readonly auth: CloudbaseAuth;
  readonly handler: Handler;
  /** Whether `authContext` is mounted. */
  readonly context: boolean;
}

/** An application of each framework whose handler may not look at its arguments to know who is calling. */
export const contextApps: readonly {
  readonly name: string;
  readonly start: (app: ContextApp) => Promise<RunningServer>;
}[] = [
  { name: "Express 5", start: startExpress },
  { name: "Koa 3", start: startKoa },
  { name: "Fastify 5", start: startFastify },
];

function startExpress({ auth, handler, context }: ContextApp): Promise<RunningServer> {
  const app = express();
  // A token in a form is there once the form is read.
  if (auth.readsBody) app.use(express.urlencoded());
  app.use(forExpress(auth));
  if (context) app.use(contextOfExpress());
  app.use((req, res, next) => (req.path === "/raw" ? next() : express.json()(req, res, next)));
  app.use(async (req, res) => void res.json(await handler(req)));
  return listen(app);
}

function startKoa({ auth, handler, context }: ContextApp): Promise<RunningServer> {
  const app = new Koa();
  if (auth.readsBody) app.use(bodyParser());
  app.use(forKoa(auth));
  if (context) app.use(contextOfKoa());
  const parse = bodyParser();
  app.use((ctx, next) => (ctx.path === "/raw" ? next() : parse(ctx, next)));
  app.use(async (ctx) => {
    ctx.body = JSON.stringify((await handler(ctx.req)) ?? null);
  });
  const handle = app.callback();
  return listen((request, response) => void handle(request, response));
}

async function startFastify({ auth, handler, context }: ContextApp): Promise<RunningServer> {
  const app = Fastify({ forceCloseConnections: true });
  await app.register(formbody);
  app.addContentTypeParser("application/octet-stream", (_request, _payload, done) => done(null));
  await app.register(forFastify, auth);
  if (context) await app.register(contextOfFastify);
  app.all("/*", async (request) => JSON.stringify((await handler(request.raw)) ?? null));
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
