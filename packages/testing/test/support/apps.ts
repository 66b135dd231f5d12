import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { Sessions } from "@cloudbase-auth/core";
import * as byExpress from "@cloudbase-auth/express";
import * as byFastify from "@cloudbase-auth/fastify";
import * as byKoa from "@cloudbase-auth/koa";
import { createMemorySessionStore, createSessions } from "@cloudbase-auth/sessions";
import type { TestAuth } from "@cloudbase-auth/testing";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";

const origin = "https://app.example";
const secret = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Sessions in their own cookies, or in a store. */
export function openSessions({ options }: Pick<TestAuth, "options">, kind: "cookie" | "store" = "cookie") {
  const auth = createCloudbaseAuth(options);
  const store = kind === "store" ? { store: createMemorySessionStore() } : {};
  return createSessions({ auth, secret, origin, now: options.now, ...store });
}

type Input = Parameters<typeof byExpress.cloudbaseAuth>[0];

export function expressApp(input: Input, sessions?: Sessions): express.Express {
  const app = express();
  if (sessions !== undefined) app.use("/auth", byExpress.authRoutes(sessions));
  app.use(byExpress.cloudbaseAuth(input));
  app.get("/me", byExpress.requireUser(), (req, res) => void res.json({ id: req.user?.id }));
  app.post("/orders", byExpress.requireUser({ scopes: ["orders"] }), (_req, res) => void res.sendStatus(204));
  app.use(byExpress.problemDetails());
  return app;
}

export function koaApp(input: Input) {
  const app = new Koa<byKoa.CloudbaseState>();
  app.use(byKoa.problemDetails());
  app.use(byKoa.cloudbaseAuth(input));
  app.use(byKoa.requireUser());
  app.use((ctx) => {
    ctx.body = { id: ctx.state.user?.id };
  });
  return app.callback();
}

export async function fastifyApp(input: Input) {
  const app = Fastify();
  app.setErrorHandler(byFastify.problemDetails());
  await app.register(byFastify.cloudbaseAuth, input ?? {});
  app.get("/me", { onRequest: byFastify.requireUser() }, ({ user }) => ({ id: user?.id }));
  app.post("/orders", { onRequest: byFastify.requireUser({ scopes: ["orders"] }) }, () => ({ saved: true }));
  return app;
}
