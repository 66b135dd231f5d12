import type { AuthError, AuthRequest, TokenSet } from "@cloudbase-auth/core";

/** One signed-in browser. */
export interface Session {
  /** Random; it stays through refreshes, and is another one after every rise of privilege. */
  readonly id: string;
  /** The id of the CloudBase environment. */
  readonly environment: string;
  readonly userId: string;
  readonly isAnonymous: boolean;
  /** The scope of the sign-in, as the token has it; `undefined` if it had none. No refresh goes beyond it (RFC 6749 §6). */
  readonly grantedScope: string | undefined;
  readonly accessToken: string;
  /** When the access token ends, in milliseconds since the epoch. */
  readonly accessTokenEndsAt: number;
  readonly refreshToken: string | undefined;
  /** When its tokens were got, in milliseconds since the epoch. */
  readonly renewedAt: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch; with a store it is to the minute, with a sealed cookie as of the last refresh. */
  readonly seenAt: number;
  /** What the browser called itself at the sign-in, cut to 200 characters; for the list of sessions, so with a store only. */
  readonly userAgent: string | undefined;
}

/** What became of the session of a request. `cookies` are `Set-Cookie` values that the response must have. */
export type OpenedSession =
  /**
   * There is none. `error`: there was one, and it was no time limit that ended it (401 `refresh_rejected`); or there are
   * two, and it cannot be told which one is meant (400).
   */
  | { readonly state: "none"; readonly error?: AuthError; readonly cookies: readonly string[] }
  | { readonly state: "open"; readonly session: Session; readonly cookies: readonly string[] }
  /**
   * It could not be found out, and the cookie is kept: 503. `session`: as it is kept, if only its access token has ended;
   * for whoever wants to end it.
   */
  | {
      readonly state: "unavailable";
      readonly error: AuthError;
      readonly session?: Session;
      readonly cookies: readonly string[];
    };

/** A session in the list of its owner. */
export interface SessionSummary {
  /** To name it by; nobody gets in with it. */
  readonly handle: string;
  readonly isCurrent: boolean;
  readonly startedAt: number;
  readonly seenAt: number;
  readonly userAgent: string | undefined;
}

/** Keeps the sessions of browsers, in sealed cookies or in a store. Nothing here checks CSRF or limits attempts. */
export interface SessionKeeper {
  /** Whether there is a store, so that sessions can be listed and ended from elsewhere. */
  readonly hasStore: boolean;
  /** The session of the request's cookie, refreshed if that is due. It never rejects. */
  open(request: AuthRequest): Promise<OpenedSession>;
  /**
   * Begins a session with an id of its own and ends the one that the request had, of whoever that was; answers the
   * cookies. The tokens must come from the server.
   *
   * @throws AuthError (rejects): `service_unavailable` if a store is out of reach, or the tokens cannot be verified
   * @throws SessionTooLargeError (rejects) if the tokens do not fit into cookies; a store is needed then
   */
  start(request: AuthRequest, tokens: TokenSet): Promise<readonly string[]>;
  /**
   * Keeps new tokens in a session that goes on under its id, as after an edit of the profile.
   *
   * @throws AuthError (rejects): `service_unavailable` as in `start`; `refresh_rejected` if the session ended meanwhile,
   *   or their scope goes beyond that of the sign-in
   * @throws TypeError (rejects) if they are another user's, or a person's in an anonymous session: that needs `start`
   */
  renew(session: Session, tokens: TokenSet): Promise<readonly string[]>;
  /**
   * Ends a session here, and whatever session the request has; the tokens are the caller's to revoke.
   *
   * @throws AuthError (rejects): `service_unavailable` if a store is out of reach; so do those below
   */
  end(request: AuthRequest, session: Session | undefined): Promise<readonly string[]>;
  /** Ends all sessions of the owner, except perhaps this one. With a sealed cookie there is nothing to end but this. */
  endAll(session: Session, except?: "this"): Promise<void>;
  /** With a store only. */
  list(session: Session): Promise<readonly SessionSummary[]>;
  /**
   * Ends one of the owner's by its handle, and answers it, for its tokens are the caller's to revoke; `undefined` if there is
   * none. With a store only.
   */
  endOther(session: Session, handle: string): Promise<Session | undefined>;
  /** Cookies of one purpose and a short life, such as the state of a provider's sign-in: sealed, and bound to the browser. */
  readonly transactions: TransactionCookies;
}

export interface TransactionCookies {
  /** A `Set-Cookie` value that carries `data` for `maxAgeSeconds`, under a name that ends in `key`. */
  seal(key: string, data: Readonly<Record<string, string>>, maxAgeSeconds: number): Promise<string>;
  /** What was sealed under `key`, if the request has it and it has not ended. */
  open(request: AuthRequest, key: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** The `Set-Cookie` value that takes it away. */
  expire(key: string): string;
  /** The keys that the request has. */
  keys(request: AuthRequest): readonly string[];
}
