import type { AuthRequest } from "./auth.ts";
import { operatorOf } from "./requirement.ts";
import type { Check, Composition, Conditions, Requirement } from "./requirement.ts";
import { isScopeToken } from "./scope.ts";

const checked = Symbol("checked requirement");

/** Conditions that were found well-formed, complete. */
export interface CheckedConditions<Request = AuthRequest> {
  readonly [checked]: "conditions";
  readonly scopes: readonly string[];
  readonly anyScope: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly providers: readonly string[];
  /** Whether none of these is asked for. */
  readonly listsNothing: boolean;
  readonly anonymous: "deny" | "allow" | "only";
  /** Whether `anonymous` was written, and is not merely the default. */
  readonly speaksOfAnonymous: boolean;
  /** `Infinity` if nobody is asked. */
  readonly freshSeconds: number;
  readonly check: Check<Request> | undefined;
}

/** A composition that was found well-formed. */
export interface CheckedComposition<Request = AuthRequest> {
  readonly [checked]: "all" | "any" | "not";
  readonly of: readonly CheckedRequirement<Request>[];
  readonly speaksOfAnonymous: boolean;
}

export type CheckedRequirement<Request = AuthRequest> = CheckedConditions<Request> | CheckedComposition<Request>;

const memberNames: readonly string[] = [
  ...(["scopes", "anyScope", "groups", "roles", "providers", "anonymous", "freshSeconds", "check"] as const),
] satisfies (keyof Conditions)[];

/**
 * Checks a requirement where the route is declared, so that a misspelt one fails at start-up and never opens a route.
 *
 * @throws TypeError naming the member and the fix
 */
export function checkRequirement<Request = AuthRequest>(
  requirement: Requirement<Request> | CheckedRequirement<Request> = {},
): CheckedRequirement<Request> {
  const result = checkPart(requirement);
  // Guards come with one that was checked where the route was declared.
  if (result === requirement) return result;
  if (prospect(result, true, false) === "never" && prospect(result, false, false) === "never") {
    throw new TypeError("the requirement rules out anonymous users and everybody else; nobody could ever pass it");
  }
  return result;
}

function checkPart<Request>(
  requirement: Requirement<Request> | CheckedRequirement<Request>,
): CheckedRequirement<Request> {
  if (typeof requirement !== "object" || requirement === null || Array.isArray(requirement)) {
    throw new TypeError('the requirement must be an object such as { scopes: ["read"] }, or be left out');
  }
  if (checked in requirement) return requirement;
  return operatorOf(requirement) === undefined
    ? checkConditions(requirement as Conditions<Request>)
    : checkComposition(requirement as Composition<Request>);
}

/** Which composition it is. */
export function kindOf(requirement: CheckedComposition<never>): "all" | "any" | "not" {
  return requirement[checked];
}

export function isConditions<Request>(
  requirement: CheckedRequirement<Request>,
): requirement is CheckedConditions<Request> {
  return requirement[checked] === "conditions";
}

function checkComposition<Request>(composition: Composition<Request>): CheckedComposition<Request> {
  const operator = operatorOf(composition);
  const of: unknown = composition.of;
  if (!isOperator(operator) || !Array.isArray(of)) {
    throw new TypeError("a composed requirement must come from all(), any() or not()");
  }
  if (of.length === 0) throw new TypeError(`${operator}() needs at least one requirement`);
  const parts = composition.of.map((part) => checkPart(part));
  if (operator === "not" && parts.some(asksServer)) {
    throw new TypeError("not() cannot turn freshSeconds round; put it beside not() with all()");
  }
  const speaksOfAnonymous = parts.some((part) => part.speaksOfAnonymous);
  return Object.freeze({ [checked]: operator, of: Object.freeze(parts), speaksOfAnonymous });
}

function isOperator(value: unknown): value is "all" | "any" | "not" {
  return value === "all" || value === "any" || value === "not";
}

function asksServer(requirement: CheckedRequirement<never>): boolean {
  return isConditions(requirement) ? requirement.freshSeconds !== Infinity : requirement.of.some(asksServer);
}

function checkConditions<Request>(conditions: Conditions<Request>): CheckedConditions<Request> {
  for (const [name, value] of Object.entries(conditions)) {
    if (!memberNames.includes(name)) {
      throw new TypeError(`the requirement has no member "${name}"; its members are ${memberNames.join(", ")}`);
    }
    // A setting that is missing must not open the route.
    if (value === undefined) {
      throw new TypeError(
        `requirement.${name} is undefined, which would ask for nothing; leave it out if that is meant`,
      );
    }
  }
  const { anonymous = "deny", freshSeconds, check } = conditions;
  if (!["deny", "allow", "only"].includes(anonymous)) {
    throw new TypeError('requirement.anonymous must be "deny", "allow" or "only"');
  }
  if (freshSeconds !== undefined && !(Number.isInteger(freshSeconds) && freshSeconds >= 1)) {
    throw new TypeError("requirement.freshSeconds must be a whole number of seconds from 1 up");
  }
  if (check !== undefined && typeof check !== "function") throw new TypeError("requirement.check must be a function");
  const lists = {
    scopes: scopeNames(conditions.scopes, "scopes"),
    anyScope: scopeNames(conditions.anyScope, "anyScope"),
    groups: names(conditions.groups, "groups"),
    roles: names(conditions.roles, "roles"),
    providers: names(conditions.providers, "providers"),
  };
  return Object.freeze({
    [checked]: "conditions" as const,
    ...lists,
    listsNothing: Object.values(lists).every((list) => list.length === 0),
    anonymous,
    speaksOfAnonymous: conditions.anonymous !== undefined,
    freshSeconds: freshSeconds ?? Infinity,
    check,
  });
}

function scopeNames(value: readonly string[] | undefined, member: string): readonly string[] {
  const scopes = names(value, member);
  const odd = scopes.find((scope) => !isScopeToken(scope));
  if (odd === undefined) return scopes;
  throw new TypeError(
    `requirement.${member} has ${JSON.stringify(odd)}, which is not one scope: no spaces, quotes or backslashes; give several as several members`,
  );
}

function names(value: readonly string[] | undefined, member: string): readonly string[] {
  if (value === undefined) return Object.freeze([]);
  const list: unknown = value;
  if (!Array.isArray(list) || list.length === 0 || !list.every((name) => typeof name === "string" && name !== "")) {
    const hint = Array.isArray(list) && list.some(Array.isArray) ? "; a list is in it" : ", or be left out";
    throw new TypeError(`requirement.${member} must be an array of at least one non-empty string${hint}`);
  }
  return Object.freeze([...value]);
}

/**
 * Whether a requirement is met by an anonymous user, or by another one, of whom nothing else is known. `bare` as in the
 * evaluation: under `not`, without defaults.
 */
function prospect(
  requirement: CheckedRequirement<never>,
  isAnonymous: boolean,
  bare: boolean,
): "never" | "perhaps" | "always" {
  if (isConditions(requirement)) return prospectOfConditions(requirement, isAnonymous, bare);
  const prospects = requirement.of.map((part) => prospect(part, isAnonymous, bare || requirement[checked] === "not"));
  const [none, every] =
    requirement[checked] === "any" ? (["always", "never"] as const) : (["never", "always"] as const);
  if (requirement[checked] !== "not") {
    if (prospects.includes(none)) return none;
    return prospects.every((one) => one === every) ? every : "perhaps";
  }
  if (!bare && isAnonymous && !requirement.speaksOfAnonymous) return "never";
  if (prospects[0] === "perhaps") return "perhaps";
  return prospects[0] === "never" ? "always" : "never";
}

function prospectOfConditions(
  { anonymous, speaksOfAnonymous, ...others }: CheckedConditions<never>,
  isAnonymous: boolean,
  bare: boolean,
): "never" | "perhaps" | "always" {
  const isRuledOut = anonymous !== "allow" && (anonymous === "only") !== isAnonymous;
  if (isRuledOut && (speaksOfAnonymous || !bare)) return "never";
  const { check, freshSeconds, scopes, anyScope, groups, roles, providers } = others;
  const asksMore = check !== undefined || freshSeconds !== Infinity;
  return asksMore || [scopes, anyScope, groups, roles, providers].some(({ length }) => length > 0)
    ? "perhaps"
    : "always";
}
