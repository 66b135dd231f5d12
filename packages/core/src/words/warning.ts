/** Something that an operator should know; nothing in it is secret. */
export interface WarningEvent {
  /**
   * - `key_set_unavailable`: the key set could not be fetched; tokens are judged by the last good one, or answered 503
   * - `key_dropped`: a published key was left out; the message says which and why
   */
  readonly code: "key_set_unavailable" | "key_dropped";
  /** What happened, whose turn it is and what to do. */
  readonly message: string;
  /** The environment id that it concerns. */
  readonly environment: string;
  readonly cause?: unknown;
}
