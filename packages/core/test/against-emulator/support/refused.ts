import { inspect } from "node:util";
import { AuthApiError } from "../../../src/index.ts";

/** The error of a call that must not succeed. */
export async function refused(call: Promise<unknown>): Promise<AuthApiError> {
  const outcome: unknown = await call.then(
    (answer) => `resolved with ${inspect(answer)}`,
    (reason: unknown) => reason,
  );
  if (outcome instanceof AuthApiError) return outcome;
  throw new Error(`not an AuthApiError: ${inspect(outcome)}`);
}

/** Everything that a log could write of an error, its cause included. */
export function everythingOf(error: AuthApiError): string {
  return [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 10, showHidden: true })].join(
    "\n",
  );
}
