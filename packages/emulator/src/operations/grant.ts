import type { Environment } from "../state/environment.ts";
import type { OpenedSession, ProviderType } from "../state/sessions.ts";
import type { User } from "../state/users.ts";
import { accessLifetimeSeconds, accessTokenClaims } from "./access-token.ts";

/** The answer to every sign-in, sign-up and refresh: docs.cloudbase.net http-api/auth/auth-sign-in. */
export interface TokenResponse {
  readonly token_type: "Bearer";
  readonly access_token: string;
  /** Missing for anonymous users. */
  readonly refresh_token?: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly sub: string;
  readonly groups: readonly string[];
}

/** Opens a session for a user who has just signed in. */
export async function signInUser(
  environment: Environment,
  user: User,
  clientId: string,
  providerType: ProviderType,
): Promise<TokenResponse> {
  environment.users.noteLogin(user.sub);
  return grantUser(environment, user, environment.sessions.open({ sub: user.sub, clientId, providerType }));
}

/** Tokens for a session that was just opened or refreshed. */
export async function grantUser(
  environment: Environment,
  user: User,
  { session, refreshToken, atHash }: OpenedSession,
): Promise<TokenResponse> {
  const scope = "user sso";
  const further = userClaims(user, session.providerType);
  const claims = accessTokenClaims(environment, { sub: user.sub, clientId: session.clientId, scope, atHash, further });
  return {
    token_type: "Bearer",
    access_token: await environment.keys.sign(claims),
    refresh_token: refreshToken,
    expires_in: accessLifetimeSeconds,
    scope,
    sub: user.sub,
    groups: user.groups,
  };
}

/** Tokens for a device without an account; it has no session, and so no refresh token. */
export async function grantAnonymous(environment: Environment, sub: string, clientId: string): Promise<TokenResponse> {
  const scope = "anonymous";
  const atHash = environment.random.base64url(16);
  const further = { name: "Anonymous", nonce: environment.random.uuid() };
  const claims = accessTokenClaims(environment, { sub, clientId, scope, atHash, further });
  return {
    token_type: "Bearer",
    access_token: await environment.keys.sign(claims),
    expires_in: accessLifetimeSeconds,
    scope,
    sub,
    groups: [],
  };
}

/** An access token for a user that is made up on the spot, with `claims` laid over the usual ones. */
export async function issueMadeUpToken(
  environment: Environment,
  sub: string,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const usual = accessTokenClaims(environment, {
    sub,
    clientId: environment.envId,
    scope: "user sso",
    atHash: `r.${environment.random.base64url(16)}`,
    further: { provider_type: "username" },
  });
  return environment.keys.sign({ ...usual, ...claims });
}

function userClaims(user: User, providerType: ProviderType): Record<string, unknown> {
  return {
    provider_type: providerType,
    name: user.name,
    picture: user.picture,
    email: user.email,
    phone_number: user.phoneNumber,
    groups: user.groups.length > 0 ? user.groups : undefined,
  };
}
