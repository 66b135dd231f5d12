import Koa from "koa";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/koa";
import type { AdapterInput, CloudbaseState } from "@cloudbase-auth/koa";
import { Router } from "@koa/router";

/** The application without a port, so that tests can have one of their own: `app.test.ts`. */
export function createApp(auth?: AdapterInput): Koa<CloudbaseState> {
  const app = new Koa<CloudbaseState>();
  const router = new Router<CloudbaseState>();

  // First, so that it sees the refusals of everything behind it; Koa's own handler would answer in plain text.
  app.use(problemDetails());

  // Finds out who is calling and refuses nobody; CLOUDBASE_ENV_ID says which environment's users are ours.
  app.use(cloudbaseAuth(auth));

  router.get("/", (ctx) => {
    ctx.body = { message: "Everybody may read this." };
  });

  // Absent and anonymous pass; a bad token is refused and never taken for "nobody".
  router.get("/hello", optionalUser(), (ctx) => {
    const { user } = ctx.state;
    const name = user?.isAnonymous ? "anonymous visitor" : (user?.name ?? user?.id ?? "stranger");
    ctx.body = { message: `Hello, ${name}.` };
  });

  // A signed-in person; anonymous users get 403.
  router.get("/me", requireUser(), (ctx) => {
    ctx.body = { user: ctx.state.user };
  });

  router.get("/admin", requireUser({ groups: ["admin"] }), (ctx) => {
    ctx.body = { message: "You are in the group admin." };
  });

  app.use(router.routes());
  return app;
}
