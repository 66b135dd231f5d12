/**
 * The person (or the anonymous visitor) whom a verified access token speaks for.
 *
 * Every member comes from the token's claims, nothing is looked up. Deeply frozen.
 */
export interface CloudbaseUser {
  /** `sub`: stable and unique within the environment (RFC 7519 §4.1.2). */
  readonly id: string;
  /** Whether the token belongs to an anonymous user: `anonymous` in `scope`, or `is_anonymous: true`. */
  readonly isAnonymous: boolean;
  /** Display name; not unique, chosen by the user. */
  readonly name?: string;
  /** E-mail address as the token has it; CloudBase's tokens do not say whether it was confirmed. */
  readonly email?: string;
  /** Phone number as CloudBase writes it: `+86 13800000000`, with the space. */
  readonly phoneNumber?: string;
  /** URL of the avatar, chosen by the user: treat it as untrusted when rendering. */
  readonly picture?: string;
  /** The login method, e.g. `email`, `phone`, `wx_open`: `provider`, else `provider_type`. */
  readonly provider?: string;
  /** Group ids; strings and `{ id }` objects of the claim alike, entries of any other form are left out. */
  readonly groups: readonly string[];
  /** Role ids, read as `groups` is. */
  readonly roles: readonly string[];
  /** Members of the space-delimited `scope` claim, in order, each once (RFC 6749 §3.3). */
  readonly scopes: readonly string[];
  /** WeChat openid, where the token has one. */
  readonly openId?: string;
  /** WeChat unionid, where the token has one. */
  readonly unionId?: string;
}
