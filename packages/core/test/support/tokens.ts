import "./no-network.ts";
import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** The frozen moment of the tests: seconds since the epoch. */
export const nowSeconds = 1_800_000_000;
export const envId = "demo";
export const issuer = "http://demo.ap-shanghai.tcb-api.tencentcloudapi.com";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

export const keyId = "9d1dc31e-b4d0-448b-a76f-b0cc63d81498";
export const signingKey: KeyObject = privateKey;
export const verificationKey: KeyObject = publicKey;
export const publishedKey = { ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" };

/** The claims of a user who signed in by e-mail, in the form of CloudBase's documented sample. */
export const userClaims = {
  iss: issuer,
  sub: "1866003456789012345",
  aud: envId,
  exp: nowSeconds + 7_200,
  iat: nowSeconds,
  at_hash: "r.lHDBr0v0B6QmFqQpqXn4Aw",
  scope: "user sso",
  project_id: envId,
  provider_type: "email",
  meta: { wxOpenId: "", wxUnionId: "" },
  user_type: "",
};

export const header = { alg: "RS256", kid: keyId };

/** Base64url of a value as JSON, or of a text or bytes as they are. */
export function encode(value: unknown): string {
  const bytes = typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value);
  return Buffer.from(bytes).toString("base64url");
}

/** Signs two segments as they stand, whatever they say. */
export function signSegments(headerSegment: string, payloadSegment: string, key: KeyObject = signingKey): string {
  const input = `${headerSegment}.${payloadSegment}`;
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
}

/** A well-signed token: the user's claims with `changes` over them (`undefined` removes one), header likewise. */
export function issue(
  changes: Readonly<Record<string, unknown>> = {},
  headerChanges: Readonly<Record<string, unknown>> = {},
): string {
  return signSegments(encode({ ...header, ...headerChanges }), encode({ ...userClaims, ...changes }));
}

/** A well-signed token whose header or payload is this text or these bytes. */
export function issueRaw({
  headerText = JSON.stringify(header),
  payloadText = JSON.stringify(userClaims) as string | Buffer,
}): string {
  return signSegments(encode(headerText), encode(payloadText));
}
