import type { Authenticated, CloudbaseUser } from "@cloudbase-auth/core";
import { assertInPlace, declareHandler, userOf } from "@cloudbase-auth/core/adapter";
import type { RoutePolicy } from "@cloudbase-auth/core/adapter";
import type { Context, Middleware, Next, ParameterizedContext } from "koa";
import type { CloudbaseState } from "./middleware.ts";

/** What stands on `ctx.state` behind `requireUser()`: `router.get<SignedInState>("/me", requireUser(), …)`. */
export interface SignedInState extends CloudbaseState {
  user: CloudbaseUser;
  auth: Authenticated;
}

/** Takes a handler for a signed-in user and makes one that fits any route. */
export type MakeHandler = <Ctx extends object = ParameterizedContext<CloudbaseState>>(
  handler: (ctx: Ctx & { state: SignedInState }, next: Next) => unknown,
) => (ctx: Ctx, next: Next) => Promise<unknown>;

/**
 * The user of a request, for code behind a guard whose type does not say so.
 *
 * It does **not** judge anybody: an anonymous user is one too.
 *
 * @throws Error if there is none, saying what is missing
 * @example
 * ```ts
 * router.get("/orders", requireUser(), async (ctx) => void (ctx.body = await ordersOf(getUser(ctx).id)));
 * ```
 */
export function getUser(ctx: object): CloudbaseUser {
  return userOf(ctx);
}

/** What `guard.handler` does. */
export function handlerBehind(guard: Middleware, policy: RoutePolicy): MakeHandler {
  return <Ctx extends object>(handler: (ctx: Ctx & { state: SignedInState }, next: Next) => unknown) => {
    if (typeof handler !== "function") throw new TypeError("handler() needs the route's handler");
    const guarded = async (ctx: Ctx, next: Next): Promise<unknown> =>
      // Koa hands its own context over, whatever the router adds to it.
      guard(ctx as unknown as Context, async () => {
        const signedIn = ctx as Ctx & { state: SignedInState };
        assertInPlace(signedIn, signedIn.state);
        return handler(signedIn, next);
      });
    return declareHandler(guarded, policy);
  };
}
