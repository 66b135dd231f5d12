import type { AuthError, AuthRequest } from "@cloudbase-auth/core";
import type { Session } from "./keeper.ts";

/** The session of a request as it is kept, before anything is done about it. */
export type Found =
  | { readonly state: "none"; readonly error?: AuthError; readonly cookies: readonly string[] }
  | { readonly state: "found"; readonly session: Session; readonly cookies: readonly string[] };

/** What became of a change. `session` is what is kept now: of somebody who was faster, it may be. */
export type Changed =
  | { readonly state: "kept"; readonly session: Session; readonly cookies: readonly string[] }
  /** It ended meanwhile, and stays so. */
  | { readonly state: "gone" }
  /** Its browser was given another session meanwhile, or nobody here can read it: its cookie is not ours to take away. */
  | { readonly state: "left" };

/**
 * Where sessions are kept: the cookie itself, or a store. It knows nothing of tokens and of how they are refreshed.
 * Every call rejects if a store is out of reach, but for what says otherwise.
 */
export interface SessionHome {
  readonly isPresent: (request: AuthRequest) => boolean;
  /** Sessions whose time is over are not found. */
  readonly find: (request: AuthRequest) => Promise<Found>;
  readonly begin: (request: AuthRequest, session: Session) => Promise<readonly string[]>;
  /** `update` is given what is kept now, perhaps more than once; if it answers the same object nothing is written. */
  readonly change: (
    request: AuthRequest | undefined,
    session: Session,
    update: (current: Session) => Session,
  ) => Promise<Changed>;
  /** Ends the session, and the one that the request has. */
  readonly end: (request: AuthRequest, session: Session | undefined) => Promise<readonly string[]>;
}

/** What both kinds do with a request that has two sessions. */
export function foundSeveral(error: AuthError): Found {
  // Nothing is expired: that would take away our own and leave the one that somebody else has planted.
  return { state: "none", error, cookies: [] };
}
