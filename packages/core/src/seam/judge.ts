import { digestToken } from "../protocol/revocation-list.ts";
import type { CompactJws } from "../protocol/compact-jws.ts";
import type { Revocations } from "../outside/revocations.ts";
import type { Claims } from "../words/auth.ts";
import type { VerificationMode } from "../words/verification.ts";
import type { Confirm, Confirmation } from "./confirm.ts";
import type { EnvironmentVerifier, Refusal, Verdict } from "./environment-verifier.ts";
import type { Grounds } from "./verified-tokens.ts";

/** Why a token is good, or why it is not. */
export type Judgement =
  | ({ readonly ok: true; /** By the server itself. */ readonly asked: boolean } & Grounds)
  | Refusal;

/** Synchronous unless something has to be asked. Throws or rejects if it could not be found out. */
export type Judge = (token: string, jws: CompactJws) => Judgement | Promise<Judgement>;

interface JudgeParts {
  readonly environment: string;
  readonly mode: VerificationMode["mode"];
  readonly verifier: EnvironmentVerifier;
  readonly revocations: Revocations;
  readonly confirm: Confirm;
}

/** All that a token of one environment has to pass: itself, what was revoked here, and the server where it is asked. */
export function createJudge({ environment, mode, verifier, revocations, confirm }: JudgeParts): Judge {
  function proceed(token: string, verdict: Verdict): Judgement | Promise<Judgement> {
    if (!verdict.ok) return verdict;
    const version = revocations.version();
    if (version !== 0 && isRevoked(token, verdict.claims)) return { ok: false, reason: "revoked", holds: "always" };
    const confirmation = confirm(token, verdict.claims);
    if (!(confirmation instanceof Promise)) return conclude(verdict, confirmation, version);
    return confirmation.then((late) => conclude(verdict, late, version));
  }

  function isRevoked(token: string, { sub, iat }: Claims): boolean {
    return revocations.covers({ environment, subject: sub, issuedAt: iat, digest: () => digestToken(token) });
  }

  return function judge(token, jws) {
    const verdict = mode === "introspection" ? verifier.verifyClaims(jws) : verifier.verify(jws);
    return verdict instanceof Promise ? verdict.then((late) => proceed(token, late)) : proceed(token, verdict);
  };
}

function conclude(
  { claims, key }: Extract<Verdict, { readonly ok: true }>,
  { active, asked, validForMs }: Confirmation,
  version: number,
): Judgement {
  return active ? { ok: true, claims, key, asked, validForMs, version } : { ok: false, reason: "inactive" };
}
