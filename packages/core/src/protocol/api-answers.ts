import type { BoundProvider, Provider, ProviderProfile, PublicProfile, UserProfile } from "../words/profile.ts";
import type { TokenSet } from "../words/token-set.ts";
import { booleanMember, identifiersOf, isObject, numberMember, objectMembers, present, textMember } from "./members.ts";
import type { StrictObject } from "./strict-json.ts";

/**
 * Reads the answers of the Auth API: the one place where their names become ours. A parser answers `undefined` when a
 * member is missing that the answer would be worth nothing without; members of an unexpected type are left out.
 */
export function parseTokenSet(answer: StrictObject): TokenSet | undefined {
  const accessToken = textMember(answer, "access_token");
  const expiresInSeconds = numberMember(answer, "expires_in");
  if (accessToken === undefined || expiresInSeconds === undefined) return undefined;
  return {
    accessToken,
    expiresInSeconds,
    tokenType: textMember(answer, "token_type") ?? "Bearer",
    groups: identifiersOf(answer["groups"]),
    ...present({
      refreshToken: textMember(answer, "refresh_token"),
      sub: textMember(answer, "sub"),
      scope: textMember(answer, "scope"),
    }),
  };
}

/** A valid token's holder; `{}` and everything without a `sub` is no valid token. */
export interface IntrospectedToken {
  readonly sub: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly tokenType?: string;
}

/** What introspection says: the holder of a valid token, or that it is none. */
export type Introspected = ({ readonly active: true } & IntrospectedToken) | { readonly active: false };

/**
 * CloudBase answers `{}` for a token that is not valid. RFC 7662's `active` is honoured where it is present, and an
 * answer in which it is no boolean (§2.2) says nothing.
 */
export function parseIntrospection(answer: StrictObject): Introspected | undefined {
  const { active = true } = answer;
  if (typeof active !== "boolean") return undefined;
  const sub = textMember(answer, "sub");
  if (sub === undefined || !active) return { active: false };
  return {
    active: true,
    sub,
    ...present({
      clientId: textMember(answer, "client_id"),
      scope: textMember(answer, "scope"),
      tokenType: textMember(answer, "token_type"),
    }),
  };
}

export function parseUserProfile(answer: StrictObject): UserProfile | undefined {
  const sub = textMember(answer, "sub");
  if (sub === undefined) return undefined;
  return {
    sub,
    providers: objectMembers(answer, "providers").flatMap((entry) => parseBoundProvider(entry) ?? []),
    groups: identifiersOf(answer["groups"]),
    ...present({
      userId: textMember(answer, "user_id"),
      name: textMember(answer, "name"),
      username: textMember(answer, "username"),
      picture: textMember(answer, "picture"),
      email: textMember(answer, "email"),
      emailVerified: booleanMember(answer, "email_verified"),
      phoneNumber: textMember(answer, "phone_number"),
      gender: textMember(answer, "gender"),
      locale: textMember(answer, "locale"),
      status: textMember(answer, "status"),
      hasPassword: booleanMember(answer, "has_password") ?? booleanMember(answer, "hasPassword"),
      createdAt: textMember(answer, "created_at"),
      updatedAt: textMember(answer, "updated_at"),
      passwordUpdatedAt: textMember(answer, "password_updated_at"),
      lastLogin: textMember(answer, "last_login"),
    }),
  };
}

function parseBoundProvider(entry: StrictObject): BoundProvider | undefined {
  const id = textMember(entry, "id");
  if (id === undefined) return undefined;
  return {
    id,
    ...present({
      providerUserId: textMember(entry, "provider_user_id"),
      name: textMember(entry, "name"),
      picture: textMember(entry, "picture"),
    }),
  };
}

export function parsePublicProfiles(answer: StrictObject): readonly PublicProfile[] {
  return objectMembers(answer, "data").flatMap((entry) => {
    const sub = textMember(entry, "sub");
    if (sub === undefined) return [];
    return {
      sub,
      ...present({
        name: textMember(entry, "name"),
        picture: textMember(entry, "picture"),
        gender: textMember(entry, "gender"),
        locale: textMember(entry, "locale"),
        email: textMember(entry, "email"),
        phoneNumber: textMember(entry, "phone_number"),
      }),
    };
  });
}

export function parseProviders(answer: StrictObject): readonly Provider[] {
  return objectMembers(answer, "data").flatMap((entry) => {
    const id = textMember(entry, "id");
    if (id === undefined) return [];
    return {
      id,
      bound: booleanMember(entry, "bind") ?? false,
      ...present({
        name: textMember(entry, "name"),
        homepage: textMember(entry, "homepage"),
        picture: textMember(entry, "picture"),
        providerType: textMember(entry, "provider_type"),
        providerUserName: textMember(entry, "provider_user_name"),
      }),
    };
  });
}

/** What an exchange with a third party gives; `providerToken` is for one sign-in, sign-up or binding. */
export interface ProviderToken {
  readonly providerToken: string;
  readonly expiresInSeconds?: number;
  readonly profile: ProviderProfile;
}

export function parseProviderToken(answer: StrictObject): ProviderToken | undefined {
  const providerToken = textMember(answer, "provider_token");
  if (providerToken === undefined) return undefined;
  const profile = isObject(answer["provider_profile"]) ? answer["provider_profile"] : {};
  return {
    providerToken,
    profile: present({
      providerId: textMember(profile, "provider_id"),
      sub: textMember(profile, "sub"),
      name: textMember(profile, "name"),
      picture: textMember(profile, "picture"),
      email: textMember(profile, "email"),
      phoneNumber: textMember(profile, "phone_number"),
    }),
    ...present({ expiresInSeconds: numberMember(answer, "expires_in") }),
  };
}
