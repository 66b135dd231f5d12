import { afterAll, beforeAll, expect } from "vitest";
import { createCloudbaseAuth } from "../../src/index.ts";
import type { AuthError, AuthErrorReason, AuthResult, CloudbaseAuth, CloudbaseAuthOptions } from "../../src/index.ts";
import { errorCatalogue } from "../../src/words/error-catalogue.ts";
import { startKeyServer } from "./key-server.ts";
import type { KeyServer } from "./key-server.ts";
import { envId, nowSeconds, publishedKey } from "./tokens.ts";

/** An instance with a frozen clock against a key server of its own, for the tests of one file. */
export interface Harness {
  auth: CloudbaseAuth;
  keys: KeyServer;
  authenticate(token: string): Promise<AuthResult>;
  headers(authorization: string): Promise<AuthResult>;
}

export function useHarness(
  options: Partial<CloudbaseAuthOptions> = {},
  published: readonly object[] = [publishedKey],
): Harness {
  const harness = {
    authenticate: (token: string) => harness.headers(`Bearer ${token}`),
    async headers(authorization: string) {
      return harness.auth.authenticate({ headers: { authorization } });
    },
  } as Harness;
  beforeAll(async () => {
    harness.keys = await startKeyServer(published);
    const base: CloudbaseAuthOptions = {
      envId,
      endpoint: harness.keys.endpoint,
      now: () => nowSeconds * 1_000,
      onWarning: () => undefined,
    };
    harness.auth = createCloudbaseAuth({ ...base, ...options } as CloudbaseAuthOptions);
    await harness.auth.ready();
    harness.keys.hits = 0;
  });
  afterAll(async () => {
    await harness.auth.close();
    await harness.keys.close();
  });
  return harness;
}

function errorOf(result: AuthResult): AuthError {
  if (result.auth.state !== "rejected" && result.auth.state !== "unavailable")
    throw new Error(`state is ${result.auth.state}`);
  expect(result.user).toBeUndefined();
  for (const part of [result, result.auth, result.auth.error.headers]) expect(Object.isFrozen(part)).toBe(true);
  return result.auth.error;
}

/** Asserts the refusal of a bad token whole: state, code, reason, status, public text and challenge. */
export function expectInvalidToken(result: AuthResult, reason: AuthErrorReason): void {
  expect(result.auth.state).toBe("rejected");
  const { detail } = errorCatalogue.invalid_token;
  expect(errorOf(result)).toMatchObject({
    code: "invalid_token",
    reason,
    status: 401,
    statusCode: 401,
    expose: true,
    message: detail,
    headers: { "WWW-Authenticate": `Bearer realm="cloudbase", error="invalid_token", error_description="${detail}"` },
  });
}

export function expectInvalidRequest(result: AuthResult, reason: AuthErrorReason): void {
  expect(result.auth.state).toBe("rejected");
  const { detail } = errorCatalogue.invalid_request;
  expect(errorOf(result)).toMatchObject({
    code: "invalid_request",
    reason,
    status: 400,
    message: detail,
    headers: { "WWW-Authenticate": `Bearer realm="cloudbase", error="invalid_request", error_description="${detail}"` },
  });
}

export function expectUnavailable(result: AuthResult, reason: AuthErrorReason = "key_set"): void {
  expect(result.auth.state).toBe("unavailable");
  const error = errorOf(result);
  expect(error).toMatchObject({ code: "service_unavailable", reason, status: 503 });
  expect(Object.keys(error.headers)).toEqual(["Retry-After"]);
  expect(Number(error.headers["Retry-After"])).toBeGreaterThanOrEqual(1);
  expect(Number(error.headers["Retry-After"])).toBeLessThanOrEqual(60);
}
