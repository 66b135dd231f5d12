import { createHash } from "node:crypto";
import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { grantAnonymous } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";

/**
 * POST /auth/v1/signin/anonymously (docs.cloudbase.net http-api/auth/auth-sign-in-anonymously): one anonymous user per
 * x-device-id, the same for the same id, until a person has taken it over. The official SDK may send a
 * `provider_token`, of which nothing is known: it is not looked at.
 *
 * @throws ApiError invalid_argument without x-device-id, unimplemented when anonymous sign-in is off
 */
export async function signInAnonymously(
  environment: Environment,
  { client, deviceId }: ClientCall,
): Promise<TokenResponse> {
  const { settings, sessions } = environment;
  if (!settings.loginMethods.anonymous) {
    throw new ApiError("unimplemented", "contact the administrator to enable anonymous login");
  }
  if (deviceId === undefined) throw new ApiError("invalid_argument", "x-device-id is required");
  const sub = freeSubject(environment, deviceId);
  if (!settings.anonymousRefreshToken) return grantAnonymous(environment, sub, client.id);
  const opened = sessions.open({ sub, clientId: client.id, providerType: "anonymous", deviceId });
  return grantAnonymous(environment, sub, client.id, opened);
}

/** A device whose anonymous user became a person, even one that was deleted, begins as somebody else. */
function freeSubject({ envId, users }: Environment, deviceId: string): string {
  for (let generation = 0; ; generation += 1) {
    const sub = anonymousSubject(envId, deviceId, generation);
    if (!users.bySub(sub) && !users.isRemoved(sub)) return sub;
  }
}

/** 22 base64url characters. */
function anonymousSubject(envId: string, deviceId: string, generation: number): string {
  const source = [envId, deviceId, ...(generation === 0 ? [] : [String(generation)])].join("\n");
  return createHash("sha256").update(source).digest().subarray(0, 16).toString("base64url");
}
