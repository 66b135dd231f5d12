import type { Requirement } from "@cloudbase-auth/core";
import {
  attach,
  checkRequirement,
  decide,
  openAdapter,
  refusalOf,
  requestWithBody,
} from "@cloudbase-auth/core/adapter";
import type { AdapterInput } from "@cloudbase-auth/core/adapter";
import type { Auth, AuthError, AuthResult, CloudbaseUser } from "@cloudbase-auth/core";
import type { Context, Middleware, Next } from "koa";

/** What {@link cloudbaseAuth} sets on `ctx.state`: `new Koa<CloudbaseState>()`. */
export interface CloudbaseState {
  /** The user of a verified access token; `undefined` when there is none. */
  user: CloudbaseUser | undefined;
  /** How we know who is calling, or why we do not. */
  auth: Auth;
}

/**
 * Finds out who sent the request and sets `ctx.state.user` and `ctx.state.auth`, over whatever another library put
 * there.
 *
 * It verifies the access token of the Authorization header (RFC 6750 §2.1). It does **not** refuse anything: every
 * request goes on, and `ctx.state.auth.state` tells absent, rejected, unavailable and authenticated apart. Put
 * {@link requireUser} or {@link optionalUser} in front of what is not public.
 *
 * @param input options, an instance of `createCloudbaseAuth`, or `{ auth: instance, property }`
 * @throws TypeError for wrong options, naming the option and the fix
 * @example
 * ```ts
 * const app = new Koa<CloudbaseState>();
 * app.use(problemDetails());
 * app.use(cloudbaseAuth({ envId: "my-env-1a2b3c" }));
 * app.use(requireUser());
 * app.use((ctx) => void (ctx.body = ctx.state.user));
 * ```
 */
export function cloudbaseAuth(input?: AdapterInput): Middleware {
  const settings = openAdapter(input);
  const { auth } = settings;
  const keep = (ctx: Context, result: AuthResult): void => {
    attach(ctx, settings, result, ctx.state);
    if (result.headers !== undefined) ctx.set({ ...result.headers });
  };
  return (ctx, next) => {
    const answer = auth.authenticate(auth.readsBody ? requestWithBody(ctx.req, bodyOf(ctx)) : ctx.req);
    if (!(answer instanceof Promise)) {
      keep(ctx, answer);
      return next();
    }
    return answer.then((result) => {
      keep(ctx, result);
      return proceed(undefined, next);
    });
  };
}

/** Where the body parsers for Koa put it. */
function bodyOf({ request }: Context): unknown {
  return "body" in request ? request.body : undefined;
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
export function requireUser(requirement?: Requirement<Context>): Middleware {
  const checked = checkRequirement(requirement);
  return (ctx, next) => {
    const verdict = decide(ctx, checked, ctx);
    return verdict instanceof Promise ? verdict.then((refusal) => proceed(refusal, next)) : proceed(verdict, next);
  };
}

/** {@link requireUser} for scopes, all of them. @throws TypeError for none, or one that is no scope */
export function requireScopes(...scopes: readonly string[]): Middleware {
  return requireUser({ scopes });
}

/** {@link requireUser} for groups, all of them. @throws TypeError for none */
export function requireGroups(...groups: readonly string[]): Middleware {
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
  return (ctx, next) => proceed(refusalOf(ctx, ctx), next);
}

// `next()` is handed back and not awaited: what fails behind a guard is none of the guard's business.
function proceed(refusal: AuthError | undefined, next: Next): Promise<unknown> {
  if (refusal !== undefined) throw refusal;
  return next();
}
