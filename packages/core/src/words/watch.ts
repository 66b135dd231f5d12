import type { Auth, Authenticated } from "./auth.ts";
import type { AuthError } from "./errors.ts";
import type { CloudbaseUser } from "./user.ts";

/** Whom to watch: a result, or whatever carries one, such as `req` of Express and Fastify and `ctx.state` of Koa. */
export interface Caller {
  readonly auth?: Auth | undefined;
}

/** Whether a token is still good, told instead of asked. */
export interface Watch {
  /**
   * Aborts when the token expires or is revoked. Its `reason` is an `AuthError`: `invalid_token`, with the reason
   * `expired` or `revoked`.
   */
  readonly signal: AbortSignal;
  /** How we know who it is now: of the last token that was taken. */
  readonly auth: Authenticated;
  /** Who it is now, as the last token that was taken has it. */
  readonly user: CloudbaseUser;
  /**
   * Goes on with a new token of the same user and environment, and from now on with that alone: `undefined`, or why not.
   * A token that is no good changes nothing.
   */
  readonly extend: (accessToken: string) => Promise<AuthError | undefined>;
  /** Ends the watch: for when the connection is gone or the work is done. The signal aborts no more. */
  readonly stop: () => void;
}
