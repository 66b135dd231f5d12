import type { AuthRequest, AuthResult } from "../words/auth.ts";
import type { CloudbaseAuth } from "./cloudbase-auth.ts";

/** A request to one of the routes of `authRoutes()`, free of the framework. */
export interface SessionRequest extends AuthRequest {
  readonly method: string;
  /** Where the routes are mounted, without a slash at its end: `/auth`, or empty. */
  readonly mount: string;
  /** The path below that, e.g. `/signin`. */
  readonly path: string;
  /** The text after the `?`, without it. */
  readonly query: string;
  /**
   * The body: what a parser of the framework made of it, or else its text, of at most 16 KiB; `undefined` if there is
   * none. `null` if it was longer than that.
   */
  readonly body: unknown;
}

/** The whole answer to a {@link SessionRequest}. */
export interface SessionAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | undefined;
}

/**
 * What an adapter needs of browser sessions; `createSessions()` of `@cloudbase-auth/sessions` gives it.
 *
 * It answers the same question as {@link CloudbaseAuth.authenticate}, by the bearer header or by the session of the
 * cookie, never by both (400). The headers of its result have to be set on the response whatever becomes of it: they
 * carry a renewed cookie.
 */
export interface Sessions {
  /** Verifies tokens, and judges what `authenticate` answered. */
  readonly auth: CloudbaseAuth;
  readonly authenticate: (request: AuthRequest) => AuthResult | Promise<AuthResult>;
  /** Answers a request to one of its own routes; it never rejects. */
  readonly answer: (request: SessionRequest) => Promise<SessionAnswer>;
}
