import type { Claims } from "../words/auth.ts";
import { parseScope } from "../words/scope.ts";
import type { CloudbaseUser } from "../words/user.ts";
import { identifierMembers, isObject, present, textMember } from "./members.ts";
import type { StrictObject } from "./strict-json.ts";

/**
 * Reads the user from verified claims: the one place where CloudBase's claim names become ours.
 *
 * Only the claims that were checked are sure to be there; whatever else has an unexpected type is left out, never
 * guessed, so that a new form on the wire can take rights away but not give any.
 */
export function userFromClaims(claims: Claims & StrictObject): CloudbaseUser {
  const scopes = parseScope(textMember(claims, "scope") ?? "");
  const provider = textMember(claims, "provider") ?? textMember(claims, "provider_type");
  const meta = isObject(claims["meta"]) ? claims["meta"] : {};
  return Object.freeze({
    id: claims.sub,
    isAnonymous: scopes.includes("anonymous") || claims["is_anonymous"] === true,
    ...present({
      name: textMember(claims, "name"),
      email: textMember(claims, "email"),
      phoneNumber: textMember(claims, "phone_number"),
      picture: textMember(claims, "picture"),
      provider,
    }),
    groups: identifierMembers(claims, "groups"),
    roles: identifierMembers(claims, "roles"),
    scopes,
    ...present({
      openId: textMember(meta, "wxOpenId") ?? (isWechat(provider) ? textMember(claims, "provider_sub") : undefined),
      unionId: textMember(meta, "wxUnionId"),
    }),
  });
}

/** `provider_sub` is the openid for WeChat's login methods only, e.g. `wx_open`. */
function isWechat(provider: string | undefined): boolean {
  return provider !== undefined && /^(?:wx|wechat)/.test(provider);
}
