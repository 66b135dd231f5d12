import { KeyObject, constants, verify } from "node:crypto";
import { importJWK } from "jose";
import type { SignatureAlgorithm } from "../words/options.ts";
import type { StrictObject } from "./strict-json.ts";

/** A public key, bound to the one algorithm that it may be used with (RFC 8725 §3.1). */
export interface VerificationKey {
  readonly id: string;
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
}

/** A key, or why it was left out of the set: `alarming` if whoever publishes it should know. */
export type ParsedKey =
  | { readonly ok: true; readonly key: VerificationKey }
  | { readonly ok: false; readonly keyId: string | undefined; readonly problem: string; readonly alarming: boolean };

const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const minimumModulusBits = 2048;
const minimumExponent = 65_537n;

/**
 * Imports one member of a JWK Set (RFC 7517 §4), or says why it cannot be used; never throws.
 *
 * A key without `alg` gets the first of `algorithms` that fits its type, and no other.
 */
export async function parseVerificationKey(
  jwk: StrictObject,
  algorithms: readonly SignatureAlgorithm[],
): Promise<ParsedKey> {
  const { kid, kty, use, key_ops: operations } = jwk;
  const keyId = typeof kid === "string" ? kid : undefined;
  const unusable = (problem: string, alarming = false): ParsedKey => ({ ok: false, keyId, problem, alarming });

  if (privateMembers.some((name) => name in jwk)) return unusable("it carries private or symmetric key material", true);
  if (keyId === undefined || keyId === "") return unusable("it has no kid");
  if (typeof kty !== "string") return unusable("it has no kty");
  if (use !== undefined && use !== "sig") return unusable("its use is not sig");
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    return unusable("its key_ops do not include verify");
  }
  const algorithm = algorithmOf(jwk, algorithms);
  if (algorithm === undefined) return unusable(`it is not for one of the algorithms ${algorithms.join(", ")}`);
  let key: KeyObject;
  try {
    // Only the public members, each checked to be a string: whatever else the set says of the key stays outside.
    const imported = await importJWK({ kty, ...publicMembers(jwk) }, algorithm, { extractable: true });
    if (imported instanceof Uint8Array) return unusable("it is symmetric", true);
    key = KeyObject.from(imported);
  } catch {
    return unusable("it is no valid key of its type");
  }
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined && modulusLength < minimumModulusBits) {
    return unusable(`its modulus is shorter than ${String(minimumModulusBits)} bits`, true);
  }
  if (publicExponent !== undefined && (publicExponent < minimumExponent || publicExponent % 2n === 0n)) {
    return unusable("its public exponent is even or smaller than 65537", true);
  }
  return { ok: true, key: { id: keyId, algorithm, key } };
}

function algorithmOf(jwk: StrictObject, algorithms: readonly SignatureAlgorithm[]): SignatureAlgorithm | undefined {
  const { alg } = jwk;
  // RFC 9864 names the curve where RFC 8037 says EdDSA; both mean the same for Ed25519.
  const named = alg === "Ed25519" ? "EdDSA" : alg;
  return algorithms.find((algorithm) => fitsType(algorithm, jwk) && (named === undefined || named === algorithm));
}

function fitsType(algorithm: SignatureAlgorithm, { kty, crv }: StrictObject): boolean {
  switch (algorithm) {
    case "RS256":
    case "PS256":
      return kty === "RSA";
    case "ES256":
      return kty === "EC" && crv === "P-256";
    case "EdDSA":
      return kty === "OKP" && crv === "Ed25519";
  }
}

function publicMembers(jwk: StrictObject): Record<string, string> {
  const members: Record<string, string> = {};
  for (const name of ["n", "e", "crv", "x", "y"]) {
    const value = jwk[name];
    if (typeof value === "string") members[name] = value;
  }
  return members;
}

/** The known key if the other one is the same in every respect. */
export function sameKey(known: VerificationKey | undefined, other: VerificationKey): VerificationKey | undefined {
  return known !== undefined && known.algorithm === other.algorithm && known.key.equals(other.key) ? known : undefined;
}

/** One signature check (RFC 7515 §5.2). `algorithm` is the key's own, never the token's. */
export function verifySignature({ algorithm, key }: VerificationKey, signingInput: string, signature: Buffer): boolean {
  const data = Buffer.from(signingInput, "latin1");
  switch (algorithm) {
    case "RS256":
      // At once, and not by `createVerify`: that makes a stream for each token, which costs a server a thirtieth of a
      // request, although it is the faster of the two where nothing but signatures is checked.
      return verify("sha256", data, key, signature);
    case "PS256": {
      // As long as the modulus (RFC 8017 §8.1.2): OpenSSL takes one without its leading zeros, too.
      const { modulusLength = Number.NaN } = key.asymmetricKeyDetails ?? {};
      if (signature.length !== Math.ceil(modulusLength / 8)) return false;
      // The salt is as long as the hash (RFC 7518 §3.5), not of any length.
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return verify("sha256", data, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
    }
    case "ES256":
      // R and S side by side, 32 bytes each (RFC 7518 §3.4); never DER.
      return signature.length === 64 && verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, signature);
    case "EdDSA":
      return verify(null, data, key, signature);
  }
}
