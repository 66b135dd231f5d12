import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import type { OpenedSession, Session } from "../state/sessions.ts";
import type { User } from "../state/users.ts";
import { accessTokenClaims } from "./access-token.ts";
import type { Call } from "./operation.ts";

/** The answer to every sign-in, sign-up and refresh: docs.cloudbase.net http-api/auth/auth-sign-in. */
export interface TokenResponse {
  readonly token_type: "Bearer";
  readonly access_token: string;
  /** Missing for anonymous users, unless they are set to have one. */
  readonly refresh_token?: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly sub: string;
  readonly groups: readonly string[];
}

/** How somebody has just shown who they are. */
export type SignInWay = Pick<Session, "clientId" | "providerType" | "providerSub">;

/**
 * Opens a session for a user who has just signed in.
 *
 * @throws ApiError user_blocked, user_pending
 */
export async function signInUser(
  environment: Environment,
  user: User,
  call: Call,
  way: SignInWay,
): Promise<TokenResponse> {
  requireActive(user);
  const { deviceId, ip, userAgent } = call;
  const { clientId, providerType: from } = way;
  environment.users.noteLogin(user.sub);
  environment.history.note({ sub: user.sub, action: "USER_LOGIN", from, ip, userAgent, clientId, deviceId });
  return grantUser(environment, user, environment.sessions.open({ sub: user.sub, ...way, deviceId }));
}

/**
 * Tokens for a session that was just opened or refreshed.
 *
 * @throws ApiError user_blocked, user_pending
 */
export async function grantUser(
  environment: Environment,
  user: User,
  { session, refreshToken, atHash }: OpenedSession,
): Promise<TokenResponse> {
  requireActive(user);
  const scope = "user sso";
  const further = userClaims(user, session);
  const claims = accessTokenClaims(environment, { sub: user.sub, clientId: session.clientId, scope, atHash, further });
  return {
    token_type: "Bearer",
    access_token: await environment.keys.sign(claims),
    refresh_token: refreshToken,
    expires_in: environment.settings.accessTokenSeconds,
    scope,
    sub: user.sub,
    groups: user.groups,
  };
}

/** Tokens for a device without an account; without a session there is no refresh token. */
export async function grantAnonymous(
  environment: Environment,
  sub: string,
  clientId: string,
  opened?: OpenedSession,
): Promise<TokenResponse> {
  const scope = "anonymous";
  const atHash = opened?.atHash ?? environment.random.base64url(16);
  const further = { name: "Anonymous", nonce: environment.random.uuid() };
  const claims = accessTokenClaims(environment, { sub, clientId, scope, atHash, further });
  return {
    token_type: "Bearer",
    access_token: await environment.keys.sign(claims),
    ...(opened && { refresh_token: opened.refreshToken }),
    expires_in: environment.settings.accessTokenSeconds,
    scope,
    sub,
    groups: [],
  };
}

/** Tokens for the session of a user that was made up: all of them have its claims. */
export async function grantMadeUp(
  environment: Environment,
  { session, refreshToken, atHash }: OpenedSession,
): Promise<TokenResponse> {
  const { sub, clientId, madeUp } = session;
  const claims = { aud: clientId, at_hash: atHash, ...madeUp };
  return {
    token_type: "Bearer",
    access_token: await issueMadeUpToken(environment, sub, claims),
    refresh_token: refreshToken,
    expires_in: environment.settings.accessTokenSeconds,
    scope: typeof madeUp?.["scope"] === "string" ? madeUp["scope"] : "user sso",
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

/** Names of the official SDK's claim type; `provider_sub` is documented for WeChat. What has no value is left out. */
function userClaims(user: User, { providerType, providerSub }: Session): Record<string, unknown> {
  return {
    provider: providerSub === undefined ? undefined : providerType,
    provider_type: providerType,
    provider_sub: providerSub,
    name: user.name,
    picture: user.picture,
    email: user.email,
    phone_number: user.phoneNumber,
    groups: user.groups.length > 0 ? user.groups : undefined,
  };
}

function requireActive({ status = "ACTIVE" }: User): void {
  if (status === "BLOCKED") throw new ApiError("user_blocked", "this account is disabled");
  if (status === "PENDING") throw new ApiError("user_pending", "this account is not activated");
}
