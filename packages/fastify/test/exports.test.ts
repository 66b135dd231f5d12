import * as door from "@cloudbase-auth/fastify";
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
      "default",
      "describeRoutes",
      "formatRoutes",
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
