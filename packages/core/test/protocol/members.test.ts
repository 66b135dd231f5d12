import { describe, expect, it } from "vitest";
import {
  booleanMember,
  identifiersOf,
  isList,
  isObject,
  numberMember,
  objectMembers,
  present,
  textMember,
} from "../../src/protocol/members.ts";
import type { FrozenJson } from "../../src/words/auth.ts";

const values: readonly (FrozenJson | undefined)[] = ["a", "", 7, 0, true, false, null, ["a"], [], { a: 1 }, undefined];

describe("members of the expected type are read, all others are left out", () => {
  it.each<[string, (value: FrozenJson | undefined) => unknown, readonly unknown[]]>([
    ["a text that is not empty", (m) => textMember({ m }, "m"), ["a"]],
    ["a number", (m) => numberMember({ m }, "m"), [7, 0]],
    ["a boolean", (m) => booleanMember({ m }, "m"), [true, false]],
  ])("%s", (_title, read, expected) => {
    expect(values.map(read)).toEqual(values.map((value) => (expected.includes(value) ? value : undefined)));
  });

  it("a number is finite", () => {
    for (const n of [Infinity, -Infinity, NaN]) expect(numberMember({ n }, "n")).toBeUndefined();
  });

  it("what is an object, and what a list", () => {
    expect(values.filter((value) => isObject(value))).toEqual([{ a: 1 }]);
    expect(values.filter((value) => isList(value))).toEqual([["a"], []]);
  });

  it("the objects in a list", () => {
    expect(objectMembers({ list: [1, { a: 1 }, null, [2], "x", {}] }, "list")).toEqual([{ a: 1 }, {}]);
    for (const list of [undefined, null, "x", { a: 1 }]) expect(objectMembers({ list }, "list")).toEqual([]);
  });

  it("ids: of texts and of objects with one, each once, in order, frozen", () => {
    const ids = identifiersOf(["b", { id: "a" }, "b", { id: "b" }, "", { id: "" }, { id: 7 }, {}, null, 7, ["c"], "c"]);
    expect(ids).toEqual(["b", "a", "c"]);
    expect(Object.isFrozen(ids)).toBe(true);
    for (const value of values.filter((one) => !isList(one))) expect(identifiersOf(value)).toEqual([]);
    expect(Object.isFrozen(identifiersOf(undefined))).toBe(true);
  });

  it("what has a value is kept, null and false too", () => {
    const kept = present({ a: 1, b: undefined, c: null, d: false, e: "" });
    expect(Object.entries(kept)).toEqual([
      ["a", 1],
      ["c", null],
      ["d", false],
      ["e", ""],
    ]);
  });
});
