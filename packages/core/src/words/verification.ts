/** What the server said of a token, as processes share it. */
export interface SharedWord {
  readonly active: boolean;
  /** When the server was asked, in milliseconds since the epoch. */
  readonly askedAt: number;
}

/**
 * Shares the server's words between processes, so that a token is asked about once for all of them. Keys are digests; a
 * word says nothing of whose token it is. A cache that rejects, hangs or answers anything else is as if there were none.
 */
export interface IntrospectionCache {
  load(key: string): Promise<SharedWord | undefined>;
  /** Keeps a word for `ttlMs` at most. */
  save(key: string, word: SharedWord, ttlMs: number): Promise<void>;
}

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
  | {
      readonly mode: "introspection";
      /** @default none: each process asks for itself */
      readonly cache?: IntrospectionCache | undefined;
    }
  | {
      readonly mode: "hybrid";
      readonly introspectAfterSeconds: number;
      /**
       * When the server cannot be asked: 503, or the local verification alone for so many seconds more.
       */
      readonly onUnavailable: "fail" | { readonly allowStaleSeconds: number };
      /** @default none: each process asks for itself */
      readonly cache?: IntrospectionCache | undefined;
    };
