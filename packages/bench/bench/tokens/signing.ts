import { sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Signs on the thread pool, so that a pool of tokens is made on all cores. */
export function issueRs256(claims: object, keyId: string, key: KeyObject): Promise<string> {
  const input = `${encode({ alg: "RS256", kid: keyId })}.${encode(claims)}`;
  return new Promise((resolve, reject) => {
    sign("sha256", Buffer.from(input), key, (error, signature) => {
      if (error) reject(error);
      else resolve(`${input}.${signature.toString("base64url")}`);
    });
  });
}

export function issueEdDsa(claims: object, keyId: string, key: KeyObject): string {
  const input = `${encode({ alg: "EdDSA", kid: keyId })}.${encode(claims)}`;
  return `${input}.${sign(null, Buffer.from(input), key).toString("base64url")}`;
}

/** A token whose key no key set has; its signature is never looked at. */
export function forgeUnknownKey(claims: object, keyId: string, signature: string): string {
  return `${encode({ alg: "RS256", kid: keyId })}.${encode(claims)}.${signature}`;
}
