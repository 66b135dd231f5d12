/** Something that an operator should know; nothing in it is secret. */
export interface WarningEvent {
  /**
   * - `key_set_unavailable`: the key set could not be fetched; tokens are judged by the last good one, or answered 503
   * - `key_dropped`: a published key was left out; the message says which and why
   * - `introspection_unavailable`: the server could not be asked about a token
   * - `introspection_refused`: the server refuses our own credentials
   * - `revocation_store_unavailable`: the store could not be told, or does not tell
   * - `revocation_queued`: the server could not be told yet; it will be
   * - `revocation_lost`: more wait to be told than can be kept, or did when the instance was closed
   * - `refresh_trouble`: a refresh token could not be exchanged because of our configuration, or its outcome not be kept
   */
  readonly code:
    | "key_set_unavailable"
    | "key_dropped"
    | "introspection_unavailable"
    | "introspection_refused"
    | "revocation_store_unavailable"
    | "revocation_queued"
    | "revocation_lost"
    | "refresh_trouble";
  /** What happened, whose turn it is and what to do. */
  readonly message: string;
  /** The environment id that it concerns; empty if it concerns all. */
  readonly environment: string;
  readonly cause?: unknown;
}
