import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { readText } from "./fields.ts";
import type { UserCall } from "./operation.ts";
import { checkPassword } from "./password-check.ts";
import { proveAddress } from "./verification.ts";

/**
 * POST /auth/v1/user/sudo (docs.cloudbase.net http-api/auth/user-sudo): the signed-in user shows the `password` or the
 * `verification_token` of an own phone number or e-mail address again, and gets a `sudo_token` for 900 seconds.
 *
 * @throws ApiError invalid_argument unless there is exactly one of them, invalid_password, password_not_set,
 *   invalid_verification_code, permission_denied for somebody else's address, failed_precondition where the setting
 *   `sudoNeedsCode` wants a code
 */
export async function grantSudo(environment: Environment, call: UserCall): Promise<object> {
  const { body, caller } = call;
  const password = readText(body, "password");
  const ticket = readText(body, "verification_token");
  if ((password === undefined) === (ticket === undefined)) {
    throw new ApiError("invalid_argument", "exactly one of password and verification_token is required");
  }
  const user = environment.users.bySub(caller.sub);
  if (!user) throw new ApiError("password_not_set", "this user has no account, and so no password");
  if (password !== undefined && environment.settings.sudoNeedsCode && user.phoneNumber !== undefined) {
    throw new ApiError("failed_precondition", "a phone number is bound: verification_token is required");
  }
  if (password !== undefined) await checkPassword(environment, user, password, call);
  if (ticket !== undefined) {
    const { address } = proveAddress(environment, ticket);
    if (environment.users.find(address.value)?.sub !== user.sub) {
      throw new ApiError("permission_denied", "verification_token belongs to another user");
    }
    environment.verificationTokens.spend(ticket);
  }
  const { sudoTokens } = environment;
  return { sudo_token: sudoTokens.issue({ sub: user.sub }), expires_in: sudoTokens.lifetimeSeconds };
}

/** @throws ApiError permission_denied when the token is unknown, expired or somebody else's */
export function checkSudoToken({ sudoTokens }: Environment, sub: string, sudoToken: string): void {
  if (sudoTokens.read(sudoToken)?.sub !== sub) throw new ApiError("permission_denied", "sudo_token is invalid");
}
