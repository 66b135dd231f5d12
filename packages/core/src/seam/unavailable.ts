import type { Refusals } from "../protocol/refusals.ts";
import type { AuthError } from "../words/errors.ts";
import { UnavailableError } from "../words/unavailable.ts";

/** The 503 for whatever kept us from finding out. */
export function unavailableAs(refusals: Refusals, error: unknown): AuthError {
  if (!(error instanceof UnavailableError)) return refusals.serviceUnavailable("internal", 1, error);
  return refusals.serviceUnavailable(error.reason, error.retryAfterSeconds, error);
}
