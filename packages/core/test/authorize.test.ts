import { describe, expect, it } from "vitest";
import { isAuthError } from "../src/index.ts";
import type { AuthError, AuthErrorReason, Requirement } from "../src/index.ts";
import { formatProblem } from "../src/adapter.ts";
import { createRefusals } from "../src/protocol/refusals.ts";
import { errorCatalogue } from "../src/words/error-catalogue.ts";
import { useHarness } from "./support/harness.ts";
import { issue } from "./support/tokens.ts";

const harness = useHarness();
const person = { scope: "user sso orders:read", groups: ["staff", { id: "editors" }], roles: ["owner"] };
const anonymous = { scope: "anonymous" };

async function verdict(claims: object, requirement?: Requirement): Promise<AuthError | undefined> {
  const result = await harness.authenticate(issue({ ...claims }));
  return harness.auth.authorize(result, requirement);
}

describe("passes", () => {
  it.each<[string, object, Requirement | undefined]>([
    ["a person, without a requirement", person, undefined],
    ["a person, with an empty one", person, {}],
    ["all scopes there", person, { scopes: ["orders:read", "user"] }],
    ["all groups there", person, { groups: ["editors", "staff"] }],
    ["all roles there", person, { roles: ["owner"] }],
    ["everything at once", person, { scopes: ["sso"], groups: ["staff"], roles: ["owner"], anonymous: "allow" }],
    ["anonymous, allowed", anonymous, { anonymous: "allow" }],
    ["anonymous only", anonymous, { anonymous: "only" }],
  ])("%s", async (_title, claims, requirement) => expect(await verdict(claims, requirement)).toBeUndefined());
});

describe("refuses", () => {
  const challenge = (code: keyof typeof errorCatalogue, rest = ""): string =>
    `Bearer realm="cloudbase", error="insufficient_scope", error_description="${errorCatalogue[code].detail}"${rest}`;

  it.each<[string, object, Requirement | undefined, string, AuthErrorReason | undefined, string | undefined]>([
    ["anonymous, by default", anonymous, undefined, "anonymous_user", undefined, challenge("anonymous_user")],
    ["anonymous before scope", anonymous, { scopes: ["x"] }, "anonymous_user", undefined, challenge("anonymous_user")],
    [
      "a person where only anonymous users may go",
      person,
      { anonymous: "only" },
      "forbidden",
      "not_anonymous",
      undefined,
    ],
    [
      "CL-12: a scope that is missing",
      person,
      { scopes: ["user", "orders:write"] },
      "insufficient_scope",
      undefined,
      challenge("insufficient_scope", ', scope="orders:write"'),
    ],
    [
      "CL-12: several, all named in order",
      person,
      { scopes: ["z", "user", "a"] },
      "insufficient_scope",
      undefined,
      challenge("insufficient_scope", ', scope="z a"'),
    ],
    [
      "CL-12: a prefix of a scope",
      person,
      { scopes: ["orders"] },
      "insufficient_scope",
      undefined,
      challenge("insufficient_scope", ', scope="orders"'),
    ],
    [
      "CL-12: another case",
      person,
      { scopes: ["USER"] },
      "insufficient_scope",
      undefined,
      challenge("insufficient_scope", ', scope="USER"'),
    ],
    ["a group that is missing", person, { groups: ["staff", "admin"] }, "forbidden", "group", undefined],
    ["a role that is missing", person, { roles: ["admin"] }, "forbidden", "role", undefined],
    [
      "d52b311f: the scope there, the role not (AND)",
      person,
      { scopes: ["user"], roles: ["admin"] },
      "forbidden",
      "role",
      undefined,
    ],
    [
      "d52b311f: the role there, the scope not (AND)",
      person,
      { scopes: ["admin"], roles: ["owner"] },
      "insufficient_scope",
      undefined,
      challenge("insufficient_scope", ', scope="admin"'),
    ],
    [
      "scope before group",
      person,
      { scopes: ["x"], groups: ["x"] },
      "insufficient_scope",
      undefined,
      challenge("insufficient_scope", ', scope="x"'),
    ],
  ])("%s", async (_title, claims, requirement, code, reason, expected) => {
    const error = await verdict(claims, requirement);
    expect(error).toMatchObject({ code, reason, status: 403, statusCode: 403, expose: true });
    expect(error?.headers).toEqual(expected === undefined ? {} : { "WWW-Authenticate": expected });
  });

  it("BU-08 RFC 6750 §3.1: nothing presented has no error attribute", async () => {
    const result = await harness.auth.authenticate({ headers: {} });
    expect(await harness.auth.authorize(result)).toMatchObject({
      code: "missing_token",
      status: 401,
      headers: { "WWW-Authenticate": 'Bearer realm="cloudbase"' },
    });
  });

  it("rejected and unavailable: the error of the result, whatever the requirement, and one of its own for each request", async () => {
    const result = await harness.authenticate("x");
    const { auth } = result;
    const first = await harness.auth.authorize(result, { anonymous: "allow" });
    const second = await harness.auth.authorize(result);
    expect(first).toEqual(auth.state === "rejected" && auth.error);
    // What a handler adds to its error stays with its request.
    Object.assign(first ?? {}, { requestId: "r-1" });
    expect(second).not.toHaveProperty("requestId");
    expect(auth).not.toHaveProperty("error.requestId");
    expect(auth.state === "rejected" && Object.isFrozen(auth.error)).toBe(true);
  });
});

describe("a requirement is checked where it is declared", () => {
  it.each<[unknown, string]>([
    [{ scope: ["a"] }, 'the requirement has no member "scope"; its members are scopes, anyScope, groups, roles,'],
    [{ Scopes: ["a"] }, 'the requirement has no member "Scopes"'],
    [{ scopes: [] }, "requirement.scopes must be an array of at least one non-empty string"],
    [{ scopes: "a b" }, "requirement.scopes must be an array"],
    [{ scopes: ["a b"] }, 'requirement.scopes has "a b", which is not one scope'],
    [{ scopes: ['a"'] }, "which is not one scope"],
    [{ scopes: ["a\\b"] }, "which is not one scope"],
    [{ scopes: ["é"] }, "which is not one scope"],
    [{ scopes: [""] }, "requirement.scopes must be an array of at least one non-empty string"],
    [{ groups: [1] }, "requirement.groups must be an array"],
    [{ groups: [["a"]] }, "requirement.groups must be an array of at least one non-empty string; a list is in it"],
    [{ groups: undefined }, "requirement.groups is undefined, which would ask for nothing; leave it out"],
    [{ check: undefined }, "requirement.check is undefined, which would ask for nothing; leave it out"],
    [{ roles: null }, "requirement.roles must be an array"],
    [{ anonymous: true }, 'requirement.anonymous must be "deny", "allow" or "only"'],
    [["a"], "the requirement must be an object"],
    ["admin", "the requirement must be an object"],
    [null, "the requirement must be an object"],
  ])("%o is a TypeError", async (requirement, message) => {
    const result = await harness.authenticate(issue());
    const declare = (): unknown => harness.auth.authorize(result, requirement as Requirement);
    expect(declare).toThrow(TypeError);
    expect(declare).toThrow(message);
  });

  it("a requirement that changes afterwards changes nothing", async () => {
    const { checkRequirement } = await import("../src/adapter.ts");
    const groups = ["admin"];
    const checked = checkRequirement({ groups });
    groups.length = 0;
    expect(checked).toMatchObject({ groups: ["admin"] });
    expect(Object.isFrozen(checked)).toBe(true);
    expect(checkRequirement(checked)).toBe(checked);
  });
});

describe("errors", () => {
  it.each([
    [0, "1"],
    [0.2, "1"],
    [1, "1"],
    [1.01, "2"],
    [30, "30"],
  ])("RFC 9110 §10.2.3: a wait of %d s is Retry-After: %s, whole and never 0", (seconds, retryAfter) => {
    const error = createRefusals("cloudbase").serviceUnavailable("key_set", seconds, new Error("x"));
    expect(error.headers).toEqual({ "Retry-After": retryAfter });
  });

  it.each(Object.entries(errorCatalogue))(
    "%s: the text fits a challenge and is one sentence",
    (_code, { detail, title }) => {
      expect(detail).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+\.$/);
      expect(title).toMatch(/^[A-Z]/);
    },
  );

  it("RFC 9457 §3.1: the problem has five members and nothing of the request", async () => {
    const error = await verdict({}, { scopes: ["sentinel"] });
    expect(error && formatProblem(error)).toEqual({
      type: "urn:cloudbase-auth:error:insufficient_scope",
      title: "Scope missing",
      status: 403,
      detail: errorCatalogue.insufficient_scope.detail,
      code: "insufficient_scope",
    });
  });

  it("the error of a newer copy of this package becomes a problem too", () => {
    const foreign = Object.assign(new Error("A sentence."), { code: "newer", status: 418 }) as unknown as AuthError;
    expect(formatProblem(foreign)).toEqual({
      type: "urn:cloudbase-auth:error:newer",
      title: "Request refused",
      status: 418,
      detail: "A sentence.",
      code: "newer",
    });
  });

  it("isAuthError knows them by their brand, also those of another copy, and nothing else", async () => {
    expect(isAuthError(await verdict(anonymous))).toBe(true);
    const foreign = Object.defineProperty(new Error("x"), Symbol.for("@cloudbase-auth/AuthError"), { value: true });
    expect(isAuthError(foreign)).toBe(true);
    for (const other of [new Error("x"), { code: "missing_token", status: 401 }, null, undefined, "missing_token"])
      expect(isAuthError(other)).toBe(false);
  });
});
