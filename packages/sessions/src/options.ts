import type { AttemptLimiter, CloudbaseAuth, SessionStore } from "@cloudbase-auth/core";
import type { AttemptLimits } from "./routes/attempt-limits.ts";

/** How the cookies are called. */
export interface CookieOptions {
  /**
   * What the names begin with behind the prefix: `cb` makes `__Host-cb.sid`. Applications that share a host need
   * different ones.
   * @default "cb"
   */
  readonly name?: string | undefined;
  /**
   * `__Host-Http-` has the browser see to it also that no script set the cookie; only browsers that know it do.
   * @default "__Host-"
   */
  readonly prefix?: "__Host-" | "__Host-Http-" | undefined;
}

/** What {@link createSessions} takes. */
export interface SessionsOptions {
  /** Verifies, refreshes and revokes. */
  readonly auth: CloudbaseAuth;
  /**
   * What everything is sealed with: at least 32 random characters, as `openssl rand -base64 32` gives them. Several: the
   * first seals, all open, so put a new one in front to change it, once every process knows it at another place.
   */
  readonly secret: string | readonly string[];
  /**
   * The public origin of the application, as browsers have it: `https://app.example`. Plain http is for loopback only,
   * outside of production, and costs the cookies their prefix and `Secure`.
   */
  readonly origin: string;
  /**
   * Where the sessions are, for any number of processes; the cookie then holds an id, and sessions can be listed and ended
   * from elsewhere.
   * @default none: the sealed cookie is the session
   */
  readonly store?: SessionStore | undefined;
  /** Counts sign-ins, codes and refreshes. @default one of this process alone */
  readonly limiter?: AttemptLimiter | undefined;
  /** How often the routes may be tried, where it is not the default. */
  readonly limits?: Partial<AttemptLimits> | undefined;
  readonly cookie?: CookieOptions | undefined;
  /**
   * A session ends when nothing was heard of it for so long; from 60 up. A sealed cookie is written again once half of it
   * has passed, so it may end after half of it.
   * @default 604800, 7 days
   */
  readonly idleSeconds?: number | undefined;
  /** It ends after so long whatever happens. @default 2592000, 30 days, as refresh tokens do */
  readonly absoluteSeconds?: number | undefined;
  /** `strict`: who follows a link from another site arrives without a session. @default "lax" */
  readonly sameSite?: "lax" | "strict" | undefined;
  /**
   * `tokens`: the routes give tokens to the client, for apps and mini programs, and there are no cookies.
   * @default "session": no token ever leaves the server
   */
  readonly mode?: "session" | "tokens" | undefined;
  /** Other origins whose pages may send what changes something, exactly as browsers write them. @default none */
  readonly trustedOrigins?: readonly string[] | undefined;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
}
