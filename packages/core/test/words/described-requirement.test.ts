import { describe, expect, it } from "vitest";
import { checkRequirement } from "../../src/words/checked-requirement.ts";
import { describeRequirement } from "../../src/words/described-requirement.ts";
import { all, any, not } from "../../src/words/requirement.ts";
import type { Requirement } from "../../src/words/requirement.ts";

describe("a requirement as data", () => {
  const everything: Requirement = {
    ...{ scopes: ["a"], anyScope: ["b"], groups: ["c"], roles: ["d"], providers: ["e"] },
    ...({ anonymous: "allow", freshSeconds: 5 } as const),
  };
  it.each<[Requirement, object]>([
    [{}, {}],
    [everything, everything],
    [{ check: () => true }, { check: true }],
    [{ anonymous: "deny" }, { anonymous: "deny" }],
    [all({ groups: ["a"] }, {}), { all: [{ groups: ["a"] }, {}] }],
    [any({ groups: ["a"] }, { roles: ["b"] }), { any: [{ groups: ["a"] }, { roles: ["b"] }] }],
    [not({ groups: ["a"] }), { not: { groups: ["a"] } }],
    [all(any(not({ groups: ["a"] }), {})), { all: [{ any: [{ not: { groups: ["a"] } }, {}] }] }],
  ])("%#: %j", (requirement, described) => {
    expect(describeRequirement(checkRequirement(requirement))).toStrictEqual(described);
  });
});
