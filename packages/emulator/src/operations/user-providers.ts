import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { canSignIn, sameIdentity } from "../state/users.ts";
import { accountToBind, noteChange, requireAccount } from "./account.ts";
import { requireText } from "./fields.ts";
import { signInUser } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { UserCall } from "./operation.ts";
import { identitiesOf, identityOf, wayOf } from "./provider-signin.ts";
import { requireProviderLogin } from "./provider.ts";

/** GET /auth/v1/user/provider (docs.cloudbase.net http-api/auth/user-providers): all third parties, bound or not. */
export function listProviders({ users, settings }: Environment, { caller }: UserCall): object {
  const user = users.bySub(caller.sub);
  const data = settings.providers.map(({ id, name, homepage, picture, type }) => {
    const bound = user && identitiesOf(user).find(({ providerId }) => providerId === id);
    return {
      id,
      name,
      homepage,
      picture,
      provider_user_name: bound?.name,
      provider_type: type,
      bind: bound !== undefined,
    };
  });
  return { total: data.length, data };
}

/**
 * POST /auth/v1/user/provider/bind (http-api/auth/user-bind-with-provider). An anonymous user becomes a person by it,
 * and keeps the `sub`. `with_user_center` changes nothing here.
 *
 * @throws ApiError invalid_grant, already_exists when another user has the account, or this user another account of
 *   the same third party
 */
export function bindProvider(environment: Environment, call: UserCall): object {
  const { body, caller } = call;
  const { users } = environment;
  const identity = identityOf(requireProviderLogin(environment, body));
  const owner = users.byIdentity(identity);
  if (owner && owner.sub !== caller.sub) {
    throw new ApiError("already_exists", "this third-party account is bound to another user");
  }
  const user = accountToBind(environment, caller);
  const others = identitiesOf(user).filter((own) => !sameIdentity(own, identity));
  if (others.some(({ providerId }) => providerId === identity.providerId)) {
    throw new ApiError("already_exists", "another account of this third party is bound already");
  }
  environment.providerTokens.spend(requireText(body, "provider_token"));
  users.change(user.sub, { identities: [...others, identity] });
  noteChange(environment, user.sub, caller.clientId, call, identity.providerId);
  return {};
}

/**
 * DELETE /auth/v1/user/provider/{provider_id} (http-api/auth/user-un-bind-provider).
 *
 * @throws ApiError provider_not_found when it is not bound, failed_precondition when nothing else is left to sign in
 */
export function unbindProvider(environment: Environment, call: UserCall): object {
  const { caller, params } = call;
  const providerId = requireText(params, "provider_id");
  const user = environment.users.bySub(caller.sub);
  const identities = user ? identitiesOf(user).filter((own) => own.providerId !== providerId) : [];
  if (!user || identities.length === identitiesOf(user).length) {
    throw new ApiError("provider_not_found", "provider is not bound");
  }
  if (!canSignIn({ ...user, identities })) {
    throw new ApiError("failed_precondition", "this is the only way to sign in that is left");
  }
  environment.users.change(user.sub, { identities });
  noteChange(environment, user.sub, caller.clientId, call, providerId);
  return {};
}

/**
 * PATCH /auth/v1/user/trans/by/provider (official SDK): what it does is described nowhere. Here the third-party account
 * moves to the caller, away from whoever has it, and the caller gets new tokens. Somebody who cannot sign in any more
 * after that is deleted, as with TRANSFER of PATCH /user/contact.
 *
 * @throws ApiError invalid_grant, permission_denied
 */
export async function transferByProvider(environment: Environment, call: UserCall): Promise<TokenResponse> {
  const { body, caller } = call;
  const { users } = environment;
  const login = requireProviderLogin(environment, body);
  const user = requireAccount(environment, caller);
  const owner = users.byIdentity(identityOf(login));
  if (owner && owner.sub !== user.sub) {
    const identities = identitiesOf(owner).filter((own) => !sameIdentity(own, identityOf(login)));
    users.change(owner.sub, { identities });
    if (!canSignIn({ ...owner, identities })) {
      environment.sessions.endRefreshTokens(owner.sub);
      users.remove(owner.sub);
    }
  }
  environment.providerTokens.spend(requireText(body, "provider_token"));
  const others = identitiesOf(user).filter(({ providerId }) => providerId !== login.providerId);
  users.change(user.sub, { identities: [...others, identityOf(login)] });
  noteChange(environment, user.sub, caller.clientId, call, login.providerId);
  return signInUser(environment, users.bySub(user.sub) ?? user, call, wayOf(login, caller.clientId));
}
