import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import type { User } from "../state/users.ts";
import { examineAccessToken } from "./access-token.ts";
import type { AccessToken } from "./access-token.ts";
import type { Call } from "./operation.ts";

/** @throws ApiError permission_denied for anonymous users, and for those that `issueToken` made up */
export function requireAccount({ users }: Environment, { sub }: AccessToken): User {
  const user = users.bySub(sub);
  if (!user) throw new ApiError("permission_denied", "this user has no account");
  return user;
}

/**
 * The account that a login is bound to. An anonymous user becomes a person by that, and keeps the `sub`.
 *
 * @throws ApiError permission_denied
 */
export function accountToBind(environment: Environment, caller: AccessToken): User {
  const { users } = environment;
  if (caller.scope !== "anonymous" || users.bySub(caller.sub)) return requireAccount(environment, caller);
  return users.add({}, caller.sub);
}

/**
 * The `sub` of an anonymous user who signs up with an access token as `anonymous_token`.
 *
 * @throws ApiError invalid_grant, failed_precondition when a person has it already
 */
export async function anonymousSubjectOf(environment: Environment, anonymousToken: string): Promise<string> {
  const examined = await examineAccessToken(environment, anonymousToken);
  if (examined.state !== "valid" || examined.token.scope !== "anonymous") {
    throw new ApiError("invalid_grant", "anonymous_token is no valid access token of an anonymous user");
  }
  const { sub } = examined.token;
  if (environment.users.bySub(sub)) throw new ApiError("failed_precondition", "this user is already registered");
  return sub;
}

/** Whoever has nothing to show again needs no sudo_token (official SDK documentation, setting a first password). */
export const canSudo = ({ password, email, phoneNumber }: User): boolean =>
  password !== undefined || email !== undefined || phoneNumber !== undefined;

/** A token of client credentials; the claim is named in the official SDK's claim type. */
export const isAdministrator = ({ claims }: AccessToken): boolean => claims["is_system_admin"] === true;

/** Notes in the history that a way to sign in was changed. */
export function noteChange(environment: Environment, sub: string, clientId: string, call: Call, from: string): void {
  const { ip, userAgent, deviceId } = call;
  environment.history.note({ sub, action: "USER_MODIFY", from, ip, userAgent, clientId, deviceId });
}
