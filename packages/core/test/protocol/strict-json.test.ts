import { describe, expect, it } from "vitest";
import { parseStrictObject, parseUnsealedObject, sealObject } from "../../src/protocol/strict-json.ts";

const limits = { maxDepth: 3, maxMembers: 5 };
const parse = (text: string) => parseStrictObject(text, limits);

describe("RFC 8259: the text of an object", () => {
  it("is read whole, without a prototype and frozen, at every level", () => {
    const object = parseStrictObject('{"a":{"b":[{}]},"c":null}', { maxDepth: 4, maxMembers: 4 });
    expect(object).toEqual({ a: { b: [{}] }, c: null });
    const inner = object?.["a"];
    for (const part of [object, inner]) {
      expect(Object.isFrozen(part)).toBe(true);
      expect(Object.getPrototypeOf(part)).toBeNull();
    }
    const list = Reflect.get(inner as object, "b") as readonly object[];
    expect(Object.isFrozen(list)).toBe(true);
    expect(Object.getPrototypeOf(list)).toBe(Array.prototype);
    expect([Object.isFrozen(list[0]), Object.getPrototypeOf(list[0])]).toEqual([true, null]);
  });

  it.each(["", "null", "7", '"a"', "true", "[]", "[{}]", "{", "{}x", "\ufeff{}", "{'a':1}", '{"a":1,}', '{"a":NaN}'])(
    "%j is none",
    (text) => {
      expect(parse(text)).toBeUndefined();
      expect(parseUnsealedObject(text, limits)).toBeUndefined();
    },
  );

  it("unsealed, it can still be changed", () => {
    const object = parseUnsealedObject('{"a":{}}', limits);
    expect(object).toEqual({ a: {} });
    expect([Object.isFrozen(object), Object.isFrozen(object?.["a"])]).toEqual([false, false]);
  });
});

describe("RFC 7515 §4, RFC 7519 §4: a name that occurs twice in one object", () => {
  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":1}',
    '{"a":1,"b":2,"a":3}',
    '{"x":{"a":1,"a":2}}',
    '{"x":[{"a":1,"a":2}]}',
    '{"":1,"":2}',
    '{"\\\\":1,"\\\\":2}',
    '{"a\\"":1,"a\\"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"__proto__":{"a":1,"a":1}}',
  ])("%s", (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it.each([
    ['{"a":1,"A":1}', { a: 1, A: 1 }],
    ['{"a":{"a":1}}', { a: { a: 1 } }],
    ['{"a":":"}', { a: ":" }],
    ['{":":"::"}', { ":": "::" }],
    ['{"a":"\\":\\""}', { a: '":"' }],
    ['{"a":"\\\\","b":":"}', { a: "\\", b: ":" }],
    ['{"a":"\\\\\\"","b":":"}', { a: '\\"', b: ":" }],
    ['{"a":1,"b":"\\\\\\\\"}', { a: 1, b: "\\\\" }],
    ['{"a":["x:y","\\":"]}', { a: ["x:y", '":'] }],
    ['{ "a" : 1 , "b" : "" }', { a: 1, b: "" }],
  ])("and not one that looks so: %s", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });
});

describe("what is written as short as can be is not counted twice, whoever counts", () => {
  // The second "a" takes six characters, which six values of each kind must not make up for.
  const values = ["true", "false", "null", "1", "-1", "10", "99", "-10", "1000", "1e3", "0.5", '""', '"x"', "[]", "{}"];
  it.each(values)("beside six times %s", (value) => {
    const six = Array.from({ length: 6 }, () => value).join();
    for (const list of [`"b":[${six}]`, `"b":[${six},${six}]`, `"b":{"c":[${six}]}`]) {
      expect(parseStrictObject(`{"a":1,${list}}`, { maxDepth: 9, maxMembers: 99 })).toMatchObject({ a: 1 });
      expect(parseStrictObject(`{"a":1,"a":1,${list}}`, { maxDepth: 9, maxMembers: 99 })).toBeUndefined();
    }
  });
});

describe("limits", () => {
  it.each([
    ['{"a":{"b":{}}}', true],
    ['{"a":{"b":{"c":{}}}}', false],
    ['{"a":[[]]}', true],
    ['{"a":[[[]]]}', false],
    ['{"a":[{"b":{}}]}', false],
    ['{"a":1,"b":{"c":[[]]}}', false],
    ['{"a":[1,[[]]]}', false],
    ['{"a":1,"b":2,"c":3,"d":4,"e":5}', true],
    ['{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}', false],
    ['{"a":[1,2,3,4]}', true],
    ['{"a":[1,2,3,4,5]}', false],
    ['{"a":[1],"b":{"c":1,"d":2}}', true],
    ['{"a":[1],"b":{"c":1,"d":2,"e":3}}', false],
    ['{"a":[{"b":1},2,3]}', true],
    ['{"a":[{"b":1},2,3,4]}', false],
    ['{"a":[[1],[2]]}', true],
    ['{"a":[[1],[2,3]]}', false],
    ['{"a":null,"b":[null]}', true],
  ])("%s", (text, within) => {
    expect(parse(text) !== undefined).toBe(within);
  });
});

describe("what could pollute", () => {
  const text =
    '{"__proto__":{"admin":true},"constructor":1,"prototype":2,"a":{"__proto__":null,"constructor":{},"b":1}}';
  it("is dropped at every level", () => {
    const object = parseStrictObject(text, { maxDepth: 9, maxMembers: 99 });
    expect(Reflect.ownKeys(object ?? {})).toEqual(["a"]);
    expect(Reflect.ownKeys(object?.["a"] as object)).toEqual(["b"]);
    expect(Reflect.get({ ...object }, "admin")).toBeUndefined();
  });

  it("is dropped in a list too, whose own length stays", () => {
    const sealed = sealObject([{ constructor: 1, b: [2] }, 3]);
    expect(sealed).toEqual([{ b: [2] }, 3]);
    expect(sealed).toHaveLength(2);
    expect(Object.isFrozen(sealed)).toBe(true);
  });
});

describe("when somebody wrote into the prototype of all objects", () => {
  it.each([parseStrictObject, parseUnsealedObject])("%o gives what inherits nothing", (read) => {
    Object.defineProperty(Object.prototype, "polluted", { value: true, enumerable: true, configurable: true });
    const object = read('{"a":{}}', limits) ?? {};
    const inner: unknown = object["a"];
    const inherited = ["polluted" in object, typeof inner === "object" && inner !== null && "polluted" in inner];
    Reflect.deleteProperty(Object.prototype, "polluted");
    expect(inherited).toEqual([false, false]);
    expect(object).toEqual({ a: {} });
  });
});
