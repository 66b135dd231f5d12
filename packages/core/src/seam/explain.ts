import type { Authenticated, AuthRequest } from "../words/auth.ts";
import { checkRequirement, isConditions, kindOf } from "../words/checked-requirement.ts";
import type { CheckedConditions, CheckedRequirement } from "../words/checked-requirement.ts";
import type { ExplainedCondition, Explanation } from "../words/explanation.ts";
import type { Requirement } from "../words/requirement.ts";
import type { CloudbaseUser } from "../words/user.ts";
import type { Caller } from "../words/watch.ts";

interface Subject {
  readonly user: CloudbaseUser;
  readonly auth: Authenticated;
  readonly request: AuthRequest;
}

const noRequest: AuthRequest = Object.freeze({ headers: Object.freeze({}) });

/**
 * Takes a requirement apart for one caller: every condition, held or not. Takes a result, or whatever carries one, such as
 * `req` of Express and Fastify and `ctx.state` of Koa. Every `check` is called, also where the decision would not need it,
 * with `request`; the server is not asked.
 *
 * @throws TypeError (rejects) if the requirement is not well-formed, or `cloudbaseAuth()` has not seen the caller
 * @throws whatever a `check` throws (rejects)
 * @example
 * ```ts
 * const { held, requirement } = await explain(req, { scopes: ["posts"], groups: ["editors"] }, req);
 * ```
 */
export async function explain<Request = AuthRequest>(
  caller: Caller & { readonly user?: CloudbaseUser | undefined },
  requirement?: Requirement<Request> | CheckedRequirement<Request>,
  request?: Request,
): Promise<Explanation> {
  const checked = checkRequirement(requirement);
  const { auth, user } = caller;
  if (auth === undefined) {
    throw new TypeError("explain() needs a caller whom cloudbaseAuth() has seen: a result, req, request or ctx.state");
  }
  if (auth.state !== "authenticated" || user === undefined) return { state: auth.state, held: false };
  // The request goes to the requirement's own checks, and nowhere else.
  const subject: Subject = { user, auth, request: (request ?? noRequest) as AuthRequest };
  const explained = await explainPart(checked as unknown as CheckedRequirement, subject, false);
  return { state: auth.state, held: explained.held, requirement: explained };
}

async function explainPart(
  requirement: CheckedRequirement,
  subject: Subject,
  bare: boolean,
): Promise<ExplainedCondition> {
  if (isConditions(requirement)) {
    const of = await explainConditions(requirement, subject, bare);
    return { condition: "all", held: every(of), of };
  }
  const condition = kindOf(requirement);
  const parts = requirement.of.map((part) => explainPart(part, subject, bare || condition === "not"));
  const of = await Promise.all(parts);
  switch (condition) {
    case "all":
      return { condition, held: every(of), of };
    case "any":
      return { condition, held: negate(every(of.map(({ held }) => ({ held: negate(held) })))), of };
    case "not": {
      const isKeptOut = !bare && !requirement.speaksOfAnonymous && subject.user.isAnonymous;
      return { condition, held: isKeptOut ? false : negate(every(of)), of };
    }
  }
}

async function explainConditions(
  { anonymous, speaksOfAnonymous, scopes, anyScope, groups, roles, providers, freshSeconds, check }: CheckedConditions,
  { user, auth, request }: Subject,
  bare: boolean,
): Promise<readonly ExplainedCondition[]> {
  const conditions: ExplainedCondition[] = [];
  if (speaksOfAnonymous || !bare) {
    const held = anonymous === "allow" || (anonymous === "only") === user.isAnonymous;
    conditions.push({ condition: "anonymous", wanted: anonymous, held });
  }
  const lists = [
    { condition: "scopes", wanted: scopes, held: scopes.every((one) => user.scopes.includes(one)) },
    { condition: "anyScope", wanted: anyScope, held: anyScope.some((one) => user.scopes.includes(one)) },
    { condition: "groups", wanted: groups, held: groups.every((one) => user.groups.includes(one)) },
    { condition: "roles", wanted: roles, held: roles.every((one) => user.roles.includes(one)) },
    { condition: "providers", wanted: providers, held: providers.includes(user.provider ?? "") },
  ] as const;
  conditions.push(...lists.filter(({ wanted }) => wanted.length > 0));
  if (check !== undefined) conditions.push({ condition: "check", held: (await check(user, auth, request)) === true });
  if (freshSeconds !== Infinity) conditions.push({ condition: "freshSeconds", wanted: freshSeconds, held: undefined });
  return conditions;
}

/** With what is not known: nothing that fails, and then only if all is known. */
function every(parts: readonly { readonly held: boolean | undefined }[]): boolean | undefined {
  if (parts.some(({ held }) => held === false)) return false;
  return parts.some(({ held }) => held === undefined) ? undefined : true;
}

function negate(held: boolean | undefined): boolean | undefined {
  return held === undefined ? undefined : !held;
}
