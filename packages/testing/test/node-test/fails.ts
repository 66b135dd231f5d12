import { test } from "node:test";
import { assertForbidden } from "@cloudbase-auth/testing";

// What fails has to fail: run by node-test.test.ts.
test("fails", () => assertForbidden({ status: 200, headers: {}, text: "" }, { code: "forbidden" }));
