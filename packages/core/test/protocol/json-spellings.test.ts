import fc from "fast-check";
import { expect, it } from "vitest";
import { parseUnsealedObject } from "../../src/protocol/strict-json.ts";

// Whether a text has a member twice is seen by its length alone where that suffices; here it must hold however it is
// spelt.
const limits = { maxDepth: 8, maxMembers: 1_000 };
const numRuns = 2_000;

const blanks = fc.constantFrom("", "", "", " ", "\n", "\t ");
const text = fc.oneof(fc.constantFrom("", "a", ":", '"', "\\", "\ufffd", "é", "\ud83d\ude00"), fc.string());
const escaped = (value: string) => `"${Array.from(value, escapeOf).join("")}"`;
const writtenText = text.chain((value) => fc.constantFrom(JSON.stringify(value), escaped(value)));
const writtenNumber = fc.constantFrom(
  ...["0", "-0", "7", "-7", "10", "999", "1000", "1e3", "1E3", "1000000", "1e6", "1e8", "100000000", "12e7", "1e22"],
  ...["0.5", "5e-1", "0.10", "1795532767", "17955327670e-1", "9007199254740991", "9007199254740993", "1e300"],
);
const leaf = fc.oneof(writtenText, writtenNumber, fc.constantFrom("true", "false", "null"));

/** The text of a value, and whether any object in it has a member twice or a name with an escape. */
interface Written {
  readonly written: string;
  readonly isRefused: boolean;
}

const { object: anyObject } = fc.letrec<{ value: Written; list: Written; object: Written }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf.map((written) => ({ written, isRefused: false })),
    tie("list"),
    tie("object"),
  ),
  list: fc.tuple(fc.array(tie("value"), { maxLength: 3 }), blanks).map(([parts, blank]) => enclose("[]", parts, blank)),
  object: fc
    .array(fc.tuple(fc.tuple(text, fc.constantFrom(true, false, false, false)), tie("value"), blanks), { maxLength: 4 })
    .map((members) => {
      const names = members.map(([[name]]) => name);
      const parts = members.map(([[name, escapes], value, blank]) => {
        const writtenName = escapes ? escaped(name) : JSON.stringify(name);
        const written = `${writtenName}${blank}:${blank}${value.written}`;
        return { written, isRefused: value.isRefused || writtenName.includes("\\") };
      });
      const { written, isRefused } = enclose("{}", parts, "");
      return { written, isRefused: isRefused || new Set(names).size < names.length };
    }),
}));

function enclose([open = "", close = ""]: string, parts: readonly Written[], blank: string): Written {
  const written = `${open}${parts.map((part) => blank + part.written).join(`${blank},`)}${blank}${close}`;
  return { written, isRefused: parts.some((part) => part.isRefused) };
}

function escapeOf(letter: string): string {
  return Array.from({ length: letter.length }, (_, at) => {
    return `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}

it("RFC 7519 §4: an object is read if no name occurs twice in it, however it is spelt", () => {
  fc.assert(
    fc.property(anyObject, ({ written, isRefused }) => {
      expect(parseUnsealedObject(written, limits)).toEqual(isRefused ? undefined : JSON.parse(written));
    }),
    { numRuns },
  );
});

it.each([
  ["what an exponent saves", '{"a":1,"a":2,"n":1e8}'],
  ["what an exponent saves, below zero", '{"a":1,"a":2,"n":-1e8}'],
  ["what an exponent saves, in a list", '{"a":1,"a":2,"n":[1e4,1e5]}'],
  ["another name that V8 makes of one with an escape", '{"\\\\":0,"a":1,"\\u0061":2}'],
  ["what a rounded number saves", '{"":0,"":9007199254740993e0}'],
])("a name that occurs twice is not hidden by %s", (_, written) => {
  expect(parseUnsealedObject(written, limits)).toBeUndefined();
});

it.each(["1e8", "1e23", "123456789e15", "0.00001"])("nor by %s, however long it is", (number) => {
  for (let length = 0; length < 32; length += 1) {
    const written = `{"a":"${"x".repeat(length)}","a":"","n":${number}}`;
    expect(parseUnsealedObject(written, limits)).toBeUndefined();
  }
});
