import type { AuthError, Requirement } from "@cloudbase-auth/core";
import { checkRequirement, decide, declareGuard, refusalOf } from "@cloudbase-auth/core/adapter";
import type { Context, Middleware, Next } from "koa";
import { handlerBehind } from "./signed-in.ts";
import type { MakeHandler } from "./signed-in.ts";

/** A guard behind which there is a user. */
export interface UserGuard extends Middleware {
  /**
   * A handler with this guard in it, for whose type `ctx.state.user` and `ctx.state.auth` are those of a signed-in user.
   *
   * @example
   * ```ts
   * router.get("/me", requireUser().handler((ctx) => void (ctx.body = ctx.state.user.groups)));
   * ```
   */
  readonly handler: MakeHandler;
}

/**
 * Lets only those requests pass whose user satisfies the requirement; without one, any signed-in user who is not
 * anonymous. Everything else is thrown as an `AuthError`.
 *
 * Error codes: `missing_token` 401, `invalid_request` 400, `invalid_token` 401, `anonymous_user` 403,
 * `insufficient_scope` 403, `forbidden` 403, `service_unavailable` 503.
 *
 * @throws TypeError for a malformed requirement, where the route is declared
 * @example
 * ```ts
 * router.delete("/posts/:id", requireUser({ groups: ["editors"] }), removePost);
 * ```
 */
export function requireUser(requirement?: Requirement<Context>): UserGuard {
  const checked = checkRequirement(requirement);
  const guard: Middleware = (ctx, next) => {
    const verdict = decide(ctx, checked, ctx);
    return verdict instanceof Promise ? verdict.then((refusal) => proceed(refusal, next)) : proceed(verdict, next);
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
 * router.get("/", optionalUser(), (ctx) => void (ctx.body = `Hello ${ctx.state.user?.name ?? "stranger"}`));
 * ```
 */
export function optionalUser(): Middleware {
  return declareGuard<Middleware>((ctx, next) => proceed(refusalOf(ctx, ctx), next), { access: "optional" });
}

/**
 * Lets every request pass. It is there to say so: `assertRoutesDeclared()` wants a word from every route.
 *
 * @example
 * ```ts
 * router.get("/health", publicRoute(), (ctx) => void (ctx.body = "ok"));
 * ```
 */
export function publicRoute(): Middleware {
  return declareGuard<Middleware>((_ctx, next) => next(), { access: "public" });
}

// `next()` is handed back and not awaited: what fails behind a guard is none of the guard's business.
function proceed(refusal: AuthError | undefined, next: Next): Promise<unknown> {
  if (refusal !== undefined) throw refusal;
  return next();
}
