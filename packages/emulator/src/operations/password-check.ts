import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { matchesPassword } from "../state/passwords.ts";
import type { User } from "../state/users.ts";
import { requireCaptcha } from "./captcha.ts";
import type { Call } from "./operation.ts";

/**
 * Whether this is the user's password, wherever one is asked for. Wrong ones are counted: after some of them a captcha
 * is due, after more the account is locked for a while.
 *
 * @throws ApiError password_not_set, invalid_password (with limit_remaining), captcha_required, captcha_invalid,
 *   invalid_status (locked, with retry_delay)
 */
export async function checkPassword(environment: Environment, user: User, password: string, call: Call): Promise<void> {
  const { passwordAttempts } = environment;
  if (!user.password) throw new ApiError("password_not_set", "this account has no password");
  refuseLocked(environment, user);
  if (passwordAttempts.needsCaptcha(user.sub)) requireCaptcha(environment, call);
  const matches = await matchesPassword(password, user.password);
  // Attempts at the same time do not get around the limit.
  refuseLocked(environment, user);
  if (matches) {
    passwordAttempts.clear(user.sub);
    return;
  }
  const left = passwordAttempts.failed(user.sub);
  if (left === undefined) throw new ApiError("invalid_password", "password is wrong");
  throw ApiError.detailed("invalid_password", "password is wrong", { limit_remaining: left });
}

function refuseLocked({ passwordAttempts }: Environment, { sub }: User): void {
  const seconds = passwordAttempts.lockedSeconds(sub);
  if (seconds === 0) return;
  const details = { retry_delay: `${String(seconds)}s` };
  throw ApiError.detailed("invalid_status", "too many wrong passwords, this account is locked", details);
}

/** @throws ApiError weak_password; the rule of docs.cloudbase.net http-api/auth/user-update-password */
export function requireStrongPassword(password: string): void {
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/];
  if (password.length >= 8 && password.length <= 64 && kinds.every((kind) => kind.test(password))) return;
  throw new ApiError(
    "weak_password",
    "password must have 8 to 64 characters, with upper case, lower case, a digit and a special character",
  );
}
