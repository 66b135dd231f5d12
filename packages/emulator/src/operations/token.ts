import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { requireText } from "./fields.ts";
import { grantClientCredential } from "./client-credential.ts";
import { grantAnonymous, grantMadeUp, grantUser } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";
import { signInByPassword } from "./signin.ts";

/**
 * POST /auth/v1/token (docs.cloudbase.net http-api/auth/auth-grant-token): the grants `refresh_token` and `password`;
 * and `client_credentials` in its older form, which now has a path of its own.
 *
 * @throws ApiError invalid_grant for a refresh token that is wrong, spent or expired, unsupported_grant_type,
 *   and everything that a sign-in with a password throws
 */
export async function grantToken(environment: Environment, call: ClientCall): Promise<object> {
  const { body, client } = call;
  switch (requireText(body, "grant_type")) {
    case "refresh_token":
      return refresh(environment, requireText(body, "refresh_token"));
    case "password":
      return signInByPassword(environment, call, client.id);
    case "client_credentials":
      return grantClientCredential(environment, call);
    default:
      throw new ApiError("unsupported_grant_type", "grant_type must be refresh_token, password or client_credentials");
  }
}

/** Any client of the environment may refresh; the new token's `aud` stays the client that signed in. */
async function refresh(environment: Environment, refreshToken: string): Promise<TokenResponse> {
  const opened = environment.sessions.rotate(refreshToken);
  const user = opened && environment.users.bySub(opened.session.sub);
  if (opened?.session.providerType === "anonymous" && !user && !environment.users.isRemoved(opened.session.sub)) {
    return grantAnonymous(environment, opened.session.sub, opened.session.clientId, opened);
  }
  if (opened?.session.madeUp && !user && !environment.users.isRemoved(opened.session.sub)) {
    return grantMadeUp(environment, opened);
  }
  if (!user) throw new ApiError("invalid_grant", "refresh token is wrong, used or expired, sign in again");
  return grantUser(environment, user, opened);
}
