import { extractBearer, isOneCredential } from "../protocol/bearer.ts";
import type { ParsedJws } from "../protocol/compact-jws.ts";
import type { Refusals } from "../protocol/refusals.ts";
import { userFromClaims } from "../protocol/wire.ts";
import { unavailableAs } from "./unavailable.ts";
import type { Auth, Authenticated, AuthRequest, AuthResult, Claims } from "../words/auth.ts";
import type { AuthError } from "../words/errors.ts";
import type { Judge, Judgement } from "./judge.ts";
import type { RefusedTokens } from "./refused-tokens.ts";
import type { VerifiedTokens } from "./verified-tokens.ts";

/** What the authenticator uses of an environment. */
export interface AuthenticatingEnvironment {
  readonly envId: string;
  readonly judge: Judge;
  readonly verified: VerifiedTokens;
}

interface AuthenticatorParts {
  readonly environments: readonly AuthenticatingEnvironment[];
  /** By issuer; the exact spelling of `iss` picks, nothing else does. */
  readonly byIssuer: ReadonlyMap<string, AuthenticatingEnvironment>;
  readonly refused: RefusedTokens;
  readonly parse: (token: string) => ParsedJws;
  readonly refusals: Refusals;
}

const nobody: AuthResult = Object.freeze({ auth: Object.freeze({ state: "absent" as const }), user: undefined });

/** Turns a request into the answer to "who sent this"; see `CloudbaseAuth.authenticate`. */
export function createAuthenticator({ environments, byIssuer, refused, parse, refusals }: AuthenticatorParts) {
  /** What is being found out, by token: however many ask, it is found out once. */
  const pending = new Map<string, Promise<AuthResult>>();

  return function authenticate(request: AuthRequest): AuthResult | Promise<AuthResult> {
    try {
      const presented = extractBearer(request);
      switch (presented.kind) {
        case "absent":
          return nobody;
        case "refused":
          return failed("rejected", refusals.invalidRequest(presented.reason));
        case "token":
          return recall(presented.token) ?? awaited(presented.token) ?? verify(presented.token);
      }
    } catch (error) {
      return unavailable(error);
    }
  };

  function recall(token: string): AuthResult | undefined {
    for (const { verified } of environments) {
      const result = verified.recall(token);
      if (result !== undefined) return result;
    }
    return refused.recall(token);
  }

  function awaited(token: string): Promise<AuthResult> | undefined {
    // Hashing a whole token for nothing would cost more than any other look-up here.
    return pending.size === 0 ? undefined : pending.get(token);
  }

  function verify(token: string): AuthResult | Promise<AuthResult> {
    const parsed = parse(token);
    if (!parsed.ok) {
      const error = isOneCredential(token)
        ? refusals.invalidToken(parsed.reason)
        : refusals.invalidRequest("malformed_header");
      return refuse(token, error);
    }
    const { iss } = parsed.jws.claims;
    const environment = typeof iss === "string" ? byIssuer.get(iss) : undefined;
    if (environment === undefined) return refuse(token, refusals.invalidToken("issuer"));
    const judged = environment.judge(token, parsed.jws);
    return judged instanceof Promise ? later(token, environment, judged) : conclude(token, environment, judged);
  }

  function later(
    token: string,
    environment: AuthenticatingEnvironment,
    judged: Promise<Judgement>,
  ): Promise<AuthResult> {
    const result = judged
      .then((known) => conclude(token, environment, known))
      .catch(unavailable)
      .finally(() => pending.delete(token));
    pending.set(token, result);
    return result;
  }

  function conclude(token: string, environment: AuthenticatingEnvironment, judged: Judgement): AuthResult {
    if (!judged.ok) {
      const error = refusals.invalidToken(judged.reason);
      if (judged.holds === undefined) return failed("rejected", error);
      return refuse(token, error, judged.holds === "always" ? undefined : judged.holds);
    }
    const { claims, asked } = judged;
    const user = userFromClaims(claims);
    const verifiedBy = asked ? "introspection" : "signature";
    const auth = new VerifiedAuth(token, claims, user.scopes, verifiedBy, environment.envId);
    const result = Object.freeze({ auth, user });
    environment.verified.remember(token, result, judged);
    return result;
  }

  /** A refusal that will not change. */
  function refuse(token: string, error: AuthError, stillHolds?: () => boolean): AuthResult {
    const result = failed("rejected", error);
    refused.remember(token, result, stillHolds);
    return result;
  }

  /** Whatever was thrown, we could not find out: that is 503, and never an accepted or a refused token. */
  function unavailable(error: unknown): AuthResult {
    return failed("unavailable", unavailableAs(refusals, error));
  }
}

/** A class, because a private member is the one cheap way to have a property that nothing shows or copies. */
class VerifiedAuth implements Authenticated {
  readonly state = "authenticated";
  readonly claims: Claims;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  readonly verifiedBy: Authenticated["verifiedBy"];
  readonly environment: string;
  readonly #token: string;

  constructor(
    token: string,
    claims: Claims,
    scopes: readonly string[],
    verifiedBy: Authenticated["verifiedBy"],
    environment: string,
  ) {
    this.#token = token;
    this.claims = claims;
    this.scopes = scopes;
    this.expiresAt = claims.exp * 1_000;
    this.verifiedBy = verifiedBy;
    this.environment = environment;
    Object.freeze(this);
  }

  get token(): string {
    return this.#token;
  }
}

function failed(state: Exclude<Auth["state"], "authenticated" | "absent">, error: AuthError): AuthResult {
  return Object.freeze({ auth: Object.freeze({ state, error }), user: undefined });
}
