import type { Authenticated, CloudbaseUser } from "@cloudbase-auth/core";
import { assertInPlace, userOf } from "@cloudbase-auth/core/adapter";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Guard } from "./guards.ts";

/** What stands on a request behind `requireUser()`. */
export interface SignedIn {
  readonly user: CloudbaseUser;
  readonly auth: Authenticated;
}

/** Takes a handler for a signed-in user and makes one that fits any route. */
export type MakeHandler = <
  Request extends object = FastifyRequest,
  Reply extends object = FastifyReply,
  Answer = unknown,
>(
  handler: (request: Request & SignedIn, reply: Reply) => Answer,
) => (request: Request, reply: Reply) => Answer;

/**
 * The user of a request, for code behind a guard whose type does not say so.
 *
 * It does **not** judge anybody: an anonymous user is one too.
 *
 * @throws Error if there is none, saying what is missing
 * @example
 * ```ts
 * app.get("/orders", { onRequest: requireUser() }, (request) => ordersOf(getUser(request).id));
 * ```
 */
export function getUser(request: object): CloudbaseUser {
  return userOf(request);
}

type Handler = (this: unknown, request: object, reply: object) => unknown;

/** A handler as it was given, and the guard that belongs in front of it. */
export interface HandlerParts {
  readonly guard: Guard;
  readonly handler: Handler;
}

const partsKey = Symbol.for("@cloudbase-auth/fastify/handler");

/** What `guard.handler` does. */
export function handlerBehind(guard: Guard): MakeHandler {
  return (handler) => {
    if (typeof handler !== "function") throw new TypeError("handler() needs the route's handler");
    const inPlace: Handler = function (request, reply) {
      assertInPlace(request, request);
      return (handler as Handler).call(this, request, reply);
    };
    const guarded: Handler = async function (request, reply) {
      await new Promise<void>((resolve, reject) => {
        guard(request as FastifyRequest, reply as FastifyReply, (error) => (error ? reject(error) : resolve()));
      });
      // The reply itself, for a handler that sends it later; Fastify waits for it.
      return (await inPlace.call(this, request, reply)) ?? reply;
    };
    const parts: HandlerParts = { guard, handler: inPlace };
    return Object.assign(guarded, { [partsKey]: parts }) as never;
  };
}

/** What `guard.handler` put together; `undefined` for every other handler. */
export function partsOf(handler: object): HandlerParts | undefined {
  return (handler as { readonly [partsKey]?: HandlerParts })[partsKey];
}
