import type { AuthErrorReason } from "./errors.ts";

/** It could not be found out whether a token is good: for now, and for no fault of the token's. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
  readonly reason: Extract<AuthErrorReason, "key_set" | "introspection" | "revocation_store">;
  readonly retryAfterSeconds: number;

  constructor(reason: UnavailableError["reason"], retryAfterSeconds: number, cause: unknown) {
    super(`what is needed to judge a token is out of reach (${reason})`, { cause });
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
