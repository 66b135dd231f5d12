import { isScopeToken } from "./scope.ts";

/** What a route asks of the user. All conditions must hold; within `groups` and `roles` every one is needed. */
export interface Requirement {
  /** Scopes that the token must carry, all of them; compared exactly, case included (RFC 6749 §3.3). */
  readonly scopes?: readonly string[];
  /** Groups that the user must be in, all of them. */
  readonly groups?: readonly string[];
  /** Roles that the user must have, all of them. */
  readonly roles?: readonly string[];
  /**
   * Whether anonymous users may pass: no, yes, or nobody else.
   * @default "deny"
   */
  readonly anonymous?: "deny" | "allow" | "only";
  /** Ask the server whether the token is still good, unless that was done within so many seconds; at least 1. */
  readonly freshSeconds?: number;
}

const checked = Symbol("checked requirement");

/** A {@link Requirement} that was found well-formed. */
export interface CheckedRequirement extends Required<Requirement> {
  readonly [checked]: true;
}

/**
 * Checks a requirement where the route is declared, so that a misspelt one fails at start-up and never opens a route.
 *
 * @throws TypeError naming the member and the fix
 */
export function checkRequirement(requirement: Requirement = {}): CheckedRequirement {
  if (isChecked(requirement)) return requirement;
  if (typeof requirement !== "object" || requirement === null || Array.isArray(requirement)) {
    throw new TypeError('the requirement must be an object such as { scopes: ["read"] }, or be left out');
  }
  for (const name of Object.keys(requirement)) {
    if (!["scopes", "groups", "roles", "anonymous", "freshSeconds"].includes(name)) {
      throw new TypeError(
        `the requirement has no member "${name}"; use scopes, groups, roles, anonymous or freshSeconds`,
      );
    }
  }
  const anonymous = requirement.anonymous ?? "deny";
  if (!["deny", "allow", "only"].includes(anonymous)) {
    throw new TypeError('requirement.anonymous must be "deny", "allow" or "only"');
  }
  const scopes = names(requirement.scopes, "scopes");
  const odd = scopes.find((scope) => !isScopeToken(scope));
  if (odd !== undefined) {
    throw new TypeError(
      `requirement.scopes has ${JSON.stringify(odd)}, which is not one scope: no spaces, quotes or backslashes; give several as several members`,
    );
  }
  const { freshSeconds } = requirement;
  if (freshSeconds !== undefined && !(Number.isInteger(freshSeconds) && freshSeconds >= 1)) {
    throw new TypeError("requirement.freshSeconds must be a whole number of seconds from 1 up");
  }
  return Object.freeze({
    scopes,
    groups: names(requirement.groups, "groups"),
    roles: names(requirement.roles, "roles"),
    anonymous,
    freshSeconds: freshSeconds ?? Infinity,
    [checked]: true as const,
  });
}

function isChecked(requirement: Requirement): requirement is CheckedRequirement {
  return typeof requirement === "object" && requirement !== null && checked in requirement;
}

function names(value: readonly string[] | undefined, member: string): readonly string[] {
  if (value === undefined) return Object.freeze([]);
  const list: unknown = value;
  if (!Array.isArray(list) || list.length === 0 || !list.every((name) => typeof name === "string" && name !== "")) {
    throw new TypeError(`requirement.${member} must be an array of at least one non-empty string, or be left out`);
  }
  return Object.freeze([...value]);
}
