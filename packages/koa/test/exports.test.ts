import * as door from "@cloudbase-auth/koa";
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
      "describeRoutes",
      "explain",
      "formatRoutes",
      "fromCloudbaseContext",
      "fromCookie",
      "fromForm",
      "fromHeader",
      "fromQuery",
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
