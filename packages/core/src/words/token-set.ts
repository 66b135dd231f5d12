/** What a sign-in, a sign-up or a refresh gives. Secret: whoever holds it is the user. */
export interface TokenSet {
  readonly accessToken: string;
  /** Missing for anonymous users and client credentials, and on some custom sign-ins. */
  readonly refreshToken?: string;
  readonly tokenType: string;
  /** Life of the access token from now, in seconds. */
  readonly expiresInSeconds: number;
  /** The user's id. */
  readonly sub?: string;
  readonly scope?: string;
  readonly groups: readonly string[];
}
