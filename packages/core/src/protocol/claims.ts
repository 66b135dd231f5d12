import type { Claims } from "../words/auth.ts";
import type { AuthErrorReason } from "../words/errors.ts";
import type { StrictObject } from "./strict-json.ts";

/** What a token's claims are held against. */
export interface ClaimsPolicy {
  readonly audience: readonly string[];
  readonly clockToleranceSeconds: number;
  readonly maxTokenLifetimeSeconds: number;
}

/** Either the claims in their checked form or the reason why they are refused. */
export type CheckedClaims =
  | { readonly ok: true; readonly claims: Claims }
  | {
      readonly ok: false;
      readonly reason: Extract<AuthErrorReason, "claim" | "audience" | "type" | "expired" | "not_yet_valid">;
    };

// CloudBase's API keys and publishable keys may pass as tokens of these roles; a key is not a user.
const keyRoles = new Set(["anon", "service_role"]);

/**
 * Checks the claims of a token at `nowSeconds` (whole seconds since the epoch).
 *
 * `iss`, `aud`, `sub`, `exp` and `iat` must all be there: CloudBase signs other things with the same key, such as the
 * `verification_id` of an e-mail code, and only the claims tell them apart. `iss` is only checked for its type here; the
 * caller compares it, because it picks the environment.
 */
export function checkClaims(claims: StrictObject, policy: ClaimsPolicy, nowSeconds: number): CheckedClaims {
  if (!hasClaims(claims)) return { ok: false, reason: "claim" };
  const { aud, exp, iat, nbf, role } = claims;
  if (!audienceIncludes(aud, policy.audience)) return { ok: false, reason: "audience" };
  if (typeof role === "string" && keyRoles.has(role)) return { ok: false, reason: "type" };

  const tolerance = policy.clockToleranceSeconds;
  if (exp - iat > policy.maxTokenLifetimeSeconds || exp <= iat) return { ok: false, reason: "claim" };
  if (exp + tolerance <= nowSeconds) return { ok: false, reason: "expired" };
  const latest = nowSeconds + tolerance;
  if (iat > latest || (typeof nbf === "number" && nbf > latest)) return { ok: false, reason: "not_yet_valid" };
  return { ok: true, claims };
}

/** Whether the claims that we read are there and of their types; `nbf` and `scope` may be missing. */
function hasClaims(claims: StrictObject): claims is StrictObject & Claims {
  const { iss, sub, aud, exp, iat, nbf, scope } = claims;
  return (
    typeof iss === "string" && // compared exactly with issuers that are clean themselves
    isPlainText(sub) &&
    isAudience(aud) &&
    isNumericDate(exp) &&
    isNumericDate(iat) &&
    (nbf === undefined || isNumericDate(nbf)) &&
    (scope === undefined || (typeof scope === "string" && isClean(scope)))
  );
}

/** A NumericDate (RFC 7519 §2) that can be a time: finite and positive. */
function isNumericDate(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isPlainText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && isClean(value);
}

/** No NUL and no lone surrogate: databases and log formats cut or refuse them. */
function isClean(value: string): boolean {
  return !value.includes("\0") && value.isWellFormed();
}

function isAudience(value: unknown): value is string | readonly string[] {
  if (typeof value === "string") return true;
  return Array.isArray(value) && value.length > 0 && value.every((member) => typeof member === "string");
}

function audienceIncludes(aud: string | readonly string[], accepted: readonly string[]): boolean {
  return typeof aud === "string" ? accepted.includes(aud) : aud.some((member) => accepted.includes(member));
}
