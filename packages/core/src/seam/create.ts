import type { AuthRequest, AuthResult } from "../words/auth.ts";
import type { AuthError } from "../words/errors.ts";
import type { CloudbaseAuthOptions } from "../words/options.ts";
import type { Requirement } from "../words/requirement.ts";

/** What {@link createCloudbaseAuth} returns. */
export interface CloudbaseAuth {
  /**
   * Who sent this request. Never throws and never rejects: what went wrong is data in `result.auth`.
   * Answers synchronously when no key has to be fetched.
   */
  authenticate(request: AuthRequest): AuthResult | Promise<AuthResult>;
  /** Whether the result satisfies the requirement: `undefined` if so, else the refusal. */
  authorize(
    result: AuthResult,
    requirement?: Requirement,
    request?: AuthRequest,
  ): AuthError | undefined | Promise<AuthError | undefined>;
  /** Fetches the key sets ahead of the first request. Rejects with `service_unavailable` if one is out of reach. */
  ready(): Promise<void>;
  status(): unknown;
  close(): Promise<void>;
}

export declare function createCloudbaseAuth(options?: CloudbaseAuthOptions): CloudbaseAuth;
