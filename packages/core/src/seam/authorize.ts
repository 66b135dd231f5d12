import type { Refusals } from "../protocol/refusals.ts";
import type { Introspection } from "../outside/introspection.ts";
import type { Authenticated, AuthResult } from "../words/auth.ts";
import { repeatError } from "../words/errors.ts";
import type { AuthError } from "../words/errors.ts";
import type { CloudbaseUser } from "../words/user.ts";
import { checkRequirement } from "../words/requirement.ts";
import type { CheckedRequirement, Requirement } from "../words/requirement.ts";
import { unavailableAs } from "./unavailable.ts";

/** Finds who can be asked about the tokens of an environment. */
type FindEnvironment = (envId: string) => { readonly introspection: Introspection } | undefined;

/** Holds a result against a requirement; see `CloudbaseAuth.authorize`. */
export function createAuthorize(refusals: Refusals, find: FindEnvironment) {
  return function authorize(
    result: AuthResult,
    requirement?: Requirement,
  ): AuthError | undefined | Promise<AuthError | undefined> {
    const checked = checkRequirement(requirement);
    const { auth, user } = result;
    if (auth.state === "rejected" || auth.state === "unavailable") return repeatError(auth.error);
    if (auth.state === "absent" || user === undefined) return refusals.missingToken();
    // The server is asked last: about a user whom nothing else keeps out.
    return (
      refusalOf(user, checked) ?? (checked.freshSeconds === Infinity ? undefined : askAgain(auth, checked.freshSeconds))
    );
  };

  function refusalOf(
    user: CloudbaseUser,
    { scopes, groups, roles, anonymous }: CheckedRequirement,
  ): AuthError | undefined {
    if (user.isAnonymous && anonymous === "deny") return refusals.anonymousUser();
    if (!user.isAnonymous && anonymous === "only") return refusals.forbidden("not_anonymous");
    const missing = scopes.filter((scope) => !user.scopes.includes(scope));
    if (missing.length > 0) return refusals.insufficientScope(missing);
    if (!groups.every((group) => user.groups.includes(group))) return refusals.forbidden("group");
    if (!roles.every((role) => user.roles.includes(role))) return refusals.forbidden("role");
    return undefined;
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
