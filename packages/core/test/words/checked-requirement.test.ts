import { describe, expect, it } from "vitest";
import { checkRequirement, isConditions, kindOf } from "../../src/words/checked-requirement.ts";
import { all, any, not } from "../../src/words/requirement.ts";
import type { Requirement } from "../../src/words/requirement.ts";

function messageOf(requirement: unknown): string {
  try {
    checkRequirement(requirement as Requirement);
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  return "it is well-formed";
}

describe("conditions that are well-formed", () => {
  const check = (): boolean => true;

  it("nothing asked: a signed-in user", () => {
    const checked = checkRequirement();
    expect(checked).toStrictEqual(checkRequirement({}));
    expect(checked).toMatchObject({
      ...{ scopes: [], anyScope: [], groups: [], roles: [], providers: [], listsNothing: true },
      ...{ anonymous: "deny", speaksOfAnonymous: false, freshSeconds: Infinity, check: undefined },
    });
    expect(isConditions(checked)).toBe(true);
    expect(Object.isFrozen(checked)).toBe(true);
    for (const list of ["scopes", "anyScope", "groups", "roles", "providers"] as const)
      expect(Object.isFrozen(Reflect.get(checked, list))).toBe(true);
  });

  it("everything asked: a copy that nobody can change", () => {
    const scopes = ["a", "b"];
    const lists = { scopes, anyScope: ["c"], groups: ["d"], roles: ["e"], providers: ["f"] };
    const checked = checkRequirement({ ...lists, anonymous: "allow", freshSeconds: 1, check });
    scopes.push("z");
    expect(checked).toMatchObject({
      ...lists,
      ...{ scopes: ["a", "b"], listsNothing: false, anonymous: "allow", speaksOfAnonymous: true },
      ...{ freshSeconds: 1, check },
    });
    expect(Object.isFrozen(Reflect.get(checked, "scopes"))).toBe(true);
  });

  it.each(["scopes", "anyScope", "groups", "roles", "providers"])("a list of %s alone is something", (name) => {
    expect(checkRequirement({ [name]: ["a"] })).toMatchObject({ listsNothing: false, [name]: ["a"] });
  });

  it("what was checked is not checked again", () => {
    for (const requirement of [{ scopes: ["a"] }, all({ scopes: ["a"] })]) {
      const checked = checkRequirement(requirement);
      expect(checkRequirement(checked)).toBe(checked);
    }
  });
});

describe("compositions that are well-formed", () => {
  it.each([
    ["all", all({}, { groups: ["a"] })],
    ["any", any({}, { groups: ["a"] })],
    ["not", not({ groups: ["a"] })],
  ] as const)("%s", (kind, requirement) => {
    const checked = checkRequirement(requirement);
    if (isConditions(checked)) throw new Error("conditions");
    expect(kindOf(checked)).toBe(kind);
    expect(checked.of).toHaveLength(kind === "not" ? 1 : 2);
    expect(checked.of.at(-1)).toMatchObject({ groups: ["a"] });
    expect(checked.speaksOfAnonymous).toBe(false);
    expect([Object.isFrozen(checked), Object.isFrozen(checked.of)]).toEqual([true, true]);
    expect([Object.isFrozen(requirement), Object.isFrozen(requirement.of)]).toEqual([true, true]);
  });

  it("speaks of anonymous users if a part does, however deep", () => {
    for (const requirement of [all({}, { anonymous: "deny" }), any(all({ anonymous: "allow" }), {})])
      expect(checkRequirement(requirement).speaksOfAnonymous).toBe(true);
  });

  it("freshSeconds stands beside not(), and inside all() and any()", () => {
    for (const requirement of [all(not({ groups: ["a"] }), { freshSeconds: 1 }), any({ freshSeconds: 2 }, {})])
      expect(isConditions(checkRequirement(requirement))).toBe(false);
  });
});

describe("refused where the route is declared", () => {
  const noObject = 'the requirement must be an object such as { scopes: ["read"] }, or be left out';
  const members = "scopes, anyScope, groups, roles, providers, anonymous, freshSeconds, check";
  const composed = "a composed requirement must come from all(), any() or not()";
  const fresh = "requirement.freshSeconds must be a whole number of seconds from 1 up";
  const turned = "not() cannot turn freshSeconds round; put it beside not() with all()";
  const list = "must be an array of at least one non-empty string";
  const operator = Symbol.for("@cloudbase-auth/requirement");

  it.each<[unknown, string]>([
    [null, noObject],
    [[], noObject],
    [["read"], noObject],
    ["read", noObject],
    [() => true, noObject],
    [{ scope: ["a"] }, `the requirement has no member "scope"; its members are ${members}`],
    [
      { scopes: undefined },
      "requirement.scopes is undefined, which would ask for nothing; leave it out if that is meant",
    ],
    [{ anonymous: "yes" }, 'requirement.anonymous must be "deny", "allow" or "only"'],
    [{ anonymous: true }, 'requirement.anonymous must be "deny", "allow" or "only"'],
    [{ freshSeconds: 0 }, fresh],
    [{ freshSeconds: -1 }, fresh],
    [{ freshSeconds: 1.5 }, fresh],
    [{ freshSeconds: Infinity }, fresh],
    [{ freshSeconds: "1" }, fresh],
    [{ check: true }, "requirement.check must be a function"],
    [{ check: null }, "requirement.check must be a function"],
    ...["scopes", "anyScope", "groups", "roles", "providers"].flatMap((name): [unknown, string][] => [
      [{ [name]: [] }, `requirement.${name} ${list}, or be left out`],
      [{ [name]: "a" }, `requirement.${name} ${list}, or be left out`],
      [{ [name]: [""] }, `requirement.${name} ${list}, or be left out`],
      [{ [name]: ["a", 7] }, `requirement.${name} ${list}, or be left out`],
      [{ [name]: ["a", ["b"]] }, `requirement.${name} ${list}; a list is in it`],
    ]),
    ...["scopes", "anyScope"].flatMap((name) =>
      ["a b", 'a"', "a\\"].map((odd): [unknown, string] => [
        { [name]: ["good", odd] },
        `requirement.${name} has ${JSON.stringify(odd)}, which is not one scope: no spaces, quotes or backslashes; give several as several members`,
      ]),
    ),
    [{ [operator]: "none", of: [{}] }, composed],
    [{ [operator]: null, of: [{}] }, composed],
    [{ [operator]: "all", of: {} }, composed],
    [{ [operator]: "all" }, composed],
    [all(), "all() needs at least one requirement"],
    [any(), "any() needs at least one requirement"],
    [{ [operator]: "not", of: [] }, "not() needs at least one requirement"],
    [
      all({}, { anonymous: "maybe" } as unknown as Requirement),
      'requirement.anonymous must be "deny", "allow" or "only"',
    ],
    [not({ freshSeconds: 1 }), turned],
    [not(all({ groups: ["a"] }, { freshSeconds: 1 })), turned],
    [not(any(all({ freshSeconds: 1 }))), turned],
  ])("%#: %o", (requirement, message) => {
    expect(messageOf(requirement)).toBe(message);
  });
});
