import { extractBearer } from "../protocol/bearer.ts";
import { parseCompactJws } from "../protocol/compact-jws.ts";
import type { Refusals } from "../protocol/refusals.ts";
import { userFromClaims } from "../protocol/wire.ts";
import { KeySetUnavailableError } from "../outside/key-set.ts";
import type { Auth, Authenticated, AuthRequest, AuthResult, Claims } from "../words/auth.ts";
import type { AuthError } from "../words/errors.ts";
import type { SignatureAlgorithm } from "../words/options.ts";
import type { EnvironmentVerifier, Verdict } from "./environment-verifier.ts";

interface AuthenticatorParts {
  /** By issuer; the exact spelling of `iss` picks, nothing else does. */
  readonly verifiers: ReadonlyMap<string, EnvironmentVerifier>;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly refusals: Refusals;
}

const nobody: AuthResult = Object.freeze({ auth: Object.freeze({ state: "absent" as const }), user: undefined });

/** Turns a request into the answer to "who sent this"; see `CloudbaseAuth.authenticate`. */
export function createAuthenticator({ verifiers, algorithms, refusals }: AuthenticatorParts) {
  return function authenticate(request: AuthRequest): AuthResult | Promise<AuthResult> {
    try {
      const presented = extractBearer(request);
      switch (presented.kind) {
        case "absent":
          return nobody;
        case "refused":
          return failed("rejected", refusals.invalidRequest(presented.reason));
        case "token":
          return verify(presented.token);
      }
    } catch (error) {
      return unavailable(error);
    }
  };

  function verify(token: string): AuthResult | Promise<AuthResult> {
    const parsed = parseCompactJws(token, algorithms);
    if (!parsed.ok) return failed("rejected", refusals.invalidToken(parsed.reason));
    const { iss } = parsed.jws.claims;
    const verifier = typeof iss === "string" ? verifiers.get(iss) : undefined;
    if (verifier === undefined) return failed("rejected", refusals.invalidToken("issuer"));
    const verdict = verifier.verify(parsed.jws);
    if (!(verdict instanceof Promise)) return conclude(token, verifier.envId, verdict);
    return verdict.then((late) => conclude(token, verifier.envId, late)).catch(unavailable);
  }

  function conclude(token: string, envId: string, verdict: Verdict): AuthResult {
    if (!verdict.ok) return failed("rejected", refusals.invalidToken(verdict.reason));
    const user = userFromClaims(verdict.claims);
    return Object.freeze({ auth: authenticated(token, envId, verdict.claims, user.scopes), user });
  }

  /** Whatever was thrown, we could not find out: that is 503, and never an accepted or a refused token. */
  function unavailable(error: unknown): AuthResult {
    const retryAfterSeconds = error instanceof KeySetUnavailableError ? error.retryAfterSeconds : 1;
    return failed("unavailable", refusals.serviceUnavailable("key_set", retryAfterSeconds, error));
  }
}

function authenticated(token: string, environment: string, claims: Claims, scopes: readonly string[]): Authenticated {
  const auth = { state: "authenticated" as const, token, claims, scopes, expiresAt: claims.exp * 1_000 };
  Object.defineProperty(auth, "token", { enumerable: false });
  return Object.freeze(Object.assign(auth, { verifiedBy: "signature" as const, environment }));
}

function failed(state: Exclude<Auth["state"], "authenticated" | "absent">, error: AuthError): AuthResult {
  return Object.freeze({ auth: Object.freeze({ state, error }), user: undefined });
}
