import type { Claims, FrozenJson } from "../words/auth.ts";
import { parseScope } from "../words/scope.ts";
import type { CloudbaseUser } from "../words/user.ts";

/**
 * Reads the user from verified claims: the one place where CloudBase's claim names become ours.
 *
 * Only the claims that were checked are sure to be there; whatever else has an unexpected type is left out, never
 * guessed, so that a new form on the wire can take rights away but not give any.
 */
export function userFromClaims(claims: Claims): CloudbaseUser {
  const scopes = parseScope(typeof claims["scope"] === "string" ? claims["scope"] : "");
  const provider = text(claims["provider"]) ?? text(claims["provider_type"]);
  const meta = claims["meta"];
  return Object.freeze({
    id: claims.sub,
    isAnonymous: scopes.includes("anonymous") || claims["is_anonymous"] === true,
    ...optional("name", text(claims["name"])),
    ...optional("email", text(claims["email"])),
    ...optional("phoneNumber", text(claims["phone_number"])),
    ...optional("picture", text(claims["picture"])),
    ...optional("provider", provider),
    groups: identifiers(claims["groups"]),
    roles: identifiers(claims["roles"]),
    scopes,
    ...optional(
      "openId",
      text(member(meta, "wxOpenId")) ?? (isWechat(provider) ? text(claims["provider_sub"]) : undefined),
    ),
    ...optional("unionId", text(member(meta, "wxUnionId"))),
  });
}

function optional<Name extends string>(name: Name, value: string | undefined): { readonly [Key in Name]?: string } {
  const entry: { [Key in Name]?: string } = {};
  if (value !== undefined) entry[name] = value;
  return entry;
}

/** CloudBase writes an empty string where a user has none, e.g. `meta.wxOpenId`. */
function text(value: FrozenJson | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function member(value: FrozenJson | undefined, name: string): FrozenJson | undefined {
  return typeof value === "object" && value !== null && !isList(value) ? value[name] : undefined;
}

function isList(value: FrozenJson | undefined): value is readonly FrozenJson[] {
  return Array.isArray(value);
}

/** Strings or `{ id }` objects; the two forms are both on record. */
function identifiers(value: FrozenJson | undefined): readonly string[] {
  if (!isList(value)) return Object.freeze([]);
  const ids = value.map((entry) => text(entry) ?? text(member(entry, "id"))).filter((id) => id !== undefined);
  return Object.freeze([...new Set(ids)]);
}

/** `provider_sub` is the openid for WeChat's login methods only, e.g. `wx_open`. */
function isWechat(provider: string | undefined): boolean {
  return provider !== undefined && /^(?:wx|wechat)/.test(provider);
}
