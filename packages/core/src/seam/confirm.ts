import type { Introspection } from "../outside/introspection.ts";
import type { Claims } from "../words/auth.ts";
import { UnavailableError } from "../words/unavailable.ts";
import type { VerificationMode } from "../words/verification.ts";

/** Whether a token that passed locally may pass, and for how long that may be taken as said. */
export interface Confirmation {
  readonly active: boolean;
  /** Whether that is the server's word on this token. */
  readonly asked: boolean;
  readonly validForMs: number;
}

/** Synchronous unless the server has to be asked. @throws UnavailableError (or rejects with it) */
export type Confirm = (token: string, claims: Claims) => Confirmation | Promise<Confirmation>;

interface ConfirmParts {
  readonly introspection: Introspection;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

const introspectionCountsForMs = 60_000;
// With the server away and the local word taken for longer, it is tried again this soon.
const staleCountsForMs = 1_000;
const unasked: Confirmation = { active: true, asked: false, validForMs: Infinity };

/** What a mode of verification asks for beyond the local check. */
export function createConfirm(verification: VerificationMode, parts: ConfirmParts): Confirm {
  switch (verification.mode) {
    case "local":
      return () => unasked;
    case "introspection":
      return createAlways(parts);
    case "hybrid":
      return createHybrid(verification, parts);
  }
}

function createAlways({ introspection, monotonic }: ConfirmParts): Confirm {
  return (token, claims) => ask(introspection, monotonic, token, claims.sub, introspectionCountsForMs);
}

function createHybrid(
  { introspectAfterSeconds, onUnavailable }: Extract<VerificationMode, { mode: "hybrid" }>,
  { introspection, now, monotonic }: ConfirmParts,
): Confirm {
  const countsForMs = introspectAfterSeconds * 1_000;
  const staleMs = onUnavailable === "fail" ? 0 : onUnavailable.allowStaleSeconds * 1_000;

  return function confirm(token, claims) {
    // A clock that is behind makes no token younger than new.
    const issuedMsAgo = Math.max(0, now() - claims.iat * 1_000);
    if (issuedMsAgo < countsForMs && introspection.last(token)?.active !== false) {
      return { active: true, asked: false, validForMs: countsForMs - issuedMsAgo };
    }
    try {
      const confirmed = ask(introspection, monotonic, token, claims.sub, countsForMs);
      return confirmed instanceof Promise ? confirmed.catch((error: unknown) => standIn(error)) : confirmed;
    } catch (error) {
      return standIn(error);
    }

    /** The local word alone, while the server's last one is not too old. */
    function standIn(error: unknown): Confirmation {
      const last = introspection.last(token);
      const lastMsAgo = last?.active === true ? Math.min(issuedMsAgo, monotonic() - last.askedAt) : issuedMsAgo;
      const leftMs = countsForMs + staleMs - lastMsAgo;
      if (!(error instanceof UnavailableError) || last?.active === false || leftMs <= 0) throw error;
      return { active: true, asked: false, validForMs: Math.min(leftMs, staleCountsForMs) };
    }
  };
}

function ask(
  introspection: Introspection,
  monotonic: () => number,
  token: string,
  subject: string,
  maxAgeMs: number,
): Confirmation | Promise<Confirmation> {
  const confirmed = ({ active, askedAt }: { readonly active: boolean; readonly askedAt: number }): Confirmation => {
    return { active, asked: true, validForMs: maxAgeMs - (monotonic() - askedAt) };
  };
  const word = introspection.ask(token, subject, maxAgeMs);
  return word instanceof Promise ? word.then(confirmed) : confirmed(word);
}
