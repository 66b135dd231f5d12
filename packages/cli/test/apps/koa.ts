import { cloudbaseAuth, publicRoute, requireUser } from "@cloudbase-auth/koa";
import Router from "@koa/router";
import Koa from "koa";

const router = new Router();
router.get("/health", publicRoute(), (ctx) => void (ctx.body = "ok"));
router.get("/me", requireUser(), (ctx) => void (ctx.body = "me"));

export function createApp(): Koa {
  const app = new Koa();
  app.use(cloudbaseAuth());
  app.use(router.routes());
  return app;
}
