import type { Auth, CloudbaseUser, Requirement } from "@cloudbase-auth/core";
import { attach, checkRequirement, decide, openAdapter, passOn, refusalOf } from "@cloudbase-auth/core/adapter";
import type { AdapterInput } from "@cloudbase-auth/core/adapter";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { NextFunction, Request } from "express";

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
 * request goes on, and `req.auth.state` tells absent, rejected, unavailable and authenticated apart. Put
 * {@link requireUser} or {@link optionalUser} in front of what is not public.
 *
 * @param input options, an instance of `createCloudbaseAuth`, or `{ auth: instance, property }`
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
      settings.auth.authenticate(req),
      (result) => {
        attach(req, settings, result);
        if (result.headers !== undefined) res.setHeaders(new Map(Object.entries(result.headers)));
      },
      (error) => next(error),
    );
  };
}

/**
 * Lets only those requests pass whose user satisfies the requirement; without one, any signed-in user who is not
 * anonymous. Everything else goes to `next(error)` as an `AuthError`.
 *
 * Error codes: `missing_token` 401, `invalid_request` 400, `invalid_token` 401, `anonymous_user` 403,
 * `insufficient_scope` 403, `forbidden` 403, `service_unavailable` 503.
 *
 * @throws TypeError for a malformed requirement, where the route is declared
 * @example
 * ```ts
 * app.delete("/posts/:id", requireUser({ groups: ["editors"] }), removePost);
 * ```
 */
export function requireUser(requirement?: Requirement<Request>): Middleware {
  const checked = checkRequirement(requirement);
  return (req, _res, next) => {
    passOn(
      // Express hands its own request over; the parameter is typed as Node's, so that the guard fits every handler type.
      decide(req, checked, req as Request),
      (refusal) => refusal,
      (error) => next(error),
    );
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
 * app.get("/", optionalUser(), (req, res) => void res.send(`Hello ${req.user?.name ?? "stranger"}`));
 * ```
 */
export function optionalUser(): Middleware {
  return (req, _res, next) => {
    next(refusalOf(req, req));
  };
}
