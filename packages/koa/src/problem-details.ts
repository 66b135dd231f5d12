import { isAuthError } from "@cloudbase-auth/core";
import { formatProblemAnswer } from "@cloudbase-auth/core/adapter";
import type { Middleware } from "koa";

/**
 * Answers `AuthError`s with their status, their headers and an `application/problem+json` body (RFC 9457).
 *
 * Every other error goes on to Koa, and so does any error once the answer has begun. Headers that were set on the
 * way stay, unlike in Koa's own error handler.
 *
 * @example
 * ```ts
 * app.use(problemDetails()); // first
 * app.use(cloudbaseAuth());
 * ```
 */
export function problemDetails(): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!isAuthError(error) || ctx.headerSent || !ctx.writable) throw error;
      const { status, headers, body } = formatProblemAnswer(error, ctx.response.get("Vary"));
      ctx.status = status;
      ctx.body = body;
      // After the body, which would set text/plain; and not by ctx.type, which may add a charset that JSON has not.
      // The cookies are there already, and perhaps more of them than the error knows of.
      const { "Set-Cookie": _, ...others } = headers;
      ctx.set(others);
    }
  };
}
