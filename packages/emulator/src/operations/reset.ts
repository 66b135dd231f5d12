import { ApiError } from "../errors.ts";
import { sameAddress } from "../state/address.ts";
import type { Environment } from "../state/environment.ts";
import { hashPassword } from "../state/passwords.ts";
import { noteChange } from "./account.ts";
import { readText, requireText } from "./fields.ts";
import type { ClientCall } from "./operation.ts";
import { requireStrongPassword } from "./password-check.ts";
import { proveAddress, requireAddress } from "./verification.ts";

/**
 * POST /auth/v1/reset (docs.cloudbase.net http-api/auth/auth-reset-password): a new password for whoever reads the
 * phone or the mailbox. A lock is over by that, and every session loses its refresh token.
 *
 * @throws ApiError invalid_argument, invalid_phone_number, invalid_verification_code, weak_password, not_found
 */
export async function resetPassword(environment: Environment, call: ClientCall): Promise<object> {
  const { body, client } = call;
  const address = requireAddress(body);
  const newPassword = requireText(body, "new_password");
  const ticket = readText(body, "verification_token");
  if (ticket === undefined) throw new ApiError("invalid_argument", "verification required");
  requireStrongPassword(newPassword);
  const hashed = await hashPassword(newPassword);

  if (!sameAddress(proveAddress(environment, ticket).address, address)) {
    throw new ApiError("invalid_argument", "phone or email does not match validation code");
  }
  const user = environment.users.find(address.value);
  if (!user) throw new ApiError("not_found", "user does not exist");
  environment.verificationTokens.spend(ticket);
  environment.users.setPassword(user.sub, hashed);
  environment.passwordAttempts.clear(user.sub);
  environment.sessions.endRefreshTokens(user.sub);
  noteChange(environment, user.sub, client.id, call, "password");
  return {};
}
