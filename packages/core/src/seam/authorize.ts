import type { Refusals } from "../protocol/refusals.ts";
import type { AuthResult } from "../words/auth.ts";
import type { AuthError } from "../words/errors.ts";
import { checkRequirement } from "../words/requirement.ts";
import type { Requirement } from "../words/requirement.ts";

/** Holds a result against a requirement; see `CloudbaseAuth.authorize`. */
export function createAuthorize(refusals: Refusals) {
  return function authorize(result: AuthResult, requirement?: Requirement): AuthError | undefined {
    const { scopes, groups, roles, anonymous } = checkRequirement(requirement);
    const { auth, user } = result;
    if (auth.state === "rejected" || auth.state === "unavailable") return auth.error;
    if (auth.state === "absent" || user === undefined) return refusals.missingToken();
    if (user.isAnonymous && anonymous === "deny") return refusals.anonymousUser();
    if (!user.isAnonymous && anonymous === "only") return refusals.forbidden("not_anonymous");
    const missing = scopes.filter((scope) => !user.scopes.includes(scope));
    if (missing.length > 0) return refusals.insufficientScope(missing);
    if (!groups.every((group) => user.groups.includes(group))) return refusals.forbidden("group");
    if (!roles.every((role) => user.roles.includes(role))) return refusals.forbidden("role");
    return undefined;
  };
}
