import type { Authenticated, CloudbaseUser } from "@cloudbase-auth/core";
import { assertInPlace, declareHandler, userOf } from "@cloudbase-auth/core/adapter";
import type { RoutePolicy } from "@cloudbase-auth/core/adapter";
import type { IncomingMessage } from "node:http";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { Middleware } from "./middleware.ts";

/** What stands on a request behind `requireUser()`. */
export interface SignedIn {
  readonly user: CloudbaseUser;
  readonly auth: Authenticated;
}

type SignedInHandler<Params> = (req: Request<Params> & SignedIn, res: Response, next: NextFunction) => unknown;

/** Takes a handler for a signed-in user and makes one that fits any route. */
export type MakeHandler = <Params = Request["params"]>(handler: SignedInHandler<Params>) => RequestHandler<Params>;

/**
 * The user of a request, for code behind a guard whose type does not say so.
 *
 * It does **not** judge anybody: an anonymous user is one too.
 *
 * @throws Error if there is none, saying what is missing
 * @example
 * ```ts
 * app.get("/orders", requireUser(), async (req, res) => void res.json(await ordersOf(getUser(req).id)));
 * ```
 */
export function getUser(req: IncomingMessage): CloudbaseUser {
  return userOf(req);
}

/** What `guard.handler` does. */
export function handlerBehind(guard: Middleware, policy: RoutePolicy): MakeHandler {
  return <Params>(handler: SignedInHandler<Params>) => {
    if (typeof handler !== "function") throw new TypeError("handler() needs the route's handler");
    const guarded: RequestHandler<Params> = (req, res, next) => {
      guard(req, res, (error?: unknown) => {
        if (error === undefined) void run(handler, req, res, next);
        else next(error);
      });
    };
    return declareHandler(guarded, policy);
  };
}

// Async, so that whatever the handler throws, and whenever, goes to `next`: on Express 4 too.
async function run<Params>(
  handler: SignedInHandler<Params>,
  req: Request<Params>,
  res: Response,
  next: NextFunction,
): Promise<void> {
  try {
    assertInPlace(req, req);
    await handler(req as Request<Params> & SignedIn, res, next);
  } catch (error) {
    next(error ?? new Error("the handler was rejected with nothing"));
  }
}
