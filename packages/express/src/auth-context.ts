import { runAsCaller } from "@cloudbase-auth/core/adapter";
import type { Middleware } from "./middleware.ts";

/**
 * Lets `currentUser()` and `currentAuth()` answer in everything that a request sets off, without `req` being handed
 * along. Mount it behind `cloudbaseAuth()`, and behind body parsers that lose the context, such as `multer`.
 *
 * @example
 * ```ts
 * app.use(cloudbaseAuth());
 * app.use(authContext());
 * app.get("/orders", requireUser(), async (_req, res) => void res.json(await ordersOf(currentUser()?.id)));
 * ```
 */
export function authContext(): Middleware {
  return (req, _res, next) => runAsCaller(req, next);
}
