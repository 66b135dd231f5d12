import * as door from "@cloudbase-auth/sessions";
import { expect, test } from "vitest";

test("what the package exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
    [
      "SessionTooLargeError",
      "createMemoryAttemptLimiter",
      "createMemorySessionStore",
      "createSessions",
    ]
  `);
});
