import { Router } from "@koa/router";
import Koa from "koa";
import { assertRoutesDeclared, cloudbaseAuth, describeRoutes, formatRoutes } from "@cloudbase-auth/koa";
import { problemDetails, publicRoute, requireUser } from "@cloudbase-auth/koa";
import type { CloudbaseState, SignedInState } from "@cloudbase-auth/koa";

const router = new Router<CloudbaseState>();
router.get("/health", publicRoute(), (ctx) => void (ctx.body = { ok: true }));
router.get(
  "/me",
  requireUser().handler((ctx) => void (ctx.body = { id: ctx.state.user.id })),
);

const admin = new Router<SignedInState>({ prefix: "/admin", sensitive: true });
admin.use(requireUser({ groups: ["admin"] }));
admin.get("/reports", (ctx) => void (ctx.body = { id: ctx.state.user.id }));

const app = new Koa<CloudbaseState>();
app.use(problemDetails()).use(cloudbaseAuth());
app.use(router.routes()).use(admin.routes());
assertRoutesDeclared(app); // throws, naming every route that does not say who may call it
console.log(formatRoutes(describeRoutes(app)));
app.listen(Number(process.env.PORT ?? 3000));
