import type { Claims } from "../words/auth.ts";
import { parseScope } from "../words/scope.ts";
import type { CloudbaseUser } from "../words/user.ts";
import { identifiersOf, isObject, isText, textOf } from "./members.ts";

/**
 * Reads the user from verified claims: the one place where CloudBase's claim names become ours.
 *
 * Only the claims that were checked are sure to be there; whatever else has an unexpected type is left out, never
 * guessed, so that a new form on the wire can take rights away but not give any.
 */
export function userFromClaims(claims: Claims, scopesOf = parseScope): CloudbaseUser {
  // By name and all at once: reading them one by one through a function took longer than checking all claims.
  const { sub, scope, is_anonymous: isAnonymous, groups, roles, name, email, phone_number: phone, picture } = claims;
  const { provider, provider_type: providerType, provider_sub: providerSubject, meta } = claims;
  const scopes = scopesOf(textOf(scope) ?? "");
  const user: { -readonly [Name in keyof CloudbaseUser]: CloudbaseUser[Name] } = {
    id: sub,
    isAnonymous: isAnonymous === true || scopes.includes("anonymous"),
    groups: identifiersOf(groups),
    roles: identifiersOf(roles),
    scopes,
  };
  if (isText(name)) user.name = name;
  if (isText(email)) user.email = email;
  if (isText(phone)) user.phoneNumber = phone;
  if (isText(picture)) user.picture = picture;
  const method = textOf(provider) ?? textOf(providerType);
  if (method !== undefined) user.provider = method;

  const { wxOpenId, wxUnionId } = isObject(meta) ? meta : {};
  const openId = textOf(wxOpenId) ?? (isWechat(method) ? textOf(providerSubject) : undefined);
  if (openId !== undefined) user.openId = openId;
  if (isText(wxUnionId)) user.unionId = wxUnionId;
  return Object.freeze(user);
}

/** `provider_sub` is the openid for WeChat's login methods only, e.g. `wx_open`. */
function isWechat(provider: string | undefined): boolean {
  return provider !== undefined && (provider.startsWith("wx") || provider.startsWith("wechat"));
}
