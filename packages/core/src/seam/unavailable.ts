import type { Refusals } from "../protocol/refusals.ts";
import { IntrospectionUnavailableError } from "../outside/introspection.ts";
import { KeySetUnavailableError } from "../outside/key-set.ts";
import { RevocationsUnknownError } from "../outside/revocations.ts";
import type { AuthError } from "../words/errors.ts";

/** The 503 for whatever kept us from finding out. */
export function unavailableAs(refusals: Refusals, error: unknown): AuthError {
  if (error instanceof KeySetUnavailableError)
    return refusals.serviceUnavailable("key_set", error.retryAfterSeconds, error);
  if (error instanceof IntrospectionUnavailableError)
    return refusals.serviceUnavailable("introspection", error.retryAfterSeconds, error);
  if (error instanceof RevocationsUnknownError) return refusals.serviceUnavailable("revocation_store", 1, error);
  return refusals.serviceUnavailable("internal", 1, error);
}
