import { redact } from "@cloudbase-auth/core";
import type { SessionAnswer, SessionRequest } from "@cloudbase-auth/core";
import { checkAttemptLimits } from "./attempt-limits.ts";
import { formatReply, formatRefusal } from "./answer.ts";
import { askForCaptcha } from "./captcha.ts";
import { createLateSignOuts } from "./late-sign-outs.ts";
import { readBody } from "./read-body.ts";
import type { AuthRoutesParts, RouteCall } from "./route.ts";
import { refusalOf } from "./refusal-of.ts";
import { findRoute } from "./table.ts";

const safe = ["GET", "HEAD"];

/**
 * The auth routes, free of any framework: a request below where they are mounted, and its whole answer. They never
 * reject, and what they do not know is 404.
 *
 * In mode `session` every route that may change something refuses what another site may have sent, whether or not
 * there is a session; in mode `tokens` nothing that a browser sends by itself counts, so there is nothing to check.
 */
export function createAuthRoutes(parts: AuthRoutesParts): (request: SessionRequest) => Promise<SessionAnswer> {
  const { auth, mode } = parts;
  const limits = checkAttemptLimits(parts.limits);
  const now = parts.now ?? Date.now;
  const lateSignOuts = createLateSignOuts(auth, now);
  const onFault = parts.onFault ?? warn;

  return async function answer(request) {
    const cookies: string[] = [];
    const context = { request, mode, cookies };
    const call: RouteCall = {
      ...{ ...parts, limits, lateSignOuts, now, request, params: {}, query: new URLSearchParams(request.query) },
      setCookies: (lines) => void cookies.push(...lines),
    };
    try {
      const { route, params } = findRoute(mode, request.method, request.path);
      const isSafe = safe.includes(request.method);
      if (!isSafe && mode === "session" && parts.checkCrossSite(request)) throw auth.refusals.csrf();
      const body = isSafe ? {} : readBody(request);
      return formatReply(context, await route.run({ ...call, params }, body));
    } catch (error) {
      return formatRefusal(context, await explain(call, error));
    }
  };

  /** What the client is told of what went wrong. */
  async function explain(call: RouteCall, error: unknown) {
    const refusal = refusalOf(call, error);
    if (refusal?.reason === "captcha_required") return { auth, error: await askForCaptcha(call, refusal) };
    return { auth, error: refusal ?? error, onFault };
  }
}

/** A fault of ours: the client is told that it is not its own, the operator what it is. */
function warn(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : "something that is no error was thrown";
  process.emitWarning(`An auth route failed: ${redact(text)}`, { code: "CLOUDBASE_AUTH_ROUTE" });
}
