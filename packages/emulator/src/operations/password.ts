import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { hashPassword } from "../state/passwords.ts";
import { canSudo, noteChange } from "./account.ts";
import { readText, requireText } from "./fields.ts";
import type { UserCall } from "./operation.ts";
import { checkPassword, requireStrongPassword } from "./password-check.ts";
import { checkSudoToken } from "./sudo.ts";

/**
 * PATCH /auth/v1/user/password, in two forms. Documented (docs.cloudbase.net http-api/auth/user-update-password):
 * `sudo_token` in query or body and a strong `new_password`; `old_password` and `confirm_password` are checked when
 * given. Without a sudo_token: `old_password` and any `new_password`, as an official skill calls it.
 * Whoever has no password, phone number and e-mail address yet needs neither. The other sessions of the user lose their refresh tokens.
 *
 * @throws ApiError permission_denied, invalid_password, password_not_set, weak_password, invalid_argument
 */
export async function changePassword(environment: Environment, call: UserCall): Promise<object> {
  const { body, query, caller } = call;
  const newPassword = requireText(body, "new_password");
  const oldPassword = readText(body, "old_password");
  const confirmed = readText(body, "confirm_password");
  const sudoToken = readText(query, "sudo_token") ?? readText(body, "sudo_token");
  const user = environment.users.bySub(caller.sub);
  if (!user) throw new ApiError("permission_denied", "this user has no account, and so no password");
  if (sudoToken !== undefined) checkSudoToken(environment, user.sub, sudoToken);
  else if (oldPassword === undefined && canSudo(user))
    throw new ApiError("permission_denied", "sudo_token is required");
  if (confirmed !== undefined && confirmed !== newPassword) {
    throw new ApiError("invalid_argument", "confirm_password differs from new_password");
  }
  if (oldPassword !== undefined) await checkPassword(environment, user, oldPassword, call);
  if (oldPassword === undefined || sudoToken !== undefined) requireStrongPassword(newPassword);

  const hashed = await hashPassword(newPassword);
  environment.users.setPassword(user.sub, hashed);
  const current = caller.atHash === undefined ? undefined : environment.sessions.ofAccessToken(caller.atHash);
  environment.sessions.endRefreshTokens(user.sub, current);
  environment.passwordAttempts.clear(user.sub);
  noteChange(environment, user.sub, caller.clientId, call, "password");
  return {};
}
