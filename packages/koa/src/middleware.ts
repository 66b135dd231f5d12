import type { Auth, AuthResult, CloudbaseUser } from "@cloudbase-auth/core";
import { attach, openAdapter, requestWithBody } from "@cloudbase-auth/core/adapter";
import type { AdapterInput } from "@cloudbase-auth/core/adapter";
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
 * `requireUser` or `optionalUser` in front of what is not public.
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
  const goOn = (ctx: Context, next: Next, result: AuthResult): Promise<unknown> => {
    attach(ctx, settings, result, ctx.state);
    if (result.headers !== undefined) ctx.set({ ...result.headers });
    return next();
  };
  return (ctx, next) => {
    const answer = auth.authenticate(auth.readsBody ? requestWithBody(ctx.req, bodyOf(ctx)) : ctx.req);
    return answer instanceof Promise ? answer.then((result) => goOn(ctx, next, result)) : goOn(ctx, next, answer);
  };
}

/** Where the body parsers for Koa put it. */
function bodyOf({ request }: Context): unknown {
  return "body" in request ? request.body : undefined;
}
