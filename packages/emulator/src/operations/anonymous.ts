import { createHash } from "node:crypto";
import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { grantAnonymous } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";

/**
 * POST /auth/v1/signin/anonymously (docs.cloudbase.net http-api/auth/auth-sign-in-anonymously): one anonymous user per
 * x-device-id, the same for the same id, and never a refresh token.
 *
 * @throws ApiError invalid_argument without x-device-id
 */
export async function signInAnonymously(
  environment: Environment,
  { client, deviceId }: ClientCall,
): Promise<TokenResponse> {
  if (deviceId === undefined) throw new ApiError("invalid_argument", "x-device-id is required");
  return grantAnonymous(environment, anonymousSubject(environment.envId, deviceId), client.id);
}

/** 22 base64url characters. */
function anonymousSubject(envId: string, deviceId: string): string {
  return createHash("sha256").update(`${envId}\n${deviceId}`).digest().subarray(0, 16).toString("base64url");
}
