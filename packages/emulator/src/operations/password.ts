import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { hashPassword } from "../state/passwords.ts";
import { readText, requireText } from "./fields.ts";
import type { UserCall } from "./operation.ts";
import { checkPassword } from "./signin.ts";
import { checkSudoToken } from "./sudo.ts";

/**
 * PATCH /auth/v1/user/password, in two forms. Documented (docs.cloudbase.net http-api/auth/user-update-password):
 * `sudo_token` in query or body and a strong `new_password`; `old_password` and `confirm_password` are checked when
 * given. Without a sudo_token: `old_password` and any `new_password`, as an official skill calls it.
 * The other sessions of the user lose their refresh tokens.
 *
 * @throws ApiError permission_denied, invalid_password, password_not_set, weak_password, invalid_argument
 */
export async function changePassword(environment: Environment, { body, query, caller }: UserCall): Promise<object> {
  const newPassword = requireText(body, "new_password");
  const oldPassword = readText(body, "old_password");
  const confirmed = readText(body, "confirm_password");
  const sudoToken = readText(query, "sudo_token") ?? readText(body, "sudo_token");
  const user = environment.users.bySub(caller.sub);
  if (!user) throw new ApiError("permission_denied", "this user has no account, and so no password");
  if (sudoToken !== undefined) checkSudoToken(environment, user.sub, sudoToken);
  else if (oldPassword === undefined) throw new ApiError("permission_denied", "sudo_token is required");
  if (confirmed !== undefined && confirmed !== newPassword) {
    throw new ApiError("invalid_argument", "confirm_password differs from new_password");
  }
  if (oldPassword !== undefined) await checkPassword(user, oldPassword);
  if (sudoToken !== undefined && !isStrong(newPassword)) {
    throw new ApiError(
      "weak_password",
      "password must have 8 to 64 characters, with upper case, lower case, a digit and a special character",
    );
  }

  const hashed = await hashPassword(newPassword);
  environment.users.setPassword(user.sub, hashed);
  const current = caller.atHash === undefined ? undefined : environment.sessions.ofAccessToken(caller.atHash);
  environment.sessions.endRefreshTokens(user.sub, current);
  return {};
}

const isStrong = (password: string): boolean =>
  password.length >= 8 &&
  password.length <= 64 &&
  [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/].every((kind) => kind.test(password));
