import * as door from "@cloudbase-auth/express";
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
      "currentAuth",
      "currentUser",
      "describeRoutes",
      "formatRoutes",
      "getUser",
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
