import * as door from "@cloudbase-auth/core";
import * as adapter from "@cloudbase-auth/core/adapter";
import * as opentelemetry from "@cloudbase-auth/core/opentelemetry";
import { expect, test } from "vitest";

test("what @cloudbase-auth/core exports", () => {
  expect(Object.keys(door).toSorted()).toMatchInlineSnapshot(`
    [
      "AuthApiError",
      "AuthError",
      "all",
      "any",
      "createAuthClient",
      "createCloudbaseAuth",
      "createMemoryRefreshCoordinator",
      "createMemoryRevocationStore",
      "currentAuth",
      "currentUser",
      "explain",
      "fromCloudbaseContext",
      "fromCookie",
      "fromForm",
      "fromHeader",
      "fromQuery",
      "isAuthError",
      "logSerializers",
      "not",
      "redact",
      "refuseUpgrade",
    ]
  `);
});

test("what @cloudbase-auth/core/adapter exports", () => {
  expect(Object.keys(adapter).toSorted()).toMatchInlineSnapshot(`
    [
      "assertDeclared",
      "assertInPlace",
      "attach",
      "checkRequirement",
      "coversPath",
      "createRetryQueue",
      "decide",
      "declareGuard",
      "declareHandler",
      "describeRoute",
      "dropConditions",
      "formatProblem",
      "formatProblemAnswer",
      "formatRoutes",
      "isIdentified",
      "joinPaths",
      "maxSessionBodyBytes",
      "mergeHeaders",
      "openAdapter",
      "parseCookies",
      "parseStrictObject",
      "passOn",
      "policiesInFront",
      "policyOf",
      "readSessionBody",
      "refusalOf",
      "requestWithBody",
      "responseHeadersOf",
      "runAsCaller",
      "userOf",
    ]
  `);
});

test("what @cloudbase-auth/core/opentelemetry exports", () => {
  expect(Object.keys(opentelemetry).toSorted()).toMatchInlineSnapshot(`
    [
      "instrument",
    ]
  `);
});
