import { runAsCaller } from "@cloudbase-auth/core/adapter";
import type { Middleware } from "koa";

/**
 * Lets `currentUser()` and `currentAuth()` answer in everything that a request sets off, without `ctx` being handed
 * along. Mount it behind `cloudbaseAuth()`.
 *
 * @example
 * ```ts
 * app.use(cloudbaseAuth());
 * app.use(authContext());
 * router.get("/orders", requireUser(), async (ctx) => void (ctx.body = await ordersOf(currentUser()?.id)));
 * ```
 */
export function authContext(): Middleware {
  return (ctx, next) => runAsCaller(ctx, next);
}
