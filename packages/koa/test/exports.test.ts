import * as door from "@cloudbase-auth/koa";
import { expect, test } from "vitest";

test("what the package exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
    [
      "AuthError",
      "all",
      "any",
      "cloudbaseAuth",
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
