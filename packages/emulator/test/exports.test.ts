import * as door from "@cloudbase-auth/emulator";
import { expect, test } from "vitest";

test("what @cloudbase-auth/emulator exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
    [
      "createEmulator",
      "createMemoryEmulator",
      "endpointNames",
      "forgeryKinds",
    ]
  `);
});
