import { mergeHeaders, readSessionBody } from "@cloudbase-auth/core/adapter";
import type { Sessions } from "@cloudbase-auth/core/adapter";
import type { Context, Middleware } from "koa";

/** Where the routes are. */
export interface AuthRoutesOptions {
  /** @default "/auth" */
  readonly prefix?: string | undefined;
}

/**
 * The routes of `@cloudbase-auth/sessions`: sign-in, sign-up, sign-out and all the rest, below a prefix. What stands
 * elsewhere goes on; what they do not know below it is 404.
 *
 * They take a body that a parser has read, and read it themselves where none has.
 *
 * @throws TypeError for a prefix that is no path
 * @example
 * ```ts
 * const sessions = createSessions({ auth, secret: process.env.SESSION_SECRET ?? "", origin: "https://app.example" });
 * app.use(authRoutes(sessions));
 * app.use(cloudbaseAuth({ session: sessions }));
 * ```
 */
export function authRoutes(sessions: Sessions, { prefix = "/auth" }: AuthRoutesOptions = {}): Middleware {
  if (!/^(?:\/[\w.~-]+)+$/.test(prefix)) {
    throw new TypeError('option prefix must be a path such as "/auth", without a slash at its end');
  }
  return (ctx, next) => {
    const { path } = ctx;
    return path === prefix || path.startsWith(`${prefix}/`) ? answer(sessions, ctx, prefix) : next();
  };
}

async function answer(sessions: Sessions, ctx: Context, mount: string): Promise<void> {
  const { method, headers, url, ip, querystring: query } = ctx;
  const { rawHeaders } = ctx.req;
  const parsed = "body" in ctx.request ? ctx.request.body : undefined;
  const body = parsed === undefined ? await readSessionBody(ctx.req) : parsed;
  const path = ctx.path.slice(mount.length) || "/";
  const said = await sessions.answer({ method, headers, rawHeaders, url, ip, mount, path, query, body });
  ctx.status = said.status;
  // Before the headers: Koa would add a type, and take it away again from an answer without a body.
  ctx.body = said.body ?? null;
  ctx.status = said.status;
  ctx.set(mergeHeaders(said.headers, (name) => ctx.response.get(name)));
  if (body === null) ctx.set("Connection", "close");
}
