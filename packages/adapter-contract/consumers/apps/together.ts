import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import { createCloudbaseAuth, isAuthError } from "@cloudbase-auth/core";
import { authRoutes, cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";
import * as onFastify from "@cloudbase-auth/fastify";
import * as onKoa from "@cloudbase-auth/koa";
import { createEmulator } from "@cloudbase-auth/emulator";
import { createSessions } from "@cloudbase-auth/sessions";
import { portOf } from "./say.ts";

async function main(): Promise<void> {
  const origin = "http://127.0.0.1:3000";
  const auth = createCloudbaseAuth();
  const secret = "of the consumers alone, 32 characters";
  const session = createSessions({ auth, secret, origin });

  const app = express();
  app.use("/auth", authRoutes(session));
  app.use(cloudbaseAuth({ session }));
  app.get(
    "/",
    requireUser().handler((req, res) => void res.json({ id: req.user.id })),
  );
  app.use(problemDetails());
  const first = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: portOf(first) })));

  const koa = new Koa<onKoa.CloudbaseState>();
  koa.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!isAuthError(error)) throw error; // one family of errors, whichever package it was loaded through
      ctx.status = error.status;
      ctx.set("WWW-Authenticate", error.headers["WWW-Authenticate"] ?? "");
    }
  });
  koa.use(onKoa.cloudbaseAuth({ auth }));
  koa.use(onKoa.requireUser());
  koa.use((ctx) => {
    ctx.body = { id: ctx.state.user?.id };
  });
  const second = koa.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: portOf(second) })));

  const fastify = Fastify();
  fastify.setErrorHandler(onFastify.problemDetails());
  await fastify.register(onFastify.cloudbaseAuth, { auth });
  fastify.get("/", { onRequest: onFastify.requireUser() }, (request) => ({ id: request.user?.id }));
  await fastify.listen({ port: 0, host: "127.0.0.1" });
  console.log(JSON.stringify({ port: portOf(fastify.server) }));

  const emulator = await createEmulator({ envId: "demo" });
  const token = await emulator.issueToken();
  console.log(JSON.stringify({ port: Number(new URL(emulator.endpoint).port), path: "/auth/v1/user/me", token }));
}
void main();
