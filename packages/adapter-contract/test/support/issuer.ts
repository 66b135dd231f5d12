import { generateKeyPair, sign } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { promisify } from "node:util";

export const envId = "demo";
const issuerName = "http://demo.ap-shanghai.tcb-api.tencentcloudapi.com";
export const person = "1866003456789012345";

/** A key of the issuer, and tokens signed with it. */
export interface IssuerKey {
  readonly kid: string;
  readonly jwk: JsonWebKey;
  /** A person's token, an hour old and good for two more, with the claims laid over the usual ones. */
  issue(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
}

const generate = promisify(generateKeyPair);

export async function createIssuerKey(kid: string): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generate("rsa", { modulusLength: 2048 });
  return {
    kid,
    jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" },
    issue: (claims, header) => signToken(privateKey, { alg: "RS256", kid, ...header }, { ...usualClaims(), ...claims }),
  };
}

function usualClaims(): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  return { iss: issuerName, aud: envId, sub: person, iat: now - 3_600, exp: now + 7_200, scope: "user sso" };
}

/** Members that are `undefined` are left out. */
function signToken(key: KeyObject, header: object, claims: object): string {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
}
