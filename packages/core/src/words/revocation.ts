/**
 * Something that was revoked before its time. It may be stored and logged: no token can be made from it, and no user is
 * named.
 *
 * `expiresAt` is when the last token that it could concern has expired, in seconds since the epoch.
 */
export type Revocation = {
  /** The id of the environment that issued what is revoked. */
  readonly environment: string;
  readonly expiresAt: number;
} & (
  | {
      /** One token: the SHA-256 of its signing input `header.payload`, in base64url. CloudBase's tokens have no `jti`. */
      readonly kind: "token";
      readonly digest: string;
    }
  | {
      /** All tokens of a user that were issued (`iat`) up to this second since the epoch, and in it. */
      readonly kind: "user";
      /** The user: the SHA-256 of their id, in base64url. */
      readonly digest: string;
      readonly issuedUpTo: number;
    }
  | {
      /** All tokens of the environment that were issued up to this second, and in it. */
      readonly kind: "environment";
      readonly issuedUpTo: number;
    }
);

/** Who listens to a store. Neither call may throw. */
export interface RevocationListener {
  /** What is in force; first all of it, then each as it comes. Some may come more than once. */
  revoked(revocations: readonly Revocation[]): void;
  /** Whether what was told so far is complete: `undefined` if so, else why it may not be. */
  trouble(error: Error | undefined): void;
}

/**
 * Carries revocations between instances. An instance judges by the list that it keeps in memory, so that no request waits
 * for a store; the store only has to bring that list up to date, within a second.
 */
export interface RevocationStore {
  /** Keeps a revocation until it expires, and tells it to everybody who listens. Rejects if it could not be kept. */
  add(revocation: Revocation): Promise<void>;
  /** Begins to tell; the function that it answers ends it. `trouble(undefined)` follows once all in force is told. */
  subscribe(listener: RevocationListener): () => Promise<void> | void;
}

/** How revocations made here and elsewhere are kept. */
export interface RevocationOptions {
  /**
   * Where they are shared with other instances.
   * @default none: they hold in this instance alone
   */
  readonly store?: RevocationStore | undefined;
  /**
   * When the store is down: judge by the last known list, or answer 503.
   * @default "serve"
   */
  readonly onUnavailable?: "serve" | "fail" | undefined;
}

/** What became of `auth.revoke(token)`. */
export interface RevokedToken {
  /** Whether the token is refused here from now on; `false` if it was no good before. */
  readonly here: boolean;
  /** What the server knows: `queued` is told again until the token expires or the server has it. */
  readonly server: "revoked" | "queued" | "not asked";
}
