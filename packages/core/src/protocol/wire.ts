import type { Claims } from "../words/auth.ts";
import { parseScope } from "../words/scope.ts";
import type { CloudbaseUser } from "../words/user.ts";
import { identifierMembers, isObject, textMember } from "./members.ts";

/**
 * Reads the user from verified claims: the one place where CloudBase's claim names become ours.
 *
 * Only the claims that were checked are sure to be there; whatever else has an unexpected type is left out, never
 * guessed, so that a new form on the wire can take rights away but not give any.
 */
export function userFromClaims(claims: Claims): CloudbaseUser {
  const scopes = parseScope(textMember(claims, "scope") ?? "");
  const provider = textMember(claims, "provider") ?? textMember(claims, "provider_type");
  const user: { -readonly [Name in keyof CloudbaseUser]: CloudbaseUser[Name] } = {
    id: claims.sub,
    isAnonymous: scopes.includes("anonymous") || claims["is_anonymous"] === true,
    groups: identifierMembers(claims, "groups"),
    roles: identifierMembers(claims, "roles"),
    scopes,
  };
  const name = textMember(claims, "name");
  const email = textMember(claims, "email");
  const phoneNumber = textMember(claims, "phone_number");
  const picture = textMember(claims, "picture");
  if (name !== undefined) user.name = name;
  if (email !== undefined) user.email = email;
  if (phoneNumber !== undefined) user.phoneNumber = phoneNumber;
  if (picture !== undefined) user.picture = picture;
  if (provider !== undefined) user.provider = provider;

  const meta = isObject(claims["meta"]) ? claims["meta"] : undefined;
  const openId =
    (meta && textMember(meta, "wxOpenId")) ?? (isWechat(provider) ? textMember(claims, "provider_sub") : undefined);
  const unionId = meta && textMember(meta, "wxUnionId");
  if (openId !== undefined) user.openId = openId;
  if (unionId !== undefined) user.unionId = unionId;
  return Object.freeze(user);
}

/** `provider_sub` is the openid for WeChat's login methods only, e.g. `wx_open`. */
function isWechat(provider: string | undefined): boolean {
  return provider !== undefined && /^(?:wx|wechat)/.test(provider);
}
