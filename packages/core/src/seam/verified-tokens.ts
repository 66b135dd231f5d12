import { tokenOf } from "../protocol/bearer.ts";
import { createDoorkeeper } from "../protocol/doorkeeper.ts";
import { digestToken } from "../protocol/revocation-list.ts";
import type { RevocableToken } from "../protocol/revocation-list.ts";
import { createTokenMemory } from "../protocol/token-memory.ts";
import type { Remembered, TokenMemoryLimits } from "../protocol/token-memory.ts";
import type { VerificationKey } from "../protocol/verification-key.ts";
import type { KeySet } from "../outside/key-set.ts";
import type { Revocations } from "../outside/revocations.ts";
import type { AuthResult, Claims } from "../words/auth.ts";
import type { TokenCacheStatus } from "../words/status.ts";

/** What a result rests on. */
export interface Grounds {
  readonly claims: Claims;
  /** The key that vouches for it; `undefined` if the server alone does. */
  readonly key: VerificationKey | undefined;
  /** For how long the server's word, or the lack of it, may be taken; `Infinity` if nobody has to be asked. */
  readonly validForMs: number;
  /** The version of the revocations under which it was found good. */
  readonly version: number;
}

interface Verified extends Remembered {
  readonly result: AuthResult;
  readonly key: VerificationKey | undefined;
  readonly revocable: RevocableToken;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  /** Monotonic milliseconds. */
  readonly askAt: number;
  version: number;
}

/** The verified tokens of one environment. */
export interface VerifiedTokens {
  /**
   * The result of a token that was verified before, if verifying it now would have the same result. `fingerprint` is that
   * of the credentials.
   *
   * @throws UnavailableError
   */
  readonly recall: (credentials: string, fingerprint: number) => AuthResult | undefined;
  /** Keeps a result, from the second time on that the token is seen. */
  remember(credentials: string, result: AuthResult, grounds: Grounds): void;
  status(): TokenCacheStatus;
}

interface VerifiedTokensParts {
  readonly environment: string;
  readonly limits: TokenMemoryLimits;
  readonly keySet: KeySet;
  readonly revocations: Revocations;
  readonly clockToleranceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

/**
 * Saves the signature check of tokens that come back. An entry holds between the token's `iat` and `exp`, while the key
 * that it was verified with is in the set, until it is revoked, and as long as the server's word on it counts.
 */
export function createVerifiedTokens(parts: VerifiedTokensParts): VerifiedTokens {
  const { environment, limits, keySet, revocations, clockToleranceSeconds, now, monotonic } = parts;
  const memory = createTokenMemory<Verified>(limits);
  const doorkeeper = createDoorkeeper();
  let hits = 0;
  let misses = 0;

  function holds(entry: Verified): boolean {
    const nowSeconds = now() / 1_000;
    // Written so that a clock that gives NaN holds nothing.
    if (!(nowSeconds >= entry.fromSeconds && nowSeconds < entry.untilSeconds)) return false;
    if (entry.key !== undefined && keySet.current(entry.key.id) !== entry.key) return false;
    if (entry.askAt !== Infinity && monotonic() >= entry.askAt) return false;
    const version = revocations.version();
    if (entry.version !== version) {
      if (revocations.covers(entry.revocable)) return false;
      entry.version = version;
    }
    return true;
  }

  return {
    recall(credentials, fingerprint) {
      const entry = memory.get(credentials, fingerprint);
      if (entry === undefined || !holds(entry)) return undefined;
      hits += 1;
      return entry.result;
    },
    remember(credentials, result, { claims, key, validForMs, version }) {
      misses += 1;
      if (!doorkeeper.wasHere(credentials)) return;
      const { nbf, sub, iat, exp } = claims;
      let digest: string | undefined;
      memory.set({
        ...{ credentials, result, key, version },
        revocable: {
          environment,
          subject: sub,
          issuedAt: iat,
          digest: () => (digest ??= digestToken(tokenOf(credentials))),
        },
        fromSeconds: (typeof nbf === "number" ? Math.max(iat, nbf) : iat) - clockToleranceSeconds,
        untilSeconds: exp,
        askAt: monotonic() + validForMs,
      });
    },
    status: () => ({ ...memory.size(), hits, misses }),
  };
}
