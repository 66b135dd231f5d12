import { describe, expect, it } from "vitest";
import { checkRequirement } from "../../src/words/checked-requirement.ts";
import { declareGuard, declareHandler, policiesInFront, policyOf } from "../../src/words/route-policy.ts";
import type { RoutePolicy } from "../../src/words/route-policy.ts";

const open: RoutePolicy = { access: "public" };
const optional: RoutePolicy = { access: "optional" };
const user: RoutePolicy = { access: "user", requirement: checkRequirement() };
const guard = (policy: RoutePolicy) => declareGuard(() => undefined, policy);
const handler = (policy: RoutePolicy) => declareHandler(() => undefined, policy);
const plain = (): void => undefined;

describe("what a guard says of itself", () => {
  it("is written on it out of sight, once", () => {
    const made = (): void => undefined;
    expect(declareGuard(made, user)).toBe(made);
    expect(policyOf(made)).toBe(user);
    expect(Object.keys(made)).toEqual([]);
    expect(() => declareGuard(made, open)).toThrow(TypeError);
    expect(policyOf(handler(optional))).toBe(optional);
  });

  it("another copy of the package reads it too", () => {
    const key = Symbol.for("@cloudbase-auth/route-policy");
    expect(Reflect.get(guard(open), key)).toEqual({ policy: open, isHandler: false });
    expect(Reflect.get(handler(open), key)).toEqual({ policy: open, isHandler: true });
    expect(Object.isFrozen(Reflect.get(guard(open), key))).toBe(true);
  });

  it.each([plain, undefined, null, "x", 7, {}, { [Symbol.for("@cloudbase-auth/route-policy")]: { policy: user } }])(
    "and %o says nothing",
    (other) => {
      expect(policyOf(other)).toBeUndefined();
    },
  );
});

describe("what the guards say in front of the last handler", () => {
  it.each<[string, readonly unknown[], readonly RoutePolicy[]]>([
    ["nothing at all", [], []],
    ["a handler alone", [plain], []],
    ["a guard in front", [guard(user), plain], [user]],
    ["several", [guard(user), guard(optional), plain], [user, optional]],
    ["one behind guards nothing", [guard(open), plain, guard(user)], [open]],
    ["one between two handlers", [plain, guard(user), plain], [user]],
    ["a handler that guards itself", [guard(open), handler(user)], [open, user]],
    ["and one behind it", [handler(user), guard(open)], [user]],
    ["guards alone", [guard(user), guard(open)], [user, open]],
  ])("%s", (_title, handlers, policies) => {
    expect(policiesInFront(handlers)).toEqual(policies);
  });
});
