import * as door from "@cloudbase-auth/fastify";
import { expect, test } from "vitest";

test("what the package exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
    [
      "AuthError",
      "cloudbaseAuth",
      "default",
      "isAuthError",
      "optionalUser",
      "problemDetails",
      "requireUser",
    ]
  `);
});
