import type { AuthClientCalls } from "../outside/client/create.ts";
import type { AuthRequest, AuthResult } from "../words/auth.ts";
import type { AuthError } from "../words/errors.ts";
import type { Requirement } from "../words/requirement.ts";
import type { CloudbaseAuthStatus } from "../words/status.ts";

/** What `createCloudbaseAuth` returns. */
export interface CloudbaseAuth {
  /**
   * Who sent this request. Never throws and never rejects: what went wrong is data in `result.auth`.
   *
   * Reads the Authorization header only. Checks form, algorithm, signature, issuer, audience, subject, times and
   * lifetime of the token; does not ask CloudBase, so a token that was revoked there is good until its `exp`.
   * Answers synchronously when no key has to be fetched.
   */
  readonly authenticate: (request: AuthRequest) => AuthResult | Promise<AuthResult>;
  /**
   * Whether the result satisfies the requirement: `undefined` if so, else the refusal. Without a requirement: a user who
   * is not anonymous.
   *
   * @throws TypeError if the requirement is not well-formed
   */
  readonly authorize: (
    result: AuthResult,
    requirement?: Requirement,
    request?: AuthRequest,
  ) => AuthError | undefined | Promise<AuthError | undefined>;
  /**
   * Fetches the key sets ahead of the first request; good before `listen()`, never needed.
   *
   * @throws AuthError `service_unavailable` if a key set is out of reach
   */
  readonly ready: () => Promise<void>;
  /**
   * The Auth v2 API of the environment; see `createAuthClient`.
   *
   * @throws TypeError with several environments: create a client for each
   */
  readonly client: AuthClientCalls;
  /**
   * The key sets at hand as a text, for {@link CloudbaseAuth.importKeySets} in the next process: public keys only, but
   * whoever can change the text can sign in as anybody, so keep it where the code is kept.
   */
  readonly exportKeySets: () => string;
  /**
   * Takes over exported key sets, so that a serverless start needs no fetch before its first answer. They are as old as
   * they are: a set past its time is renewed first.
   *
   * @throws TypeError if the text is no export, or of other environments or endpoints
   */
  readonly importKeySets: (text: string) => Promise<void>;
  /** How the instance is doing; safe to log and to show to operators. */
  readonly status: () => CloudbaseAuthStatus;
  /** Closes the connections that the instance opened. */
  readonly close: () => Promise<void>;
}
