import { describe, expect, it } from "vitest";
import { errorCatalogue, textsOf } from "../../src/words/error-catalogue.ts";
import { AuthError, isAuthError, repeatError } from "../../src/words/errors.ts";

const membersOf = (error: AuthError): object => Object.fromEntries(Object.entries(error));

describe("AuthError", () => {
  it("has the status and the text of its code, and no stack", () => {
    const limit = Error.stackTraceLimit;
    const error = new AuthError("invalid_token", { headers: { A: "b" } });
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new Error("other").stack).toContain("errors.test.ts");
    expect(error.stack).not.toContain("errors.test.ts");
    expect(error.stack).toContain(errorCatalogue.invalid_token.detail);
    expect(membersOf(error)).toEqual({
      ...{ name: "AuthError", code: "invalid_token", reason: undefined, status: 401, statusCode: 401, expose: true },
      ...{ headers: { A: "b" }, locale: "en", negotiated: false, docs: undefined },
    });
    expect([error.message, "cause" in error]).toEqual([errorCatalogue.invalid_token.detail, false]);
    expect(Object.isFrozen(error.headers)).toBe(true);
  });

  it("with everything that it can have", () => {
    const cause = new Error("why");
    const headers = { A: "b" };
    const error = new AuthError("upstream_rejected", {
      ...{ headers, reason: "permission", cause, status: 403, docs: "https://d", locale: "zh", negotiated: true },
    } as const);
    headers.A = "c";
    expect(membersOf(error)).toEqual({
      ...{ name: "AuthError", code: "upstream_rejected", reason: "permission", status: 403, statusCode: 403 },
      ...{ expose: true, headers: { A: "b" }, locale: "zh", negotiated: true, docs: "https://d" },
    });
    expect([error.message, error.cause]).toEqual([errorCatalogue.upstream_rejected.zh.detail, cause]);
  });

  it("where nobody may set how long stacks are, it is made all the same", () => {
    const limit = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit");
    Object.defineProperty(Error, "stackTraceLimit", { ...limit, writable: false });
    const error = new AuthError("csrf", { headers: {} });
    Object.defineProperty(Error, "stackTraceLimit", { ...limit });
    expect(error.message).toBe(errorCatalogue.csrf.detail);
  });

  it("is told from everything else, also one of another copy of the package", () => {
    expect(isAuthError(new AuthError("csrf", { headers: {} }))).toBe(true);
    expect(isAuthError({ [Symbol.for("@cloudbase-auth/AuthError")]: true })).toBe(true);
    for (const other of [new Error("x"), {}, null, undefined, "AuthError", 7]) expect(isAuthError(other)).toBe(false);
  });
});

describe("repeated for another request", () => {
  const explanation = { state: "absent", held: false } as const;
  const first = (): AuthError =>
    Object.defineProperty(new AuthError("forbidden", { headers: { A: "1", B: "2" }, reason: "group" }), "explanation", {
      value: explanation,
    });

  it("it is the same and another object, and keeps its explanation out of sight", () => {
    const repeated = repeatError(first());
    expect(repeated).not.toBe(first());
    expect(membersOf(repeated)).toEqual(membersOf(first()));
    expect(repeated.explanation).toBe(explanation);
    expect(Object.keys(repeated)).not.toContain("explanation");
    expect("explanation" in repeatError(new AuthError("csrf", { headers: {} }))).toBe(false);
  });

  it("with more headers or in another language", () => {
    const repeated = repeatError(first(), { headers: { B: "3", C: "4" }, locale: "zh", negotiated: true });
    expect(repeated.headers).toEqual({ A: "1", B: "3", C: "4" });
    expect(repeated).toMatchObject({ locale: "zh", negotiated: true, message: errorCatalogue.forbidden.zh.detail });
  });
});

it("the texts of a code, in either language", () => {
  expect(textsOf("csrf", "en")).toMatchObject({ title: "Request from elsewhere" });
  expect(textsOf("csrf", "zh")).toEqual(errorCatalogue.csrf.zh);
});
