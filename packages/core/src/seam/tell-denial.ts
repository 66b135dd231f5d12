import { tell } from "../outside/diagnostics.ts";
import type { AuthRequest, AuthResult } from "../words/auth.ts";
import type { CheckedRequirement } from "../words/checked-requirement.ts";
import type { AuthError } from "../words/errors.ts";
import type { Explanation } from "../words/explanation.ts";
import { explain } from "./explain.ts";

/** Tells why a request was refused. Nobody waits for it, so the answer is no later for it. */
export async function tellOfDenial(
  refused: AuthError | Promise<AuthError | undefined>,
  result: AuthResult,
  requirement: CheckedRequirement,
  request: AuthRequest,
): Promise<void> {
  // Whoever asked hears of what a check throws.
  const refusal = await Promise.resolve(refused).catch(() => undefined);
  if (refusal === undefined) return;
  const explanation = refusal.explanation ?? (await explained());
  const { code, reason } = refusal;
  const environment = result.auth.state === "authenticated" ? result.auth.environment : undefined;
  tell("cloudbase-auth:denied", () => ({ environment, code, reason, explanation }));

  async function explained(): Promise<Explanation | undefined> {
    return explain(result, requirement, request).catch(() => undefined);
  }
}
