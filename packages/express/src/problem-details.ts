import { isAuthError } from "@cloudbase-auth/core";
import { formatProblemAnswer } from "@cloudbase-auth/core/adapter";
import type { ErrorRequestHandler } from "express";

/**
 * Answers `AuthError`s with their status, their headers and an `application/problem+json` body (RFC 9457).
 *
 * Every other error goes on to the next error handler, and so does any error once the answer has begun.
 *
 * @example
 * ```ts
 * app.use(problemDetails()); // after the routes, before error handlers of your own
 * ```
 */
export function problemDetails(): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (!isAuthError(error) || res.headersSent) {
      next(error);
      return;
    }
    const { status, headers, body } = formatProblemAnswer(error, res.getHeader("Vary"));
    res.statusCode = status;
    // Not res.json(): that would add a charset, which JSON has not, and an ETag.
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    res.setHeader("Content-Length", Buffer.byteLength(body));
    res.end(body);
  };
}
