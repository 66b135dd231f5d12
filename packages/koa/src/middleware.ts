import type { Auth, AuthResult, CloudbaseUser } from "@cloudbase-auth/core";
import { attach, dropConditions, openAdapter, requestWithBody, responseHeadersOf } from "@cloudbase-auth/core/adapter";
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
 * @param input options, an instance of `createCloudbaseAuth`, `{ auth: instance, property }`, or `{ session: sessions }`
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
    if (result.headers === undefined && result.cookies === undefined) return next();
    const headers = responseHeadersOf(result, (name) => ctx.response.get(name));
    ctx.set(headers);
    if (result.cookies !== undefined) dropConditions(ctx.req);
    return next().catch((error: unknown) => {
      throw withHeaders(error, headers);
    });
  };
  return (ctx, next) => {
    const answer = settings.authenticate(auth.readsBody ? requestWithBody(ctx.req, bodyOf(ctx)) : ctx.req);
    return answer instanceof Promise ? answer.then((result) => goOn(ctx, next, result)) : goOn(ctx, next, answer);
  };
}

/** Where the body parsers for Koa put it. */
function bodyOf({ request }: Context): unknown {
  return "body" in request ? request.body : undefined;
}

/**
 * Koa's own error handler drops all headers that are not on the error: a renewed cookie would be lost, and an answer to a
 * token that must be kept nowhere would be kept.
 */
function withHeaders(error: unknown, headers: Readonly<Record<string, string | readonly string[]>>): unknown {
  if (!(error instanceof Error)) return error;
  const own: unknown = "headers" in error ? error.headers : undefined;
  const carried = { value: { ...headers, ...(typeof own === "object" ? own : undefined) }, configurable: true };
  // Refusals are frozen; whoever asks this one what it is gets the same answers.
  return Object.isExtensible(error)
    ? Object.defineProperty(error, "headers", carried)
    : Object.create(error, { headers: carried });
}
