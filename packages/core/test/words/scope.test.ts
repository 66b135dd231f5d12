import { describe, expect, it } from "vitest";
import { createScopeParser, isScopeToken, parseScope } from "../../src/words/scope.ts";

describe("RFC 6749 §3.3: scope", () => {
  it.each<[string, readonly string[]]>([
    ["", []],
    [" ", []],
    ["user", ["user"]],
    ["user sso", ["user", "sso"]],
    ["  user   sso ", ["user", "sso"]],
    ["sso user sso", ["sso", "user"]],
    ["USER user", ["USER", "user"]],
    ["user\tsso", ["user\tsso"]],
  ])("%j has %j", (scope, members) => {
    for (const parse of [parseScope, createScopeParser()]) {
      expect(parse(scope)).toEqual(members);
      expect(Object.isFrozen(parse(scope))).toBe(true);
    }
  });

  it("a parser that remembers gives the same again, and another its own", () => {
    const parse = createScopeParser();
    const first = parse("user sso");
    expect(parse("user sso")).toBe(first);
    expect(createScopeParser()("user sso")).not.toBe(first);
  });

  it("it remembers 64, and begins anew with the next", () => {
    const parse = createScopeParser();
    const first = parse("s0");
    for (let index = 1; index < 64; index += 1) parse(`s${String(index)}`);
    expect(parse("s0")).toBe(first);
    const next = parse("s64");
    expect(parse("s0")).not.toBe(first);
    expect(parse("s64")).toBe(next);
  });

  it("a scope-token has visible ASCII without quote and backslash", () => {
    for (let code = 0; code < 0x180; code += 1) {
      const expected = code > 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c;
      for (const text of ["", "a"].map((before) => `${before}${String.fromCharCode(code)}`)) {
        expect([text, isScopeToken(text)]).toEqual([text, expected]);
        expect([text, isScopeToken(`${text}b`)]).toEqual([text, expected]);
      }
    }
    expect(isScopeToken("")).toBe(false);
  });
});
