import type { ParsedJws } from "../protocol/compact-jws.ts";
import type { Refusals } from "../protocol/refusals.ts";
import { digestSubject, digestToken } from "../protocol/revocation-list.ts";
import type { Revocations } from "../outside/revocations.ts";
import type { Claims } from "../words/auth.ts";
import type { RevokedToken } from "../words/revocation.ts";
import type { Environment } from "./environment.ts";
import { nameEnvironment } from "./name-environment.ts";
import { unavailableAs } from "./unavailable.ts";

interface RevokeParts {
  readonly environments: readonly Environment[];
  readonly byIssuer: ReadonlyMap<string, Environment>;
  readonly parse: (token: string) => ParsedJws;
  readonly revocations: Revocations;
  readonly refusals: Refusals;
  readonly maxTokenLifetimeSeconds: number;
  readonly clockToleranceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Which tokens of an environment: all that were issued up to a moment. */
export interface RevokeOptions {
  /** @default the only one; with several it must be named */
  readonly environment?: string | undefined;
  /** Milliseconds since the epoch. @default now */
  readonly issuedUpToMs?: number | undefined;
}

/** Of which moment is asked. */
export interface UserRevokedOptions extends Pick<RevokeOptions, "environment"> {
  /** Milliseconds since the epoch. */
  readonly issuedAtMs: number;
}

/** What an instance revokes; see `CloudbaseAuth`. */
export interface RevokeCalls {
  readonly revoke: (accessToken: string) => Promise<RevokedToken>;
  readonly revokeUser: (userId: string, options?: RevokeOptions) => Promise<void>;
  readonly revokeEnvironment: (options?: RevokeOptions) => Promise<void>;
  readonly isUserRevoked: (userId: string, options: UserRevokedOptions) => boolean;
}

const noGood: RevokedToken = Object.freeze({ here: false, server: "not asked" });

export function createRevoke(parts: RevokeParts): RevokeCalls {
  const { environments, byIssuer, parse, revocations, refusals, clockToleranceSeconds, now } = parts;

  /** The claims of a token that would be accepted, or that only a server out of reach keeps us from judging. */
  async function revocableClaims(
    environment: Environment,
    jws: (ParsedJws & { ok: true })["jws"],
  ): Promise<Claims | undefined> {
    try {
      const verdict = await environment.verifier.verify(jws);
      return verdict.ok ? verdict.claims : undefined;
    } catch {
      // Without the key it cannot be proven; refusing a token that nobody would have accepted does no harm.
      const unproven = environment.verifier.verifyClaims(jws);
      return unproven.ok ? unproven.claims : undefined;
    }
  }

  function epochOf({ environment, issuedUpToMs = now() }: RevokeOptions) {
    const own = nameEnvironment(environments, environment);
    if (!Number.isFinite(issuedUpToMs)) throw new TypeError("option issuedUpToMs must be milliseconds since the epoch");
    // No token can have been issued in the future: one that says so would live on.
    const issuedUpTo = Math.floor(Math.min(issuedUpToMs, now()) / 1_000);
    const expiresAt = issuedUpTo + parts.maxTokenLifetimeSeconds + clockToleranceSeconds;
    return { environment: own.envId, issuedUpTo, expiresAt };
  }

  return {
    async revoke(accessToken) {
      const parsed = parse(accessToken);
      const issuer = parsed.ok ? parsed.jws.claims["iss"] : undefined;
      const environment = typeof issuer === "string" ? byIssuer.get(issuer) : undefined;
      if (!parsed.ok || environment === undefined) return noGood;
      const claims = await revocableClaims(environment, parsed.jws);
      if (claims === undefined) return noGood;
      const at = { environment: environment.envId, expiresAt: claims.exp + clockToleranceSeconds };
      await revocations.add({ kind: "token", digest: digestToken(accessToken), ...at });
      const server = await revocations.tellServer(environment.revoking, accessToken, at);
      return Object.freeze({ here: true, server });
    },
    async revokeUser(userId, options = {}) {
      if (typeof userId !== "string" || userId === "") throw new TypeError("the user id must be a non-empty string");
      await revocations.add({ kind: "user", digest: digestSubject(userId), ...epochOf(options) });
    },
    async revokeEnvironment(options = {}) {
      await revocations.add({ kind: "environment", ...epochOf(options) });
    },
    isUserRevoked(userId, { environment, issuedAtMs }) {
      const { envId } = nameEnvironment(environments, environment);
      const issuedAt = Math.floor(issuedAtMs / 1_000);
      try {
        return revocations.covers({ environment: envId, subject: userId, issuedAt, digest: () => "of no token" });
      } catch (error) {
        throw unavailableAs(refusals, error);
      }
    },
  };
}
