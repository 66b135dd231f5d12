import * as door from "@cloudbase-auth/fastify";
import { expect, test } from "vitest";

test("what the package exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
    [
      "AuthError",
      "all",
      "any",
      "authContext",
      "cloudbaseAuth",
      "currentAuth",
      "currentUser",
      "default",
      "isAuthError",
      "not",
      "optionalUser",
      "problemDetails",
      "requireGroups",
      "requireScopes",
      "requireUser",
    ]
  `);
});
