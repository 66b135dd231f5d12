import type { Auth, AuthResult, CloudbaseUser } from "@cloudbase-auth/core";
import { attach, dropConditions, openAdapter, passOn, responseHeadersOf } from "@cloudbase-auth/core/adapter";
import type { AdapterInput } from "@cloudbase-auth/core/adapter";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { NextFunction } from "express";

declare global {
  namespace Express {
    // Word for word what passport's types declare, so that both can be installed.
    interface User extends CloudbaseUser {}
    interface Request {
      /** The user of a verified access token, set by `cloudbaseAuth()`; `undefined` when there is none. */
      user?: User | undefined;
      /** How we know who is calling, or why we do not; `undefined` where `cloudbaseAuth()` has not run. */
      auth?: Auth | undefined;
    }
  }
}

/**
 * Fits every `RequestHandler`. It says nothing of `req.params`, so that a route keeps the type that Express reads from
 * its path.
 */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: NextFunction) => void;

/**
 * Finds out who sent the request and sets `req.user` and `req.auth`, over whatever another library put there.
 *
 * It verifies the access token of the Authorization header (RFC 6750 §2.1). It does **not** refuse anything: every
 * request goes on, and `req.auth.state` tells absent, rejected, unavailable and authenticated apart. Put `requireUser`
 * or `optionalUser` in front of what is not public.
 *
 * @param input options, an instance of `createCloudbaseAuth`, `{ auth: instance, property }`, or `{ session: sessions }`
 * @throws TypeError for wrong options, naming the option and the fix
 * @example
 * ```ts
 * const app = express();
 * app.use(cloudbaseAuth({ envId: "my-env-1a2b3c" }));
 * app.get("/me", requireUser(), (req, res) => void res.json(req.user));
 * app.use(problemDetails());
 * ```
 */
export function cloudbaseAuth(input?: AdapterInput): Middleware {
  const settings = openAdapter(input);
  return (req, res, next) => {
    passOn(
      settings.authenticate(req),
      (result) => {
        attach(req, settings, result);
        if (result.headers !== undefined || result.cookies !== undefined) setHeaders(res, result);
        if (result.cookies !== undefined) dropConditions(req);
      },
      (error) => next(error),
    );
  };
}

function setHeaders(res: ServerResponse, result: AuthResult): void {
  for (const [name, value] of Object.entries(responseHeadersOf(result, (name) => res.getHeader(name)))) {
    res.setHeader(name, value);
  }
}
