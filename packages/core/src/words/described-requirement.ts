import { isConditions, kindOf } from "./checked-requirement.ts";
import type { CheckedRequirement } from "./checked-requirement.ts";
import type { Conditions } from "./requirement.ts";

/** A requirement as data that JSON can carry, for a table or for OpenAPI; of a `check` only that there is one. */
export type DescribedRequirement =
  | (Omit<Conditions, "check"> & { readonly check?: true })
  | { readonly all: readonly DescribedRequirement[] }
  | { readonly any: readonly DescribedRequirement[] }
  | { readonly not: DescribedRequirement };

/** A requirement with what was left out left out. */
export function describeRequirement(requirement: CheckedRequirement<never>): DescribedRequirement {
  if (!isConditions(requirement)) {
    const of = requirement.of.map((part) => describeRequirement(part));
    const kind = kindOf(requirement);
    if (kind === "not") return { not: of[0] ?? {} };
    return kind === "all" ? { all: of } : { any: of };
  }
  const { scopes, anyScope, groups, roles, providers, anonymous, speaksOfAnonymous, freshSeconds, check } = requirement;
  const lists = { scopes, anyScope, groups, roles, providers };
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length > 0)),
    ...(speaksOfAnonymous && { anonymous }),
    ...(freshSeconds !== Infinity && { freshSeconds }),
    ...(check !== undefined && { check: true as const }),
  };
}
