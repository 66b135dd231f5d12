import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import type { ProviderType } from "../state/sessions.ts";
import type { User } from "../state/users.ts";
import { readText, requireText } from "./fields.ts";
import { signInUser } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { Call, ClientCall } from "./operation.ts";
import { checkPassword } from "./password-check.ts";
import { proveAddress } from "./verification.ts";

/**
 * POST /auth/v1/signin (docs.cloudbase.net http-api/auth/auth-sign-in): `username` and `password`, where the name may
 * be a username, an e-mail address or a phone number; or the `verification_token` of a code.
 *
 * @throws ApiError not_found, invalid_password, password_not_set, invalid_argument, invalid_verification_code, user_blocked,
 *   user_pending, unimplemented for a login method that is off, and what a wrong password throws
 */
export async function signIn(environment: Environment, call: ClientCall): Promise<TokenResponse> {
  const { body, client } = call;
  const ticket = readText(body, "verification_token");
  if (ticket === undefined) return signInByPassword(environment, call, client.id);
  if (readText(body, "password") !== undefined) {
    throw new ApiError("invalid_argument", "password and verification_token can not be set at same time");
  }

  const { address } = proveAddress(environment, ticket);
  requireMethod(environment, address.kind);
  const username = readText(body, "username");
  if (username !== undefined && username.toLowerCase() !== address.value.toLowerCase()) {
    throw new ApiError("invalid_argument", "username does not match verification_token");
  }
  const user = environment.users.find(address.value);
  if (!user) throw new ApiError("not_found", "user does not exist");
  environment.verificationTokens.spend(ticket);
  return signInUser(environment, user, call, { clientId: client.id, providerType: address.kind });
}

/** The same by `username` and `password` only: also the password grant of POST /auth/v1/token. */
export async function signInByPassword(environment: Environment, call: Call, clientId: string): Promise<TokenResponse> {
  const { body } = call;
  const username = requireText(body, "username");
  const password = requireText(body, "password");
  requireMethod(environment, "password");
  const user = environment.users.find(username);
  if (!user) throw new ApiError("not_found", "user does not exist");
  await checkPassword(environment, user, password, call);
  return signInUser(environment, user, call, { clientId, providerType: loginKind(user, username) });
}

/** @throws ApiError unimplemented when the environment does not let people sign in that way */
export function requireMethod({ settings }: Environment, method: "password" | "phone" | "email"): void {
  if (settings.loginMethods[method]) return;
  throw new ApiError("unimplemented", `contact the administrator to enable ${method} login`);
}

function loginKind(user: User, login: string): ProviderType {
  if (login === user.username) return "username";
  return login === user.phoneNumber ? "phone" : "email";
}
