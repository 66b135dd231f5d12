import { describe, expect, it } from "vitest";
import {
  assertDeclared,
  assertInPlace,
  attach,
  checkRequirement,
  declareGuard,
  declareHandler,
  describeRoute,
  formatRoutes,
  openAdapter,
  policiesInFront,
  policyOf,
  userOf,
} from "../src/adapter.ts";
import type { RoutePolicy } from "../src/adapter.ts";
import { all, any, not } from "../src/index.ts";
import type { AuthResult, Requirement } from "../src/index.ts";

const open: RoutePolicy = { access: "public" };
const optional: RoutePolicy = { access: "optional" };
const user = (requirement?: Requirement): RoutePolicy => ({
  access: "user",
  requirement: checkRequirement(requirement),
});

describe("describeRoute()", () => {
  it.each<[string, readonly RoutePolicy[], string]>([
    ["GET", [], "undeclared"],
    ["*", [], "undeclared"],
    ["OPTIONS", [], "preflight"],
    ["OPTIONS", [user()], "user"],
    ["GET", [open], "public"],
    ["GET", [open, optional], "optional"],
    ["GET", [user(), open, optional], "user"],
  ])("%s behind %o: the strictest decides", (method, policies, access) => {
    expect(describeRoute({ method, path: "/", policies }).access).toBe(access);
  });

  it.each<[Requirement, unknown]>([
    [{}, {}],
    [
      { scopes: ["a"], anyScope: ["b", "c"] },
      { scopes: ["a"], anyScope: ["b", "c"] },
    ],
    [
      { groups: ["g"], roles: ["r"], providers: ["p"], anonymous: "deny", freshSeconds: 5 },
      { groups: ["g"], roles: ["r"], providers: ["p"], anonymous: "deny", freshSeconds: 5 },
    ],
    [{ check: () => true }, { check: true }],
    [
      all(any({ groups: ["a"] }, { roles: ["b"] }), not({ groups: ["c"] })),
      { all: [{ any: [{ groups: ["a"] }, { roles: ["b"] }] }, { not: { groups: ["c"] } }] },
    ],
  ])("requirement %# as data that JSON can carry", (requirement, described) => {
    const { requirements } = describeRoute({ method: "GET", path: "/", policies: [open, user(requirement)] });
    expect(requirements).toEqual([described]);
    expect(JSON.parse(JSON.stringify(requirements))).toEqual([described]);
  });

  it("a note is for routes that say nothing", () => {
    const note = "this is why";
    expect(describeRoute({ method: "GET", path: "/", note, policies: [] }).note).toBe(note);
    expect(describeRoute({ method: "GET", path: "/", note, policies: [open] })).not.toHaveProperty("note");
  });
});

describe("policiesInFront()", () => {
  const handler = (): void => {};
  const guard = declareGuard(() => {}, optional);
  const own = declareHandler(() => {}, user());

  it("counts what stands in front of the last handler, and a handler that guards itself", () => {
    expect(policiesInFront([guard, handler])).toEqual([optional]);
    expect(policiesInFront([handler, guard, handler])).toEqual([optional]);
    expect(policiesInFront([handler, guard])).toEqual([]);
    expect(policiesInFront([handler, own])).toEqual([policyOf(own)]);
    expect(policiesInFront([own, guard])).toEqual([policyOf(own)]);
    expect(policiesInFront([guard])).toEqual([optional]);
    expect(policiesInFront([])).toEqual([]);
  });

  it("what is no guard of ours says nothing", () => {
    for (const other of [undefined, null, "guard", {}, handler]) expect(policyOf(other)).toBeUndefined();
  });

  it("what a guard says cannot be changed afterwards", () => {
    expect(() => declareGuard(guard, open)).toThrow(TypeError);
    expect(policyOf(guard)).toEqual(optional);
  });
});

describe("assertDeclared() and formatRoutes()", () => {
  const routes = [
    describeRoute({ method: "GET", path: "/a", policies: [] }),
    describeRoute({ method: "DELETE", path: "/b", note: "because", policies: [] }),
    describeRoute({ method: "*", path: "/c", opaque: true, policies: [user({ groups: ["g"] }), user()] }),
  ];

  it("names what says nothing, with the fix and why", () => {
    expect(() => assertDeclared(routes, ({ path }) => `guard ${path}`)).toThrow(
      "2 routes do not say who may call it:\n  GET /a: guard /a\n  DELETE /b: guard /b; because",
    );
    expect(() => assertDeclared(routes.slice(0, 1), () => "x")).toThrow("1 route does not say who may call it:\n");
    expect(() => assertDeclared(routes.slice(2), () => "x")).not.toThrow();
    expect(() => assertDeclared([], () => "x")).toThrow("there is no route yet");
  });

  it("is a table in columns", () => {
    expect(formatRoutes(routes)).toBe(
      [
        "GET     /a                          undeclared",
        "DELETE  /b                          undeclared",
        '*       /c (cannot be looked into)  user {"groups":["g"]}',
        "",
      ].join("\n"),
    );
    expect(formatRoutes([])).toBe("");
  });
});

describe("what handlers behind a guard find", () => {
  const settings = openAdapter({ envId: "demo" });
  const person: AuthResult = {
    auth: { state: "absent" },
    user: { id: "1", isAnonymous: false, groups: [], roles: [], scopes: [] },
  };

  it("userOf() is the user, or says what is missing", () => {
    const request = {};
    expect(() => userOf(request)).toThrow("getUser() ran on a request that cloudbaseAuth() has not seen");
    attach(request, settings, { auth: { state: "absent" }, user: undefined });
    expect(() => userOf(request)).toThrow(
      "getUser() found nobody, as auth.state is absent; put requireUser() in front of the handler",
    );
    attach(request, settings, person);
    expect(userOf(request)).toBe(person.user);
  });

  it("assertInPlace() notices another name and another's value", () => {
    const request: { user?: unknown; auth?: unknown } = {};
    attach(request, settings, person);
    expect(() => assertInPlace(request, request)).not.toThrow();
    expect(() => assertInPlace(request, { person: person.user, auth: person.auth } as object)).toThrow(
      "option property",
    );
    request.user = { id: "somebody else" };
    expect(() => assertInPlace(request, request)).toThrow("something else overwrote them");
  });
});
