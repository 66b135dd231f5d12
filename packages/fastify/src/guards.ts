import type { Requirement } from "@cloudbase-auth/core";
import { checkRequirement, decide, passOn, refusalOf } from "@cloudbase-auth/core/adapter";
import type { FastifyReply, FastifyRequest } from "fastify";

/** A hook that fits `onRequest`, `preValidation` and `preHandler`, and a function of `@fastify/auth`. */
export type Guard = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

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
export function requireUser(requirement?: Requirement<FastifyRequest>): Guard {
  const checked = checkRequirement(requirement);
  return (request, _reply, done) => {
    passOn(decide(request, checked, request), (refusal) => refusal, done);
  };
}

/** {@link requireUser} for scopes, all of them. @throws TypeError for none, or one that is no scope */
export function requireScopes(...scopes: readonly string[]): Guard {
  return requireUser({ scopes });
}

/** {@link requireUser} for groups, all of them. @throws TypeError for none */
export function requireGroups(...groups: readonly string[]): Guard {
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
  return (request, _reply, done) => {
    done(refusalOf(request, request));
  };
}
