/** A third-party account that is bound to a user. */
export interface BoundProvider {
  readonly id: string;
  readonly providerUserId?: string;
  readonly name?: string;
  readonly picture?: string;
}

/** The user as `GET /auth/v1/user/me` tells; members that the server left out are missing. */
export interface UserProfile {
  readonly sub: string;
  readonly userId?: string;
  readonly name?: string;
  readonly username?: string;
  readonly picture?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly phoneNumber?: string;
  readonly gender?: string;
  readonly locale?: string;
  /** `ACTIVE`; others were seen and are not documented. */
  readonly status?: string;
  readonly hasPassword?: boolean;
  readonly providers: readonly BoundProvider[];
  readonly groups: readonly string[];
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly passwordUpdatedAt?: string;
  readonly lastLogin?: string;
}

/** A user as others may see them. */
export interface PublicProfile {
  readonly sub: string;
  readonly name?: string;
  readonly picture?: string;
  readonly gender?: string;
  readonly locale?: string;
  readonly email?: string;
  readonly phoneNumber?: string;
}

/** A way to sign in that the environment offers, and whether the user has bound it. */
export interface Provider {
  readonly id: string;
  readonly name?: string;
  readonly homepage?: string;
  readonly picture?: string;
  readonly providerType?: string;
  readonly providerUserName?: string;
  readonly bound: boolean;
}

/** What the third party says of the person, at the exchange of its code. */
export interface ProviderProfile {
  readonly providerId?: string;
  readonly sub?: string;
  readonly name?: string;
  readonly picture?: string;
  readonly email?: string;
  readonly phoneNumber?: string;
}
