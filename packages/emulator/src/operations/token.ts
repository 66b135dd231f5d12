import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { requireText } from "./fields.ts";
import { grantUser } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";
import { signInByPassword } from "./signin.ts";

/**
 * POST /auth/v1/token (docs.cloudbase.net http-api/auth/auth-grant-token): the grants `refresh_token` and `password`.
 *
 * @throws ApiError invalid_grant for a refresh token that is wrong, spent or expired, unsupported_grant_type,
 *   and everything that a sign-in with a password throws
 */
export async function grantToken(environment: Environment, { body, client }: ClientCall): Promise<TokenResponse> {
  switch (requireText(body, "grant_type")) {
    case "refresh_token":
      return refresh(environment, requireText(body, "refresh_token"));
    case "password":
      return signInByPassword(environment, body, client.id);
    default:
      throw new ApiError("unsupported_grant_type", "grant_type must be refresh_token or password");
  }
}

/** Any client of the environment may refresh; the new token's `aud` stays the client that signed in. */
async function refresh(environment: Environment, refreshToken: string): Promise<TokenResponse> {
  const opened = environment.sessions.rotate(refreshToken);
  const user = opened && environment.users.bySub(opened.session.sub);
  if (!user) throw new ApiError("invalid_grant", "refresh token is wrong, used or expired, sign in again");
  return grantUser(environment, user, opened);
}
