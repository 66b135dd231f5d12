import { checkClaims } from "../protocol/claims.ts";
import type { ClaimsPolicy } from "../protocol/claims.ts";
import type { CompactJws } from "../protocol/compact-jws.ts";
import { verifySignature } from "../protocol/verification-key.ts";
import type { VerificationKey } from "../protocol/verification-key.ts";
import type { KeySet } from "../outside/key-set.ts";
import type { Claims } from "../words/auth.ts";
import type { AuthErrorReason } from "../words/errors.ts";

/** Why a token is refused. */
export interface Refusal {
  readonly ok: false;
  readonly reason: AuthErrorReason;
  /**
   * Whether the same token would be refused for the same reason now; `"always"` if it will, and absent if the next fetch
   * or the next second may change that.
   */
  readonly holds?: "always" | (() => boolean);
}

/** Checked claims and the key that vouches for them, or why there are none. */
export type Verdict =
  | { readonly ok: true; readonly claims: Claims; readonly key: VerificationKey | undefined }
  | Refusal;

/** Verifies tokens that name an issuer of one environment. */
export interface EnvironmentVerifier {
  /** Synchronous if the key is at hand. @throws UnavailableError (or rejects with it) */
  verify(jws: CompactJws): Verdict | Promise<Verdict>;
  /** Checks the claims alone: nothing of it is proven, and somebody else has to vouch for it. */
  verifyClaims(jws: CompactJws): Verdict;
}

/**
 * Verifies signature and claims. The signature comes first, so that nothing is said of the claims of a forged token;
 * but a token whose claims rule it out is never a reason to fetch a key.
 *
 * `now` is in milliseconds since the epoch; token times are compared in whole seconds.
 */
export function createEnvironmentVerifier(
  keySet: KeySet,
  policy: ClaimsPolicy,
  now: () => number,
): EnvironmentVerifier {
  function judge(jws: CompactJws, key: VerificationKey | undefined): Verdict {
    if (key === undefined) return { ok: false, reason: "unknown_key" };
    if (key.algorithm !== jws.algorithm) return refusedBy(key, "algorithm");
    if (!verifySignature(key, jws.signingInput, jws.signature)) return refusedBy(key, "signature");
    const checked = check(jws);
    return checked.ok ? { ok: true, claims: checked.claims, key } : checked;
  }

  function refusedBy(key: VerificationKey, reason: "algorithm" | "signature"): Refusal {
    return { ok: false, reason, holds: () => keySet.current(key.id) === key };
  }

  function check(jws: CompactJws): Refusal | { readonly ok: true; readonly claims: Claims } {
    const nowMs: unknown = now();
    // Nothing is before or after NaN: with such a clock every comparison of a time would let the token pass.
    if (!Number.isFinite(nowMs)) throw new TypeError("option now must return milliseconds since the epoch");
    const checked = checkClaims(jws.claims, policy, Math.floor(Number(nowMs) / 1_000));
    if (checked.ok || checked.reason === "not_yet_valid") return checked;
    if (checked.reason !== "expired") return { ...checked, holds: "always" };
    // A clock that is turned back makes an expired token good again, as it should.
    return { ...checked, holds: () => now() >= Number(nowMs) };
  }

  return {
    verifyClaims(jws) {
      const checked = check(jws);
      return checked.ok ? { ...checked, key: undefined } : checked;
    },
    verify(jws) {
      const current = keySet.current(jws.keyId);
      if (current !== undefined) return judge(jws, current);
      if (!keySet.knows(jws.keyId)) {
        const verdict = check(jws);
        if (!verdict.ok) return verdict;
      }
      if (keySet.lacks(jws.keyId)) return judge(jws, undefined);
      return keySet.find(jws.keyId).then((key) => judge(jws, key));
    },
  };
}
