import { checkClaims } from "../protocol/claims.ts";
import type { ClaimsPolicy } from "../protocol/claims.ts";
import type { CompactJws } from "../protocol/compact-jws.ts";
import { verifySignature } from "../protocol/verification-key.ts";
import type { VerificationKey } from "../protocol/verification-key.ts";
import type { KeySet } from "../outside/key-set.ts";
import type { Claims } from "../words/auth.ts";
import type { AuthErrorReason } from "../words/errors.ts";

/** Trusted claims, or why there are none. */
export type Verdict =
  | { readonly ok: true; readonly claims: Claims }
  | { readonly ok: false; readonly reason: AuthErrorReason };

/** Verifies tokens that name an issuer of one environment. */
export interface EnvironmentVerifier {
  readonly envId: string;
  readonly keySet: KeySet;
  /** Synchronous if the key is at hand. @throws KeySetUnavailableError (or rejects with it) */
  verify(jws: CompactJws): Verdict | Promise<Verdict>;
}

/**
 * Verifies signature and claims. The signature comes first, so that nothing is said of the claims of a forged token;
 * but a token whose claims rule it out is never a reason to fetch a key.
 *
 * `now` is in milliseconds since the epoch; token times are compared in whole seconds.
 */
export function createEnvironmentVerifier(
  envId: string,
  keySet: KeySet,
  policy: ClaimsPolicy,
  now: () => number,
): EnvironmentVerifier {
  function judge(jws: CompactJws, key: VerificationKey | undefined): Verdict {
    if (key === undefined) return { ok: false, reason: "unknown_key" };
    if (key.algorithm !== jws.algorithm) return { ok: false, reason: "algorithm" };
    if (!verifySignature(key, jws.signingInput, jws.signature)) return { ok: false, reason: "signature" };
    return check(jws);
  }

  function check(jws: CompactJws): Verdict {
    const nowMs: unknown = now();
    // Nothing is before or after NaN: with such a clock every comparison of a time would let the token pass.
    if (!Number.isFinite(nowMs)) throw new TypeError("option now must return milliseconds since the epoch");
    return checkClaims(jws.claims, policy, Math.floor(Number(nowMs) / 1_000));
  }

  return {
    envId,
    keySet,
    verify(jws) {
      const known = keySet.peek(jws.keyId);
      if (known === undefined) {
        const verdict = check(jws);
        if (!verdict.ok) return verdict;
      }
      const found = keySet.find(jws.keyId);
      return found instanceof Promise ? found.then((key) => judge(jws, key)) : judge(jws, found);
    },
  };
}
