import { createHash } from "node:crypto";
import { errors, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import type { Environment } from "../state/environment.ts";
import { isKnownClient } from "./client.ts";

/** An access token of this environment that was checked in full. */
export interface AccessToken {
  readonly sub: string;
  /** The `aud`: the client that signed in. */
  readonly clientId: string;
  readonly scope: string;
  /** `undefined` in tokens that were issued outside a session. */
  readonly atHash: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
}

export type Examined =
  | { readonly state: "valid"; readonly token: AccessToken }
  | { readonly state: "expired" }
  | { readonly state: "invalid" };

/** What differs from token to token; the rest is the same for the whole environment. */
export interface Subject {
  readonly sub: string;
  readonly clientId: string;
  readonly scope: string;
  readonly atHash: string;
  /** @default the setting `accessTokenSeconds` */
  readonly lifetimeSeconds?: number;
  /** Claims beside the fixed ones. */
  readonly further: Readonly<Record<string, unknown>>;
}

/**
 * The claims of an access token as in the documented samples (docs.cloudbase.net http-api/auth/auth-revoke and
 * auth-sign-in-anonymously): no `jti`, no `nbf`, and no `typ` in the header.
 */
export function accessTokenClaims(environment: Environment, subject: Subject): Record<string, unknown> {
  const iat = Math.floor(environment.clock.now() / 1000);
  return {
    iss: environment.issuer(),
    sub: subject.sub,
    aud: subject.clientId,
    exp: iat + (subject.lifetimeSeconds ?? environment.settings.accessTokenSeconds),
    iat,
    at_hash: subject.atHash,
    scope: subject.scope,
    project_id: environment.envId,
    meta: { wxOpenId: "", wxUnionId: "" },
    user_type: "",
    ...subject.further,
  };
}

/**
 * Whether a string is an access token of this environment that works now. Checks the RS256 signature by a published
 * key, `iss`, `aud`, `exp`, `nbf`, `sub`, `scope` and `project_id`, and that neither the token nor its session was
 * revoked and its user was not deleted. A verification_id, signed with the same key, is none.
 */
export async function examineAccessToken(environment: Environment, text: string): Promise<Examined> {
  try {
    const { payload } = await jwtVerify(text, ({ kid }) => findKey(environment, kid), {
      algorithms: ["RS256"],
      issuer: [environment.issuer(), ...environment.formerIssuers],
      requiredClaims: ["exp", "iat"],
      currentDate: new Date(environment.clock.now()),
    });
    const token = parseClaims(environment, text, payload);
    return token && !isRevoked(environment, token) ? { state: "valid", token } : { state: "invalid" };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { state: "expired" };
    if (error instanceof errors.JOSEError || error instanceof TypeError) return { state: "invalid" };
    throw error;
  }
}

function findKey({ keys }: Environment, kid: string | undefined) {
  const key = keys.find(kid ?? "");
  if (!key) throw new errors.JWKSNoMatchingKey();
  return key;
}

function parseClaims(environment: Environment, text: string, payload: JWTPayload): AccessToken | undefined {
  const { sub, aud, scope, project_id: projectId, at_hash: atHash } = payload;
  if (typeof sub !== "string" || sub === "" || typeof scope !== "string" || scope === "") return undefined;
  if (typeof aud !== "string" || aud === "" || !isKnownClient(environment, aud)) return undefined;
  if (projectId !== environment.envId) return undefined;
  return {
    sub,
    clientId: aud,
    scope,
    atHash: typeof atHash === "string" ? atHash : undefined,
    claims: payload,
    fingerprint: fingerprintOf(text),
  };
}

function isRevoked({ revokedTokens, sessions, users }: Environment, token: AccessToken): boolean {
  const session = token.atHash === undefined ? undefined : sessions.ofAccessToken(token.atHash);
  return (
    revokedTokens.has(token.fingerprint) ||
    users.isRemoved(token.sub) ||
    (session !== undefined && sessions.isRevoked(session))
  );
}

/** Over what is signed, so that another spelling of the same signature is the same token. */
function fingerprintOf(text: string): string {
  return createHash("sha256")
    .update(text.slice(0, text.lastIndexOf(".")))
    .digest("base64url");
}
