import { formatProblem, formatProblemAnswer } from "@cloudbase-auth/core/adapter";
import { isAuthError } from "@cloudbase-auth/core";
import type { AuthError, CloudbaseAuth, SessionAnswer, SessionRequest } from "@cloudbase-auth/core";
import { ExtendedRefusal, formatPlainProblem, PlainProblem, RefusedBody, RefusedFields } from "./refusal.ts";
import type { Mode, Reply } from "./route.ts";

/** What every answer to a request depends on. */
interface AnswerContext {
  readonly request: SessionRequest;
  readonly mode: Mode;
  readonly cookies: readonly string[];
}

/** The whole answer of a route that did what it is for. */
export function formatReply(context: AnswerContext, { body, location }: Reply): SessionAnswer {
  if (location !== undefined) return answer(context, 303, { Location: location }, undefined);
  if (body === undefined) return answer(context, 204, {}, undefined);
  return answer(context, 200, { "Content-Type": "application/json" }, JSON.stringify(body));
}

/** What went wrong, and who makes a refusal of it. */
interface Failure {
  readonly auth: CloudbaseAuth;
  readonly error: unknown;
  readonly onFault?: (error: unknown) => void;
}

/** The whole answer of a route that did not (RFC 9457). */
export function formatRefusal(context: AnswerContext, { auth, error, onFault }: Failure): SessionAnswer {
  if (error instanceof PlainProblem) {
    const headers = { ...error.headers, "Content-Type": "application/problem+json", "Content-Language": "en" };
    return answer(context, error.status, headers, formatPlainProblem(error));
  }
  const say = (refusal: AuthError): AuthError => auth.refusalOf(refusal, context.request) ?? refusal;
  if (error instanceof RefusedFields) {
    return problem(context, say(auth.refusals.invalidInput("fields")), { errors: error.fields });
  }
  if (error instanceof RefusedBody) {
    return problem(context, say(auth.refusals.invalidInput("malformed_json")), { errors: [] });
  }
  if (error instanceof ExtendedRefusal) return problem(context, error.refusal, error.members);
  if (isAuthError(error)) return problem(context, error, error.code === "upstream_rejected" ? reasonOf(error) : {});
  onFault?.(error);
  return problem(context, say(auth.refusals.serviceUnavailable("internal", 5, error)), {});
}

/** Nobody finds out here who has an account. */
function reasonOf({ reason }: AuthError): object {
  return { reason: reason === "not_found" ? "invalid_credentials" : reason };
}

function problem(context: AnswerContext, refusal: AuthError, members: object): SessionAnswer {
  const { status, headers } = formatProblemAnswer(refusal, varyOf(context));
  return answer(context, status, headers, JSON.stringify({ ...formatProblem(refusal), ...members }));
}

function answer(
  context: AnswerContext,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): SessionAnswer {
  const cookies = lastOfEachName(context.cookies);
  return {
    status,
    headers: {
      Vary: varyOf(context),
      ...headers,
      "Cache-Control": "no-store",
      ...(cookies.length > 0 && { "Set-Cookie": cookies }),
    },
    body: context.request.method === "HEAD" ? undefined : body,
  };
}

function varyOf({ mode, request }: AnswerContext): string {
  if (mode === "tokens") return "Authorization";
  return request.method === "GET" || request.method === "HEAD" ? "Cookie" : "Cookie, Sec-Fetch-Site, Origin";
}

/** A session that is renewed and then ended in one request sets one cookie. */
function lastOfEachName(lines: readonly string[]): readonly string[] {
  const byName = new Map<string, string>();
  for (const line of lines) {
    const name = line.slice(0, line.indexOf("="));
    byName.delete(name);
    byName.set(name, line);
  }
  return [...byName.values()];
}
