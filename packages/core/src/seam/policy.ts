import type { Authenticated, AuthRequest } from "../words/auth.ts";
import { isConditions, kindOf } from "../words/checked-requirement.ts";
import type { CheckedComposition, CheckedConditions, CheckedRequirement } from "../words/checked-requirement.ts";
import type { AuthError } from "../words/errors.ts";
import type { CloudbaseUser } from "../words/user.ts";

/** Why a requirement does not hold. */
export type Failure =
  | { readonly kind: "anonymous" }
  | { readonly kind: "scope"; readonly missing: readonly string[] }
  | { readonly kind: "forbidden"; readonly reason: "not_anonymous" | "group" | "role" | "provider" | "check" | "not" }
  /** It could not be found out, or the token turned out to be worth nothing: whatever else holds. */
  | { readonly kind: "error"; readonly error: AuthError };

/** Whom the question is about, and who can be asked. */
export interface Subject {
  readonly user: CloudbaseUser;
  readonly auth: Authenticated;
  readonly request: AuthRequest;
  /** Asks the server about the token; the error if it is no good or nobody answers. */
  readonly askServer: (freshSeconds: number) => AuthError | undefined | Promise<AuthError | undefined>;
}

type Outcome = Failure | undefined | Promise<Failure | undefined>;

/**
 * Holds a user against a requirement, from left to right: `undefined` if it holds. What costs something, a `check` or
 * the server, is asked after all else in its object, and only if it can still decide.
 *
 * `bare` is how it is read under `not`: that anonymous users are denied where nothing is said of them is no condition
 * that could be turned round.
 */
export function evaluate(requirement: CheckedRequirement, subject: Subject, bare = false): Outcome {
  if (isConditions(requirement)) return evaluateConditions(requirement, subject, bare);
  switch (kindOf(requirement)) {
    case "all":
      return evaluateAll(requirement.of, subject, bare);
    case "any":
      return evaluateAny(requirement.of, subject, bare);
    case "not":
      return evaluateNot(requirement, subject, bare);
  }
}

function evaluateConditions(conditions: CheckedConditions, subject: Subject, bare: boolean): Outcome {
  const failure = plainFailure(conditions, subject.user, bare);
  if (failure !== undefined) return failure;
  const { check, freshSeconds } = conditions;
  if (check === undefined && freshSeconds === Infinity) return undefined;
  const fresh = (): Outcome => {
    if (freshSeconds === Infinity) return undefined;
    return whenKnown(subject.askServer(freshSeconds), (error) => error && { kind: "error", error });
  };
  if (check === undefined) return fresh();
  return whenKnown(check(subject.user, subject.auth, subject.request), (answer: unknown) => {
    if (answer === true) return fresh();
    if (answer === false) return { kind: "forbidden", reason: "check" };
    throw new TypeError("requirement.check must answer true or false");
  });
}

/** The first of the conditions that does not hold, of those that can be told from the user alone. */
function plainFailure(conditions: CheckedConditions, user: CloudbaseUser, bare: boolean): Failure | undefined {
  const { anonymous, speaksOfAnonymous, scopes, anyScope, groups, roles, providers } = conditions;
  if (speaksOfAnonymous || !bare) {
    if (user.isAnonymous && anonymous === "deny") return { kind: "anonymous" };
    if (!user.isAnonymous && anonymous === "only") return { kind: "forbidden", reason: "not_anonymous" };
  }
  // Most guards ask for a person and no more.
  if (conditions.listsNothing) return undefined;
  const missing = scopes.filter((scope) => !user.scopes.includes(scope));
  if (anyScope.length > 0 && !anyScope.some((scope) => user.scopes.includes(scope))) missing.push(...anyScope);
  if (missing.length > 0) return { kind: "scope", missing: [...new Set(missing)] };
  if (!groups.every((group) => user.groups.includes(group))) return { kind: "forbidden", reason: "group" };
  if (!roles.every((role) => user.roles.includes(role))) return { kind: "forbidden", reason: "role" };
  if (providers.length > 0 && !providers.includes(user.provider ?? ""))
    return { kind: "forbidden", reason: "provider" };
  return undefined;
}

/** The first failure; of scopes, all that are missing in the parts that come before another failure. */
function evaluateAll(
  parts: readonly CheckedRequirement[],
  subject: Subject,
  bare: boolean,
  missing: readonly string[] = [],
): Outcome {
  const [part, ...others] = parts;
  if (part === undefined) return missing.length > 0 ? { kind: "scope", missing: [...new Set(missing)] } : undefined;
  const outcome = missing.length > 0 ? freeOutcome(part, subject, bare) : evaluate(part, subject, bare);
  return whenKnown(outcome, (failure) => {
    if (failure === undefined) return evaluateAll(others, subject, bare, missing);
    if (failure.kind === "scope") return evaluateAll(others, subject, bare, [...missing, ...failure.missing]);
    return missing.length > 0 && failure.kind === "forbidden" ? { kind: "scope", missing } : failure;
  });
}

/** Where it is decided already that nobody passes: no check and no server is asked for what more may be missing. */
function freeOutcome(part: CheckedRequirement, subject: Subject, bare: boolean): Outcome {
  if (isConditions(part)) return plainFailure(part, subject.user, bare);
  return asksMore(part) ? undefined : evaluate(part, subject, bare);
}

function asksMore(requirement: CheckedRequirement): boolean {
  if (!isConditions(requirement)) return requirement.of.some(asksMore);
  return requirement.check !== undefined || requirement.freshSeconds !== Infinity;
}

/** Of several failures the one that the user can do most about. */
function evaluateAny(parts: readonly CheckedRequirement[], subject: Subject, bare: boolean, before?: Failure): Outcome {
  const [part, ...others] = parts;
  if (part === undefined) return before;
  return whenKnown(evaluate(part, subject, bare), (failure) => {
    if (failure === undefined || (failure.kind === "error" && failure.error.status !== 503)) return failure;
    const better = before === undefined || rank(failure) < rank(before) ? failure : before;
    return evaluateAny(others, subject, bare, better);
  });
}

function rank({ kind }: Failure): number {
  return ["error", "anonymous", "scope", "forbidden"].indexOf(kind);
}

function evaluateNot({ of, speaksOfAnonymous }: CheckedComposition, subject: Subject, bare: boolean): Outcome {
  const [part] = of;
  if (part === undefined) throw new TypeError("not() needs a requirement");
  if (!bare && !speaksOfAnonymous && subject.user.isAnonymous) return { kind: "anonymous" };
  return whenKnown(evaluate(part, subject, true), (failure) => {
    if (failure === undefined) return { kind: "forbidden", reason: "not" };
    return failure.kind === "error" ? failure : undefined;
  });
}

/** Goes on at once with a value, and later with a promise. */
function whenKnown<T, R>(value: T | Promise<T>, proceed: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(proceed) : proceed(value);
}
