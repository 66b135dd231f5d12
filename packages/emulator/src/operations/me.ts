import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import type { User } from "../state/users.ts";
import type { AccessToken } from "./access-token.ts";
import { readText } from "./fields.ts";
import type { UserCall } from "./operation.ts";
import { checkSudoToken } from "./sudo.ts";

/** GET /auth/v1/user/me (docs.cloudbase.net http-api/auth/user-me). Members without a value are left out. */
export function readMe({ users }: Environment, { caller }: UserCall): object {
  const user = users.bySub(caller.sub);
  return user ? registeredProfile(user) : unregisteredProfile(caller);
}

/**
 * DELETE /auth/v1/user/me (docs.cloudbase.net http-api/auth/user-delete-me): the user, its sessions and its tokens are
 * gone. The documentation wants `?sudo_token=`; without one it works too, since an official skill calls it that way.
 *
 * @throws ApiError permission_denied for a sudo_token that is not good
 */
export function deleteMe(environment: Environment, { caller, query, body }: UserCall): object {
  const sudoToken = readText(query, "sudo_token") ?? readText(body, "sudo_token");
  if (sudoToken !== undefined) checkSudoToken(environment, caller.sub, sudoToken);
  if (!environment.users.bySub(caller.sub)) throw new ApiError("not_found", "this user has no account");
  environment.sessions.endRefreshTokens(caller.sub);
  environment.users.remove(caller.sub);
  return {};
}

function registeredProfile(user: User): object {
  return {
    sub: user.sub,
    user_id: user.sub,
    name: user.name,
    picture: user.picture,
    username: user.username,
    email: user.email,
    phone_number: user.phoneNumber,
    gender: user.gender,
    locale: user.locale,
    birthdate: user.birthdate,
    zoneinfo: user.zoneinfo,
    providers: (user.identities ?? []).map(({ providerId, providerUserId, name, picture }) => ({
      id: providerId,
      provider_user_id: providerUserId,
      name,
      picture,
    })),
    status: user.status ?? "ACTIVE",
    groups: user.groups.map((id) => ({ id })),
    meta: {},
    created_at: isoTime(user.createdAt),
    updated_at: isoTime(user.updatedAt),
    password_updated_at: isoTime(user.passwordUpdatedAt),
    last_login: isoTime(user.lastLoginAt),
    has_password: user.password !== undefined,
    internal_user_type: "generalUser",
    type: "external",
    user_source: 1,
    user_desc: user.description,
  };
}

/** Anonymous users, and those that `issueToken` made up, have no record: their token is all there is to know. */
function unregisteredProfile({ sub, claims }: AccessToken): object {
  const { name, groups } = claims;
  return {
    sub,
    user_id: sub,
    name,
    providers: [],
    status: "ACTIVE",
    groups: Array.isArray(groups) ? groups.map((id: unknown) => ({ id })) : [],
    meta: {},
    has_password: false,
    type: "external",
  };
}

const isoTime = (epochMs: number | undefined): string | undefined =>
  epochMs === undefined ? undefined : new Date(epochMs).toISOString();
