import * as door from "@cloudbase-auth/fastify";
import * as plain from "@cloudbase-auth/fastify/plain";
import { expect, test } from "vitest";

test("what the package exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
    [
      "AuthError",
      "all",
      "any",
      "assertRoutesDeclared",
      "authContext",
      "authRoutes",
      "cloudbaseAuth",
      "createCloudbaseAuth",
      "currentAuth",
      "currentUser",
      "default",
      "describeRoutes",
      "explain",
      "formatRoutes",
      "fromCloudbaseContext",
      "fromCookie",
      "fromForm",
      "fromHeader",
      "fromQuery",
      "getUser",
      "guardScope",
      "isAuthError",
      "not",
      "optionalUser",
      "problemDetails",
      "publicRoute",
      "requireGroups",
      "requireScopes",
      "requireUser",
    ]
  `);
});

test("what @cloudbase-auth/fastify/plain exports", () => {
  expect(Object.keys(plain).toSorted()).toMatchInlineSnapshot(`
    [
      "AuthError",
      "all",
      "any",
      "assertRoutesDeclared",
      "authContext",
      "authRoutes",
      "cloudbaseAuth",
      "createCloudbaseAuth",
      "currentAuth",
      "currentUser",
      "default",
      "describeRoutes",
      "explain",
      "formatRoutes",
      "fromCloudbaseContext",
      "fromCookie",
      "fromForm",
      "fromHeader",
      "fromQuery",
      "getUser",
      "guardScope",
      "isAuthError",
      "not",
      "optionalUser",
      "problemDetails",
      "publicRoute",
      "requireGroups",
      "requireScopes",
      "requireUser",
    ]
  `);
});
