import { ApiError } from "../errors.ts";
import type { Environment, ProviderLogin } from "../state/environment.ts";
import type { Identity, Profile, User } from "../state/users.ts";
import { requireText } from "./fields.ts";
import { signInUser } from "./grant.ts";
import type { SignInWay, TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";
import { requireProviderLogin } from "./provider.ts";

/**
 * POST /auth/v1/signin/with/provider (docs.cloudbase.net http-api/auth/auth-sign-in-with-provider): whoever has bound
 * the third-party account signs in; a new one becomes a user, unless `force_disable_sign_up`. With `sync_profile` the
 * name, picture, gender and locale are taken over again. The token is used up. E-mail address and phone number of the
 * third party are no logins here.
 *
 * @throws ApiError invalid_argument, invalid_grant, not_found
 */
export async function signInWithProvider(environment: Environment, call: ClientCall): Promise<TokenResponse> {
  const { body, client } = call;
  const login = requireProviderLogin(environment, body);
  const known = environment.users.byIdentity(identityOf(login));
  if (!known && body["force_disable_sign_up"] === true) throw new ApiError("not_found", "user does not exist");
  environment.providerTokens.spend(requireText(body, "provider_token"));
  const user = known ?? environment.users.add({ ...profileOf(login), identities: [identityOf(login)] });
  if (known && body["sync_profile"] === true) environment.users.change(user.sub, profileOf(login));
  return signInUser(environment, environment.users.bySub(user.sub) ?? user, call, wayOf(login, client.id));
}

export function identityOf({ providerId, account }: ProviderLogin): Identity {
  return { providerId, providerUserId: account.sub, name: account.name, picture: account.picture };
}

export function wayOf({ providerId, account }: ProviderLogin, clientId: string): SignInWay {
  return { clientId, providerType: providerId, providerSub: account.sub };
}

/** What becomes of a third party's profile at sign-up. */
export function profileOf({ account }: ProviderLogin): Profile {
  const { name, picture, gender, locale } = account;
  return { name, picture, gender, locale };
}

export const identitiesOf = ({ identities = [] }: User): readonly Identity[] => identities;
