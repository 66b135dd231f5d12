import type { Requirement } from "@cloudbase-auth/core";
import { checkRequirement, decide, declareGuard, passOn, refusalOf } from "@cloudbase-auth/core/adapter";
import type { FastifyReply, FastifyRequest } from "fastify";
import { handlerBehind } from "./signed-in.ts";
import type { MakeHandler } from "./signed-in.ts";

/** A hook that fits `onRequest`, `preValidation` and `preHandler`, and a function of `@fastify/auth`. */
export type Guard = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/** A guard behind which there is a user. */
export interface UserGuard extends Guard {
  /**
   * A handler with this guard in it, for whose type `request.user` and `request.auth` are those of a signed-in user. The
   * plugin moves the guard to where it spares reading the body.
   *
   * @example
   * ```ts
   * app.get("/me", requireUser().handler((request) => request.user.groups));
   * ```
   */
  readonly handler: MakeHandler;
}

/**
 * Lets only those requests pass whose user satisfies the requirement; without one, any signed-in user who is not
 * anonymous. Everything else becomes an `AuthError`.
 *
 * Error codes: `missing_token` 401, `invalid_request` 400, `invalid_token` 401, `anonymous_user` 403,
 * `insufficient_scope` 403, `forbidden` 403, `service_unavailable` 503.
 *
 * @throws TypeError for a malformed requirement, where the route is declared
 * @example
 * ```ts
 * app.delete("/posts/:id", { onRequest: requireUser({ groups: ["editors"] }) }, removePost);
 * ```
 */
export function requireUser(requirement?: Requirement<FastifyRequest>): UserGuard {
  const checked = checkRequirement(requirement);
  const guard: Guard = (request, _reply, done) => {
    passOn(decide(request, checked, request), (refusal) => refusal, done);
  };
  declareGuard(guard, { access: "user", requirement: checked });
  return Object.assign(guard, { handler: handlerBehind(guard) });
}

/** {@link requireUser} for scopes, all of them. @throws TypeError for none, or one that is no scope */
export function requireScopes(...scopes: readonly string[]): UserGuard {
  return requireUser({ scopes });
}

/** {@link requireUser} for groups, all of them. @throws TypeError for none */
export function requireGroups(...groups: readonly string[]): UserGuard {
  return requireUser({ groups });
}

/**
 * Lets requests without a token and those of anonymous users pass too, but never makes "nobody" of a bad token.
 *
 * Error codes: `invalid_request` 400, `invalid_token` 401, `service_unavailable` 503.
 *
 * @example
 * ```ts
 * app.get("/", { onRequest: optionalUser() }, ({ user }) => `Hello ${user?.name ?? "stranger"}`);
 * ```
 */
export function optionalUser(): Guard {
  const guard: Guard = (request, _reply, done) => {
    done(refusalOf(request, request));
  };
  return declareGuard(guard, { access: "optional" });
}

/**
 * Lets every request pass. It is there to say so: `assertRoutesDeclared()` wants a word from every route.
 *
 * @example
 * ```ts
 * app.get("/health", { onRequest: publicRoute() }, () => "ok");
 * ```
 */
export function publicRoute(): Guard {
  const guard: Guard = (_request, _reply, done) => {
    done();
  };
  return declareGuard(guard, { access: "public" });
}
