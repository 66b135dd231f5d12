import { ApiError } from "../errors.ts";
import { sameAddress } from "../state/address.ts";
import type { Environment } from "../state/environment.ts";
import { hashPassword } from "../state/passwords.ts";
import { readText, requireText } from "./fields.ts";
import { signInUser } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";
import { proveAddress, requireAddress } from "./verification.ts";

/**
 * POST /auth/v1/signup (docs.cloudbase.net http-api/auth/auth-sign-up): a new user with a verified phone number or
 * e-mail address; a username and a password alone are not enough. The password may be any: the rule of
 * PATCH /user/password is documented there only. A `verification_code` beside the token must be the right one.
 *
 * @throws ApiError invalid_argument, invalid_phone_number, invalid_verification_code,
 *   failed_precondition when the phone number, e-mail address or username is taken
 */
export async function signUp(environment: Environment, { body, client }: ClientCall): Promise<TokenResponse> {
  const address = requireAddress(body);
  const ticket = requireText(body, "verification_token");
  const code = readText(body, "verification_code");
  const username = readText(body, "username");
  if (username !== undefined) checkUsername(username);
  const password = readText(body, "password");
  const profile = {
    username,
    [address.kind === "phone" ? "phoneNumber" : "email"]: address.value,
    name: readText(body, "name"),
    picture: readText(body, "picture"),
    gender: readText(body, "gender"),
    locale: readText(body, "locale"),
  };
  // Hashed before the checks, so that nothing can happen between them and the new user.
  const hashed = password === undefined ? undefined : await hashPassword(password);

  const proof = proveAddress(environment, ticket);
  if (!sameAddress(proof.address, address)) {
    throw new ApiError("invalid_argument", "phone or email does not match validation code");
  }
  if (code !== undefined && code !== proof.code) {
    throw new ApiError("invalid_verification_code", "verification code is wrong");
  }
  if (environment.users.taken(profile) !== undefined) {
    throw new ApiError("failed_precondition", "phone number, email or username is already registered");
  }
  environment.verificationTokens.spend(ticket);
  const user = environment.users.add({ ...profile, password: hashed });
  return signInUser(environment, user, client.id, address.kind);
}

/** @throws ApiError invalid_argument; 2 to 48 characters, as for sign-in and the phone scenario of sign-up */
function checkUsername(username: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9\-_.:+ @]{1,47}$/.test(username)) return;
  throw new ApiError(
    "invalid_argument",
    "username must be 2 to 48 letters, digits and -_.:+ @, first a letter or digit",
  );
}
