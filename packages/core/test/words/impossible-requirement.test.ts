import { describe, expect, it } from "vitest";
import { checkRequirement } from "../../src/words/checked-requirement.ts";
import { all, any, not } from "../../src/words/requirement.ts";
import type { Requirement } from "../../src/words/requirement.ts";

describe("what nobody could ever pass is refused, and nothing else", () => {
  const check = (): boolean => true;
  const nobody = "the requirement rules out anonymous users and everybody else; nobody could ever pass it";
  const only = { anonymous: "only" } as const;
  const deny = { anonymous: "deny" } as const;
  const allow = { anonymous: "allow" } as const;
  const a = { groups: ["a"] } as const;

  it.each<Requirement>([
    all(only, {}),
    all(only, deny),
    all({ ...only, ...a }, deny),
    all(only, any({}, a)),
    all(only, all(only, deny)),
    any(all(only, deny), all(deny, only)),
    not({ anonymous: "allow" }),
    not(allow),
    not(any(only, deny)),
    not(any(allow, a)),
    not(not(all(only, deny))),
    not({}),
    not(all({}, {})),
    not(any({}, a)),
    all(not(only), only),
    all(not(deny), deny),
    all(only, not(a)),
    // Inside not(), what does not speak of anonymous users does not keep them out.
    all(only, not(all(only, {}))),
  ])("%#: never", (requirement) => {
    expect(() => checkRequirement(requirement)).toThrow(new TypeError(nobody));
  });

  it.each<Requirement>([
    {},
    only,
    deny,
    allow,
    all(only, allow),
    all(deny, {}),
    all(allow, {}),
    any(only, deny),
    any(all(only, deny), {}),
    any(only, a),
    not(a),
    not({ scopes: ["a"] }),
    not({ anyScope: ["a"] }),
    not({ roles: ["a"] }),
    not({ providers: ["a"] }),
    not({ check }),
    not({ ...allow, ...a }),
    not({ ...allow, check }),
    not({ ...only, ...a }),
    not(only),
    not(deny),
    not(not({})),
    not(not(a)),
    not(all(only, deny)),
    not(all(a, only)),
    not(all({}, a)),
    not(any(a, { roles: ["b"] })),
    all(not(deny), only),
    all(not(only), {}),
    all(not(a), allow),
    all({ freshSeconds: 1 }, a),
    { ...only, freshSeconds: 1 },
  ])("%#: somebody", (requirement) => {
    expect(() => checkRequirement(requirement)).not.toThrow();
  });
});
