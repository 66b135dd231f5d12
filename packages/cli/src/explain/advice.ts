import type { AuthErrorReason } from "@cloudbase-auth/core";
import { formatDuration, formatMoment } from "../terminal/times.ts";
import { adviseOnForm } from "./form-advice.ts";
import { acceptedAlgorithms, acceptedAudience, shown } from "./token-facts.ts";
import type { Facts } from "./token-facts.ts";

/** What a refusal rests on, and what to change. */
export interface Advice {
  readonly what: string;
  readonly fix: string;
}

/** In words for this token and this configuration. The verdict is the core's; nothing is decided here. */
export function adviseOn(reason: AuthErrorReason | undefined, facts: Facts): Advice {
  const advise = reason === undefined ? undefined : byReason[reason];
  return advise === undefined ? adviseOnForm(facts) : advise(facts);
}

const byReason: Partial<Readonly<Record<AuthErrorReason, (facts: Facts) => Advice>>> = {
  algorithm: (facts) => ({
    what: `it is signed with ${shown(facts.header?.["alg"])}; accepted: ${acceptedAlgorithms(facts)}`,
    fix: "If your environment's key set really has such keys, allow it in option algorithms. Never none or HS….",
  }),
  type: ({ header, claims }) => ({
    what: `it is no access token of a user (typ ${shown(header?.["typ"])}, role ${shown(claims?.["role"])})`,
    fix: "API keys and publishable keys are for CloudBase's own API. Send the access_token of a signed-in user.",
  }),
  issuer: (facts) => ({
    what: `its issuer ${shown(facts.claims?.["iss"])} is none that is accepted`,
    fix: issuerFix(facts),
  }),
  audience: (facts) => ({
    what: `it is for ${shown(facts.claims?.["aud"])}; accepted: ${acceptedAudience(facts)}`,
    fix: audienceFix(facts),
  }),
  claim: adviseOnClaims,
  expired: ({ claims, nowMs }) => ({
    what: `it has expired: ${formatMoment(Number(claims?.["exp"]), nowMs)}`,
    fix: "The client has to renew it with its refresh token (cloudbase-auth refresh), or sign in again. If it is fresh, a clock is wrong: cloudbase-auth doctor.",
  }),
  not_yet_valid: ({ claims, nowMs }) => ({
    what: `it is not valid yet: ${beginningOf(claims, nowMs)}`,
    fix: "The clock of this machine is behind the server's; cloudbase-auth doctor says by how much.",
  }),
  unknown_key: ({ header, where }) => ({
    what: `the key set of ${where.endpoint} has no key ${shown(header?.["kid"])}`,
    fix: "It is of another environment, or older than its keys (an emulator has new ones after each start): sign in again, and check --env and --endpoint.",
  }),
  signature: ({ header }) => ({
    what: `its signature does not fit the key ${shown(header?.["kid"])}`,
    fix: "It was changed after it was issued, or is forged. Take a fresh one; if it fails too, look who passes it on.",
  }),
};

function audienceFix({ claims, where }: Facts): string {
  const project = claims?.["project_id"];
  if (typeof project === "string" && project !== where.envId) {
    return `It is of environment ${project}, and this configuration is of ${where.envId}: set CLOUDBASE_ENV_ID, or take a token of ${where.envId}.`;
  }
  return "If that is the client id of your own frontend, set CLOUDBASE_CLIENT_ID or option audience to it. If not, the token was made for another application.";
}

function beginningOf(claims: Facts["claims"], nowMs: number): string {
  const { nbf, iat } = claims ?? {};
  return typeof nbf === "number" && nbf > Number(iat)
    ? `good from ${formatMoment(nbf, nowMs)}`
    : `issued ${formatMoment(Number(iat), nowMs)}`;
}

function issuerFix({ claims, where }: Facts): string {
  const iss = claims?.["iss"];
  if (typeof iss !== "string" || !URL.canParse(iss)) return "CloudBase's tokens name theirs; look where it comes from.";
  const { hostname, origin } = new URL(iss);
  const named =
    /^([a-z0-9_-]{1,40})\.(?:([a-z0-9-]+)\.tcb-api\.tencentcloudapi\.com|api\.(?:intl\.)?tcloudbasegateway\.com)$/;
  const [, envId, region] = named.exec(hostname) ?? [];
  if (envId !== undefined && envId !== where.envId) {
    return `It is of environment ${envId}, and this configuration is of ${where.envId}: set CLOUDBASE_ENV_ID, or take a token of ${where.envId}.`;
  }
  if (region !== undefined) return `It is of region ${region}: set CLOUDBASE_REGION=${region}.`;
  if (/^(?:localhost|127\.|\[::1\])/.test(hostname)) {
    return `It is an emulator's: set CLOUDBASE_AUTH_ENDPOINT=${origin}, and never in production.`;
  }
  return "If it is your environment's, name it in option issuers. If not, the token is somebody else's.";
}

function adviseOnClaims({ claims = {} }: Facts): Advice {
  const missing = ["iss", "sub", "aud", "exp", "iat"].filter((name) => claims[name] === undefined);
  if (missing.length > 0) {
    return {
      what: `it lacks ${missing.join(", ")}`,
      fix: "It is signed, but no access token: a verification_id looks like that. Send the access_token.",
    };
  }
  const { exp, iat } = claims;
  if (typeof exp === "number" && typeof iat === "number") {
    if (exp <= iat) return { what: "it ends before it begins (exp, iat)", fix: "Look who issued it." };
    const days = 7;
    if (exp - iat > days * 86_400) {
      return {
        what: `it lives for ${formatDuration(exp - iat)} (exp − iat), longer than ${String(days)} days`,
        fix: "Shorten the life of access tokens in the console, or raise option maxTokenLifetimeSeconds. Times in milliseconds look like that too.",
      };
    }
  }
  return {
    what: "a claim is of another type than it must be",
    fix: "Look who issued it; CloudBase's are texts and numbers of seconds.",
  };
}
