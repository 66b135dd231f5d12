import type { Refusals } from "../protocol/refusals.ts";
import { channels } from "../outside/diagnostics.ts";
import type { Introspection } from "../outside/introspection.ts";
import type { Authenticated, AuthRequest, AuthResult } from "../words/auth.ts";
import { checkRequirement } from "../words/checked-requirement.ts";
import type { CheckedRequirement } from "../words/checked-requirement.ts";
import { repeatError } from "../words/errors.ts";
import type { AuthError } from "../words/errors.ts";
import type { Requirement } from "../words/requirement.ts";
import { explain } from "./explain.ts";
import { evaluate } from "./policy.ts";
import type { Failure } from "./policy.ts";
import { tellOfDenial } from "./tell-denial.ts";
import { unavailableAs } from "./unavailable.ts";

/** Finds who can be asked about the tokens of an environment. */
type FindEnvironment = (envId: string) => { readonly introspection: Introspection } | undefined;

const anyPerson: CheckedRequirement = checkRequirement();
const noRequest: AuthRequest = Object.freeze({ headers: Object.freeze({}) });

/** Holds a result against a requirement; see `CloudbaseAuth.authorize`. */
export function createAuthorize(refusals: Refusals, find: FindEnvironment, explains: boolean) {
  return function authorize(
    result: AuthResult,
    requirement?: Requirement | CheckedRequirement,
    request: AuthRequest = noRequest,
  ): AuthError | undefined | Promise<AuthError | undefined> {
    const checked = requirement === undefined ? anyPerson : checkRequirement(requirement);
    const refusal = decide(result, checked, request);
    if (refusal === undefined) return undefined;
    if (channels["cloudbase-auth:denied"].hasSubscribers) void tellOfDenial(refusal, result, checked, request);
    return refusal;
  };

  function decide(
    result: AuthResult,
    checked: CheckedRequirement,
    request: AuthRequest,
  ): AuthError | undefined | Promise<AuthError | undefined> {
    const { auth, user } = result;
    if (auth.state === "rejected" || auth.state === "unavailable") return repeatError(auth.error);
    if (auth.state === "absent" || user === undefined) return refusals.missingToken();
    const askServer = (freshSeconds: number) => askAgain(auth, freshSeconds);
    const failure = evaluate(checked, { user, auth, request, askServer });
    const refusal = failure instanceof Promise ? failure.then(refusalFor) : refusalFor(failure);
    return explains && refusal !== undefined ? explained(refusal, result, checked, request) : refusal;
  }

  async function explained(
    refused: AuthError | undefined | Promise<AuthError | undefined>,
    result: AuthResult,
    requirement: CheckedRequirement,
    request: AuthRequest,
  ): Promise<AuthError | undefined> {
    const refusal = await refused;
    if (refusal === undefined) return undefined;
    // A check that the decision did without may throw; to be explained must not make a 500 of a 403.
    const explanation = await explain(result, requirement, request).catch(() => undefined);
    if (explanation === undefined) return refusal;
    // Not enumerable: for who looks for it, and in no answer.
    return Object.defineProperty(refusal, "explanation", { value: explanation });
  }

  function refusalFor(failure: Failure | undefined): AuthError | undefined {
    switch (failure?.kind) {
      case undefined:
        return undefined;
      case "anonymous":
        return refusals.anonymousUser();
      case "scope":
        return refusals.insufficientScope(failure.missing);
      case "forbidden":
        return refusals.forbidden(failure.reason);
      case "error":
        return failure.error;
    }
  }

  function askAgain(
    { token, claims, environment }: Authenticated,
    freshSeconds: number,
  ): AuthError | undefined | Promise<AuthError | undefined> {
    const verdict = ({ active }: { readonly active: boolean }): AuthError | undefined =>
      active ? undefined : refusals.invalidToken("inactive");
    try {
      const introspection = find(environment)?.introspection;
      if (introspection === undefined) throw new Error("the result is of another instance");
      const word = introspection.ask(token, claims.sub, freshSeconds * 1_000);
      if (!(word instanceof Promise)) return verdict(word);
      return word.then(verdict).catch((error: unknown) => unavailableAs(refusals, error));
    } catch (error) {
      return unavailableAs(refusals, error);
    }
  }
}
