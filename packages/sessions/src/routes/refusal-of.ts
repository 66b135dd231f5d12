import { AuthApiError } from "@cloudbase-auth/core";
import type { AuthError } from "@cloudbase-auth/core";
import type { RouteCall } from "./route.ts";

/** What to answer to an error of a route; `undefined` for a fault of ours. */
export function refusalOf({ auth, request }: RouteCall, error: unknown): AuthError | undefined {
  // Refreshes have errors of their own: here it is a ticket or a third party's code that is worth nothing.
  if (error instanceof AuthApiError && error.kind === "invalid_grant") {
    return auth.refusalOf(auth.refusals.upstreamRejected("invalid_credentials", 403, error), request);
  }
  return auth.refusalOf(error, request);
}
