import { Router } from "@koa/router";
import Koa from "koa";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";

const router = new Router<CloudbaseState>();
router.get("/", optionalUser(), (ctx) => {
  ctx.body = { hello: ctx.state.user?.id ?? "stranger" }; // instead of jwt({ passthrough: true })
});
router.get("/me", requireUser(), (ctx) => {
  ctx.body = { id: ctx.state.user?.id }; // was ctx.state.user.sub
});

const app = new Koa<CloudbaseState>();
app.use(problemDetails()); // instead of a catch for status 401
app.use(cloudbaseAuth()); // instead of jwt({ secret: koaJwtSecret(…), issuer, audience })
app.use(router.routes());
app.listen(Number(process.env.PORT ?? 3000));
