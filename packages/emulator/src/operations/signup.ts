import { ApiError } from "../errors.ts";
import { sameAddress } from "../state/address.ts";
import type { Address } from "../state/address.ts";
import type { Environment } from "../state/environment.ts";
import { hashPassword } from "../state/passwords.ts";
import { anonymousSubjectOf } from "./account.ts";
import { readText, requireText } from "./fields.ts";
import { signInUser } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";
import { identityOf, profileOf, wayOf } from "./provider-signin.ts";
import { requireProviderLogin } from "./provider.ts";
import { requireMethod } from "./signin.ts";
import { requireUsername } from "./username.ts";
import { proveAddress, requireAddress } from "./verification.ts";

/**
 * POST /auth/v1/signup (docs.cloudbase.net http-api/auth/auth-sign-up): a new user with a verified phone number or
 * e-mail address, or with a `provider_token`; a username and a password alone are not enough. The password may be any: the rule of
 * PATCH /user/password is documented there only. With an `anonymous_token` the anonymous user becomes this person, and
 * keeps the `sub`. A `verification_code` beside the token must be the right one.
 *
 * @throws ApiError invalid_argument, invalid_phone_number, invalid_verification_code,
 *   failed_precondition when the phone number, e-mail address, username or third-party account is taken,
 *   invalid_grant for a provider_token or anonymous_token that is no good, unimplemented for a method that is off
 */
export async function signUp(environment: Environment, call: ClientCall): Promise<TokenResponse> {
  const { body, client } = call;
  const login = readText(body, "provider_token") === undefined ? undefined : requireProviderLogin(environment, body);
  const hasAddress = login === undefined || (readText(body, "phone_number") ?? readText(body, "email")) !== undefined;
  const address = hasAddress ? requireAddress(body) : undefined;
  const ticket = address && requireText(body, "verification_token");
  const code = readText(body, "verification_code");
  const username = readText(body, "username");
  if (username !== undefined) requireUsername(username);
  if (address) requireMethod(environment, address.kind);
  const password = readText(body, "password");
  const elsewhere = login ? profileOf(login) : {};
  const profile = {
    username,
    ...(address && { [address.kind === "phone" ? "phoneNumber" : "email"]: address.value }),
    name: readText(body, "name") ?? elsewhere.name,
    picture: readText(body, "picture") ?? elsewhere.picture,
    gender: readText(body, "gender") ?? elsewhere.gender,
    locale: readText(body, "locale") ?? elsewhere.locale,
    ...(login && { identities: [identityOf(login)] }),
  };
  const anonymousToken = readText(body, "anonymous_token");
  // Hashed before the checks, so that nothing can happen between them and the new user.
  const hashed = password === undefined ? undefined : await hashPassword(password);

  const sub = anonymousToken === undefined ? undefined : await anonymousSubjectOf(environment, anonymousToken);

  if (address && ticket !== undefined) checkProof(environment, address, ticket, code);
  if (environment.users.taken(profile) !== undefined) {
    throw new ApiError("failed_precondition", "phone number, email or username is already registered");
  }
  if (login && environment.users.byIdentity(identityOf(login))) {
    throw new ApiError("failed_precondition", "this third-party account is already registered");
  }
  if (ticket !== undefined) environment.verificationTokens.spend(ticket);
  if (login) environment.providerTokens.spend(requireText(body, "provider_token"));
  const user = environment.users.add({ ...profile, password: hashed }, sub);
  const way = login ? wayOf(login, client.id) : { clientId: client.id, providerType: address?.kind ?? "username" };
  return signInUser(environment, user, call, way);
}

function checkProof(environment: Environment, address: Address, ticket: string, code: string | undefined): void {
  const proof = proveAddress(environment, ticket);
  if (!sameAddress(proof.address, address)) {
    throw new ApiError("invalid_argument", "phone or email does not match validation code");
  }
  if (code !== undefined && code !== proof.code) {
    throw new ApiError("invalid_verification_code", "verification code is wrong");
  }
}
