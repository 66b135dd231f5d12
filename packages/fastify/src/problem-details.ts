import { isAuthError } from "@cloudbase-auth/core";
import { formatProblemAnswer } from "@cloudbase-auth/core/adapter";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Answers `AuthError`s with their status, their headers and an `application/problem+json` body (RFC 9457). Every other
 * error goes on to the error handler of the enclosing scope, in the end Fastify's own.
 *
 * @example
 * ```ts
 * app.setErrorHandler(problemDetails());
 * ```
 */
export function problemDetails(): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, _request, reply) => {
    if (!isAuthError(error)) {
      void reply.send(error);
      return;
    }
    // Bytes, not a string or an object: no serializer of the route applies, and no charset is added, which JSON has not.
    const { status, headers, body } = formatProblemAnswer(error, reply.getHeader("vary"));
    void reply.code(status).headers(headers).send(Buffer.from(body));
  };
}
