import { isOneCredential, tokenOf } from "../protocol/bearer.ts";
import { fingerprintOf } from "../protocol/fingerprint.ts";
import type { ParsedJws } from "../protocol/compact-jws.ts";
import type { Refusals } from "../protocol/refusals.ts";
import { userFromClaims } from "../protocol/wire.ts";
import { createRecall } from "./recall.ts";
import { isToldOfResults, tellOfResult } from "./tell-result.ts";
import { unavailableAs } from "./unavailable.ts";
import type { Auth, AuthRequest, AuthResult } from "../words/auth.ts";
import type { Presented } from "../words/credentials.ts";
import type { AuthError } from "../words/errors.ts";
import { rememberLast } from "../words/last-asked.ts";
import { createScopeParser } from "../words/scope.ts";
import type { Judge, Judgement } from "./judge.ts";
import type { RefusedTokens } from "./refused-tokens.ts";
import { VerifiedAuth } from "./verified-auth.ts";
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
  readonly extract: (request: AuthRequest) => Presented;
  readonly parse: (token: string) => ParsedJws;
  readonly refusals: Refusals;
}

const noStore = Object.freeze({ "Cache-Control": "no-store" });
const nobody: AuthResult = Object.freeze({ auth: Object.freeze({ state: "absent" as const }), user: undefined });

/** Turns a request into the answer to "who sent this"; see `CloudbaseAuth.authenticate`. */
export function createAuthenticator(parts: AuthenticatorParts) {
  const { environments, byIssuer, refused, extract, parse, refusals } = parts;
  /** What is being found out, by token: however many ask, it is found out once. */
  const pending = new Map<string, Promise<AuthResult>>();
  const scopesOf = createScopeParser();
  const findEnvironment = rememberLast((issuer) => byIssuer.get(issuer));
  const recall = createRecall(environments.map(({ verified }) => verified));

  /** `read` is how this request presents a token, where that differs from the instance's own ways. */
  return function authenticate(request: AuthRequest, read = extract): AuthResult | Promise<AuthResult> {
    const startedAt = isToldOfResults() ? performance.now() : undefined;
    try {
      const presented = read(request);
      switch (presented.kind) {
        case "absent":
          return nobody;
        case "refused": {
          const result = failed("rejected", refusalOf(presented.reason));
          if (startedAt !== undefined) tellOf(result, startedAt);
          return result;
        }
        case "token": {
          const { credentials } = presented;
          const fingerprint = fingerprintOf(credentials);
          const known = recall(credentials, fingerprint) ?? refused.recall(credentials, fingerprint);
          const result = known ?? awaited(credentials) ?? verify(credentials);
          if (startedAt !== undefined) tellOf(result, startedAt, credentials, known !== undefined);
          return presented.noStore === undefined ? result : unstored(result);
        }
      }
    } catch (error) {
      const result = unavailable(error);
      if (startedAt !== undefined) tellOf(result, startedAt);
      return result;
    }
  };

  function tellOf(
    result: AuthResult | Promise<AuthResult>,
    startedAt: number,
    credentials?: string,
    cacheHit = false,
  ): void {
    tellOfResult(result, { startedAt, cacheHit, environment: () => environmentOf(credentials)?.envId });
  }

  /** The environment that a token says to be of. */
  function environmentOf(credentials = ""): AuthenticatingEnvironment | undefined {
    const parsed = parse(tokenOf(credentials));
    const issuer = parsed.ok ? parsed.jws.claims["iss"] : undefined;
    return typeof issuer === "string" ? findEnvironment(issuer) : undefined;
  }

  function refusalOf(reason: Extract<Presented, { kind: "refused" }>["reason"]): AuthError {
    return reason === "cross_site" ? refusals.csrf() : refusals.invalidRequest(reason);
  }

  function awaited(credentials: string): Promise<AuthResult> | undefined {
    // Hashing all of it for nothing would cost more than any other look-up here.
    return pending.size === 0 ? undefined : pending.get(credentials);
  }

  function verify(credentials: string): AuthResult | Promise<AuthResult> {
    const token = tokenOf(credentials);
    const parsed = parse(token);
    if (!parsed.ok) {
      const error = isOneCredential(token)
        ? refusals.invalidToken(parsed.reason)
        : refusals.invalidRequest("malformed_header");
      return refuse(credentials, error);
    }
    const { iss } = parsed.jws.claims;
    const environment = typeof iss === "string" ? findEnvironment(iss) : undefined;
    if (environment === undefined) return refuse(credentials, refusals.invalidToken("issuer"));
    const judged = environment.judge(token, parsed.jws);
    return judged instanceof Promise
      ? later(credentials, environment, judged)
      : conclude(credentials, environment, judged);
  }

  function later(
    credentials: string,
    environment: AuthenticatingEnvironment,
    judged: Promise<Judgement>,
  ): Promise<AuthResult> {
    const result = judged
      .then((known) => conclude(credentials, environment, known))
      .catch(unavailable)
      .finally(() => pending.delete(credentials));
    pending.set(credentials, result);
    return result;
  }

  function conclude(credentials: string, environment: AuthenticatingEnvironment, judged: Judgement): AuthResult {
    if (!judged.ok) {
      const error = refusals.invalidToken(judged.reason);
      if (judged.holds === undefined) return failed("rejected", error);
      return refuse(credentials, error, judged.holds === "always" ? undefined : judged.holds);
    }
    const { claims, asked } = judged;
    const user = userFromClaims(claims, scopesOf);
    const verifiedBy = asked ? "introspection" : "signature";
    const auth = new VerifiedAuth(tokenOf(credentials), claims, user.scopes, verifiedBy, environment.envId);
    const result = Object.freeze({ auth, user });
    environment.verified.remember(credentials, result, judged);
    return result;
  }

  /** A refusal that will not change. */
  function refuse(credentials: string, error: AuthError, stillHolds?: () => boolean): AuthResult {
    const result = failed("rejected", error);
    refused.remember(credentials, result, stillHolds);
    return result;
  }

  /** Whatever was thrown, we could not find out: that is 503, and never an accepted or a refused token. */
  function unavailable(error: unknown): AuthResult {
    return failed("unavailable", unavailableAs(refusals, error));
  }
}

/** The same result for a request whose answer must be kept nowhere (RFC 6750 §2.3). */
function unstored(result: AuthResult | Promise<AuthResult>): AuthResult | Promise<AuthResult> {
  if (result instanceof Promise) return result.then(unstored);
  return Object.freeze({ ...result, headers: noStore });
}

function failed(state: Exclude<Auth["state"], "authenticated" | "absent">, error: AuthError): AuthResult {
  return Object.freeze({ auth: Object.freeze({ state, error: Object.freeze(error) }), user: undefined });
}
