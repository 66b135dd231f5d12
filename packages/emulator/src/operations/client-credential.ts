import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { accessTokenClaims } from "./access-token.ts";
import { isKnownClient } from "./client.ts";
import { readText, requireText } from "./fields.ts";
import type { Call } from "./operation.ts";

/** docs.cloudbase.net http-api/auth/auth-client-credential: `expires_in` 432000, five days. */
const lifetimeSeconds = 5 * 24 * 3600;

/**
 * POST /auth/v1/token/clientCredential (http-api/auth/auth-client-credential): an administrator's token for Basic
 * SecretId:SecretKey and `grant_type` client_credentials; no refresh token. Its claims are not documented: `sub` is the
 * SecretId, `scope` "client_credentials"; `is_system_admin` and `client_type` are names of the official SDK.
 *
 * @throws ApiError unsupported_grant_type, unauthenticated without Basic, invalid_client, unauthorized_client,
 *   unimplemented for a TC3-HMAC-SHA256 signature
 */
export async function grantClientCredential(environment: Environment, call: Call): Promise<object> {
  const { body, query } = call;
  if (requireText(body, "grant_type") !== "client_credentials") {
    throw new ApiError("unsupported_grant_type", "grant_type must be client_credentials");
  }
  const secretId = requireApiKey(environment, call);
  const clientId = readText(query, "client_id") ?? environment.envId;
  if (!isKnownClient(environment, clientId)) throw new ApiError("invalid_client", "client does not exist");
  const claims = accessTokenClaims(environment, {
    sub: secretId,
    clientId,
    scope: "client_credentials",
    atHash: environment.random.base64url(16),
    lifetimeSeconds,
    further: { client_type: "client_server", is_system_admin: true },
  });
  return { token_type: "Bearer", access_token: await environment.keys.sign(claims), expires_in: lifetimeSeconds };
}

function requireApiKey({ apiKey }: Environment, { credentials }: Call): string {
  if (credentials.scheme === "unreadable") {
    throw new ApiError("unimplemented", "this emulator checks no TC3-HMAC-SHA256: send Basic SecretId:SecretKey");
  }
  if (credentials.scheme !== "basic") throw new ApiError("unauthenticated", "Basic SecretId:SecretKey is required");
  const { id, secret } = credentials;
  if (apiKey && !same(id, apiKey.id)) throw new ApiError("invalid_client", "SecretId does not exist");
  if (apiKey && !same(secret, apiKey.secret)) throw new ApiError("unauthorized_client", "SecretKey is wrong");
  return id;
}

const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
