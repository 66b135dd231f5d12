import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { examineAccessToken } from "./access-token.ts";
import { readText } from "./fields.ts";
import type { ClientCall, UserCall } from "./operation.ts";

/**
 * POST /auth/v1/revoke (docs.cloudbase.net http-api/auth/auth-revoke): body `token`, with or without Basic, else the
 * Bearer. An access token is marked revoked and its refresh token lives on, because only sign-out is documented to
 * remove it. A refresh token ends its session with all access tokens (RFC 7009 §2.1). A token that is not valid is
 * nothing to revoke, and answers 200 too (RFC 7009 §2.2).
 *
 * @throws ApiError invalid_argument without any token
 */
export async function revoke(environment: Environment, { body, credentials }: ClientCall): Promise<object> {
  const text = readText(body, "token") ?? (credentials.scheme === "bearer" ? credentials.token : undefined);
  if (text === undefined) throw new ApiError("invalid_argument", "token is required");
  const session = environment.sessions.ofRefreshToken(text);
  if (session) environment.sessions.revoke(session);
  const examined = await examineAccessToken(environment, text);
  if (examined.state === "valid") environment.revokedTokens.add(examined.token.fingerprint);
  return {};
}

/**
 * POST /auth/v1/user/signout (docs.cloudbase.net http-api/auth/auth-sign-out): removes the refresh token that belongs
 * to the access token and invalidates the access tokens of the session. A `redirect_uri` comes back with `state`.
 *
 * @throws ApiError invalid_argument for a redirect_uri that is no URL
 */
export function signOut(environment: Environment, { body, query, caller }: UserCall): object {
  const target = readText(body, "redirect_uri") ?? readText(query, "redirect_uri");
  const state = readText(body, "state") ?? readText(query, "state");
  const redirect = target === undefined ? {} : { redirect_uri: withState(target, state) };

  const session = caller.atHash === undefined ? undefined : environment.sessions.ofAccessToken(caller.atHash);
  if (session) environment.sessions.revoke(session);
  environment.revokedTokens.add(caller.fingerprint);
  return redirect;
}

function withState(target: string, state: string | undefined): string {
  if (!URL.canParse(target)) throw new ApiError("invalid_argument", "redirect_uri must be a full URL");
  if (state === undefined) return target;
  const url = new URL(target);
  url.searchParams.set("state", state);
  return url.href;
}
