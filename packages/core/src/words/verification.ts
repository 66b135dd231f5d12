/**
 * How a token is verified.
 *
 * - `local`: by its signature and claims; nobody is asked, so a token that was revoked at the server is good until its
 *   `exp`, unless it was revoked here too.
 * - `introspection`: by its claims, and by the server's word, which counts for 60 seconds. No key set is needed.
 * - `hybrid`: by its signature and claims, and by the server's word once its last one is older than
 *   `introspectAfterSeconds`. The server's last word is the last introspection, or the token's issue (`iat`).
 */
export type VerificationMode =
  | { readonly mode: "local" }
  | { readonly mode: "introspection" }
  | {
      readonly mode: "hybrid";
      readonly introspectAfterSeconds: number;
      /**
       * When the server cannot be asked: 503, or the local verification alone for so many seconds more.
       */
      readonly onUnavailable: "fail" | { readonly allowStaleSeconds: number };
    };
