import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { matchesPassword } from "../state/passwords.ts";
import type { ProviderType } from "../state/sessions.ts";
import type { User } from "../state/users.ts";
import { readText, requireText } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { signInUser } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";
import { proveAddress } from "./verification.ts";

/**
 * POST /auth/v1/signin (docs.cloudbase.net http-api/auth/auth-sign-in): `username` and `password`, where the name may
 * be a username, an e-mail address or a phone number; or the `verification_token` of a code.
 *
 * @throws ApiError not_found, invalid_password, password_not_set, invalid_argument, invalid_verification_code
 */
export async function signIn(environment: Environment, { body, client }: ClientCall): Promise<TokenResponse> {
  const ticket = readText(body, "verification_token");
  if (ticket === undefined) return signInByPassword(environment, body, client.id);
  if (readText(body, "password") !== undefined) {
    throw new ApiError("invalid_argument", "password and verification_token can not be set at same time");
  }

  const { address } = proveAddress(environment, ticket);
  const username = readText(body, "username");
  if (username !== undefined && username.toLowerCase() !== address.value.toLowerCase()) {
    throw new ApiError("invalid_argument", "username does not match verification_token");
  }
  const user = environment.users.find(address.value);
  if (!user) throw new ApiError("not_found", "user does not exist");
  environment.verificationTokens.spend(ticket);
  return signInUser(environment, user, client.id, address.kind);
}

/** The same by `username` and `password` only: also the password grant of POST /auth/v1/token. */
export async function signInByPassword(
  environment: Environment,
  body: Fields,
  clientId: string,
): Promise<TokenResponse> {
  const username = requireText(body, "username");
  const password = requireText(body, "password");
  const user = environment.users.find(username);
  if (!user) throw new ApiError("not_found", "user does not exist");
  await checkPassword(user, password);
  return signInUser(environment, user, clientId, loginKind(user, username));
}

/** @throws ApiError password_not_set, invalid_password */
export async function checkPassword(user: User, password: string): Promise<void> {
  if (!user.password) throw new ApiError("password_not_set", "this account has no password");
  if (!(await matchesPassword(password, user.password))) throw new ApiError("invalid_password", "password is wrong");
}

function loginKind(user: User, login: string): ProviderType {
  if (login === user.username) return "username";
  return login === user.phoneNumber ? "phone" : "email";
}
