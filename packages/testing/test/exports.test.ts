import * as door from "@cloudbase-auth/testing";
import { expect, test } from "vitest";

test("what the package exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
    [
      "assertForbidden",
      "assertUnauthorized",
      "assertUnavailable",
      "badTokens",
      "createTestAuth",
      "matchers",
    ]
  `);
});
