import type { Requirement } from "@cloudbase-auth/core";
import { checkRequirement, decide, declareGuard, passOn, refusalOf } from "@cloudbase-auth/core/adapter";
import type { Request } from "express";
import type { Middleware } from "./middleware.ts";
import { handlerBehind } from "./signed-in.ts";
import type { MakeHandler } from "./signed-in.ts";

/** A guard behind which there is a user. */
export interface UserGuard extends Middleware {
  /**
   * A handler with this guard in it, for whose type `req.user` and `req.auth` are those of a signed-in user.
   *
   * @example
   * ```ts
   * app.get("/me", requireUser().handler((req, res) => void res.json(req.user.groups)));
   * ```
   */
  readonly handler: MakeHandler;
}

/**
 * Lets only those requests pass whose user satisfies the requirement; without one, any signed-in user who is not
 * anonymous. Everything else goes to `next(error)` as an `AuthError`.
 *
 * Error codes: `missing_token` 401, `invalid_request` 400, `invalid_token` 401, `anonymous_user` 403,
 * `insufficient_scope` 403, `forbidden` 403, `service_unavailable` 503.
 *
 * @throws TypeError for a malformed requirement, where the route is declared
 * @example
 * ```ts
 * app.delete("/posts/:id", requireUser({ groups: ["editors"] }), removePost);
 * ```
 */
export function requireUser(requirement?: Requirement<Request>): UserGuard {
  const checked = checkRequirement(requirement);
  const guard: Middleware = (req, _res, next) => {
    passOn(
      // Express hands its own request over; the parameter is typed as Node's, so that the guard fits every handler type.
      decide(req, checked, req as Request),
      (refusal) => refusal,
      (error) => next(error),
    );
  };
  const policy = { access: "user", requirement: checked } as const;
  return Object.assign(declareGuard(guard, policy), { handler: handlerBehind(guard, policy) });
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
 * app.get("/", optionalUser(), (req, res) => void res.send(`Hello ${req.user?.name ?? "stranger"}`));
 * ```
 */
export function optionalUser(): Middleware {
  const guard: Middleware = (req, _res, next) => {
    next(refusalOf(req, req));
  };
  return declareGuard(guard, { access: "optional" });
}

/**
 * Lets every request pass. It is there to say so: `assertRoutesDeclared()` wants a word from every route.
 *
 * @example
 * ```ts
 * app.get("/health", publicRoute(), (_req, res) => void res.send("ok"));
 * ```
 */
export function publicRoute(): Middleware {
  const guard: Middleware = (_req, _res, next) => {
    next();
  };
  return declareGuard(guard, { access: "public" });
}
