import type { AuthErrorReason } from "@cloudbase-auth/core";
import { badTokens, createTestAuth } from "@cloudbase-auth/testing";
import type { BadToken } from "@cloudbase-auth/testing";
import { describe, expect, test } from "vitest";
import { authenticate, refusalOf } from "./support/server.ts";

const testAuth = await createTestAuth();

describe("bad tokens", () => {
  const reasons: Readonly<Record<BadToken, AuthErrorReason>> = {
    expired: "expired",
    "not-yet-valid": "not_yet_valid",
    forged: "signature",
    "wrong-key": "signature",
    "unknown-key": "unknown_key",
    unsigned: "malformed",
    "wrong-issuer": "issuer",
    "wrong-audience": "audience",
    "api-key": "type",
    "refresh-token": "malformed",
    foreign: "issuer",
    malformed: "malformed",
  };

  test("are all of these", () => {
    expect(badTokens).toEqual(Object.keys(reasons));
  });

  test.for(badTokens)("%s is 401 invalid_token", async (name) => {
    const refusal = refusalOf(await authenticate(await testAuth.headersWith(name, { id: "ann" }), testAuth));
    expect(refusal).toEqual(["rejected", 401, "invalid_token", reasons[name]]);
  });

  test("a foreign one is good where it is from", async () => {
    const token = await testAuth.issueBadToken("foreign", { id: "ann" });
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    expect(claims).toMatchObject({
      sub: "ann",
      aud: "another-environment",
      iss: "https://another-environment.emulator.invalid",
    });
  });

  test("there is no other", async () => {
    const name: string = "stale";
    await expect(testAuth.headersWith(name as BadToken)).rejects.toThrow(
      /^there is no bad token "stale"; there are expired, .*, foreign, malformed$/,
    );
  });
});
