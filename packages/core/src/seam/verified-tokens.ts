import { createDoorkeeper } from "../protocol/doorkeeper.ts";
import { createTokenMemory } from "../protocol/token-memory.ts";
import type { Remembered, TokenMemoryLimits } from "../protocol/token-memory.ts";
import type { VerificationKey } from "../protocol/verification-key.ts";
import type { KeySet } from "../outside/key-set.ts";
import type { AuthResult, Claims } from "../words/auth.ts";
import type { TokenCacheStatus } from "../words/status.ts";

interface Verified extends Remembered {
  readonly result: AuthResult;
  readonly key: VerificationKey;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** The verified tokens of one environment. */
export interface VerifiedTokens {
  /** The result of a token that was verified before, if verifying it now would have the same result. */
  recall(token: string): AuthResult | undefined;
  /** Keeps a result, from the second time on that the token is seen. */
  remember(token: string, result: AuthResult, claims: Claims, key: VerificationKey): void;
  status(): TokenCacheStatus;
}

interface VerifiedTokensParts {
  readonly limits: TokenMemoryLimits;
  readonly keySet: KeySet;
  readonly clockToleranceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Saves the signature check of tokens that come back. An entry holds between the token's `iat` and `exp`, and while the
 * key that it was verified with is in the set.
 */
export function createVerifiedTokens(parts: VerifiedTokensParts): VerifiedTokens {
  const { limits, keySet, clockToleranceSeconds, now } = parts;
  const memory = createTokenMemory<Verified>(limits);
  const doorkeeper = createDoorkeeper();
  let hits = 0;
  let misses = 0;

  function holds({ fromSeconds, untilSeconds, key }: Verified): boolean {
    const nowSeconds = now() / 1_000;
    // Written so that a clock that gives NaN holds nothing.
    return nowSeconds >= fromSeconds && nowSeconds < untilSeconds && keySet.current(key.id) === key;
  }

  return {
    recall(token) {
      const entry = memory.get(token);
      if (entry === undefined || !holds(entry)) return undefined;
      hits += 1;
      return entry.result;
    },
    remember(token, result, claims, key) {
      misses += 1;
      if (!doorkeeper.wasHere(token)) return;
      const { nbf } = claims;
      const begin = typeof nbf === "number" ? Math.max(claims.iat, nbf) : claims.iat;
      memory.set({ token, result, key, fromSeconds: begin - clockToleranceSeconds, untilSeconds: claims.exp });
    },
    status: () => ({ ...memory.size(), hits, misses }),
  };
}
