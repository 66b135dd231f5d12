import type { Authenticated, AuthRequest } from "./auth.ts";
import type { CloudbaseUser } from "./user.ts";

/** A question of the application's own about a user; anything but `true` and `false` is a mistake and a 500. */
export type Check<Request = AuthRequest> = (
  user: CloudbaseUser,
  auth: Authenticated,
  request: Request,
) => boolean | Promise<boolean>;

/** Conditions on the user, of which every one must hold; `{}` is any signed-in user who is not anonymous. */
export interface Conditions<Request = AuthRequest> {
  /** Scopes that the token must carry, all of them; compared exactly, case included (RFC 6749 §3.3). */
  readonly scopes?: readonly string[];
  /** Scopes of which the token must carry at least one. */
  readonly anyScope?: readonly string[];
  /** Groups that the user must be in, all of them. */
  readonly groups?: readonly string[];
  /** Roles that the user must have, all of them. */
  readonly roles?: readonly string[];
  /** Login methods of which the user must have signed in by one. */
  readonly providers?: readonly string[];
  /**
   * Whether anonymous users may pass: no, yes, or nobody else.
   * @default "deny"
   */
  readonly anonymous?: "deny" | "allow" | "only";
  /** Ask the server whether the token is still good, unless that was done within so many seconds; at least 1. */
  readonly freshSeconds?: number;
  /**
   * Asked once all else holds. `false` is 403. What it throws is handed on as it is: a 500, unless it has a `status` of its
   * own, which the frameworks honour.
   */
  readonly check?: Check<Request>;
}

const operator = Symbol.for("@cloudbase-auth/requirement");

/** Requirements put together by {@link all}, {@link any} or {@link not}. */
export interface Composition<Request = AuthRequest> {
  readonly [operator]: "all" | "any" | "not";
  readonly of: readonly Requirement<Request>[];
}

/**
 * What a route asks of the user. Anonymous users pass only where a condition says so: leaving `anonymous` out denies
 * them, and `not(…)` does not turn that round.
 */
export type Requirement<Request = AuthRequest> = Conditions<Request> | Composition<Request>;

/** Every one of the requirements must hold. @throws TypeError for none at all, or a malformed one */
export function all<Request = AuthRequest>(...of: readonly Requirement<Request>[]): Composition<Request> {
  return compose("all", of);
}

/** At least one of the requirements must hold. @throws TypeError for none at all, or a malformed one */
export function any<Request = AuthRequest>(...of: readonly Requirement<Request>[]): Composition<Request> {
  return compose("any", of);
}

/**
 * The requirement must not hold. Of a signed-in user only: anonymous users are let in by it if it speaks of them.
 *
 * @throws TypeError for a malformed requirement, or one with `freshSeconds`
 */
export function not<Request = AuthRequest>(requirement: Requirement<Request>): Composition<Request> {
  return compose("not", [requirement]);
}

function compose<Request>(name: "all" | "any" | "not", of: readonly Requirement<Request>[]): Composition<Request> {
  return Object.freeze({ [operator]: name, of: Object.freeze([...of]) });
}

/** Which composition a requirement is; `undefined` for plain conditions. */
export function operatorOf(requirement: object): unknown {
  return (requirement as { readonly [operator]?: unknown })[operator];
}
