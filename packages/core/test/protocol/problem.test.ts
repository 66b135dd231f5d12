import { describe, expect, it } from "vitest";
import { addToVary, formatProblem, formatProblemAnswer } from "../../src/protocol/problem.ts";
import { AuthError } from "../../src/words/errors.ts";
import { errorCatalogue } from "../../src/words/error-catalogue.ts";

const make = (parts: object = {}) => new AuthError("csrf", { headers: {}, ...parts });
const { title, detail } = errorCatalogue.csrf;

describe("RFC 9457 §3.1: a problem", () => {
  it("has five members, all of them of the code", () => {
    expect(formatProblem(make())).toEqual({
      ...{ type: "urn:cloudbase-auth:error:csrf", title, status: 403, detail, code: "csrf" },
    });
    expect(formatProblem(make({ docs: "https://d/csrf", locale: "zh", reason: "cross_site" }))).toEqual({
      ...{ type: "https://d/csrf", title: errorCatalogue.csrf.zh.title, status: 403 },
      ...{ detail: errorCatalogue.csrf.zh.detail, code: "csrf" },
    });
  });

  it.each(["brand_new", "constructor", "toString"])("of a code that this copy does not know, such as %s", (code) => {
    const newer = { code, status: 418, message: "A sentence.", headers: {} } as unknown as AuthError;
    expect(formatProblem(newer)).toEqual({
      ...{ type: `urn:cloudbase-auth:error:${code}`, title: "Request refused", status: 418 },
      ...{ detail: "A sentence.", code },
    });
  });
});

describe("the whole answer", () => {
  const head = { "Content-Type": "application/problem+json", "Content-Language": "en" };
  it.each<[object, unknown, object]>([
    [{}, undefined, head],
    [{}, "Origin", head],
    [{ headers: { A: "b" } }, undefined, { ...head, A: "b" }],
    [{ locale: "zh" }, undefined, { ...head, "Content-Language": "zh" }],
    [{ negotiated: true }, undefined, { ...head, Vary: "Accept-Language" }],
    [{ negotiated: true }, "Origin", { ...head, Vary: "Origin, Accept-Language" }],
    [{ headers: { Vary: "Cookie" } }, "Origin", { ...head, Vary: "Origin, Cookie" }],
    [{ headers: { Vary: "A,B" }, negotiated: true }, undefined, { ...head, Vary: "A, B, Accept-Language" }],
  ])("of %j, with Vary %j set", (parts, vary, headers) => {
    const error = make(parts);
    const answer = formatProblemAnswer(error, vary);
    expect(answer).toEqual({ status: 403, headers, body: JSON.stringify(formatProblem(error)) });
  });
});

describe("RFC 9110 §12.5.5: Vary", () => {
  it.each<[unknown, readonly string[], string]>([
    [undefined, [], ""],
    [undefined, ["A"], "A"],
    ["", ["A"], "A"],
    [7, ["A"], "A"],
    ["A", ["B"], "A, B"],
    ["A , ,B", ["C"], "A, B, C"],
    [["A", "B,C"], ["D"], "A, B, C, D"],
    ["a", ["A"], "a"],
    ["A", ["a", "B", "b"], "A, B"],
    ["*", ["A"], "*"],
    ["A, *", ["B"], "A, *"],
    ["Ab", ["A"], "Ab, A"],
  ])("%j and %j: %s", (vary, names, expected) => {
    expect(addToVary(vary, ...names)).toBe(expected);
  });
});
