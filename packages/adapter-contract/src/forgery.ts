import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";

/** Takes good tokens and makes bad ones of them, without the issuer's key. */
export interface Forger {
  /** The token with another header; the signature stays what it was. */
  withHeader(token: string, change: Readonly<Record<string, unknown>>): string;
  /** The token with another payload; the signature stays what it was. */
  withClaims(token: string, change: Readonly<Record<string, unknown>>): string;
  /** `alg: none` in the spelling given, with nothing or the old signature behind the last dot. */
  unsigned(token: string, alg: string, signature: "empty" | "kept"): string;
  /** HS256 with the published key as the secret, in one of the forms that libraries fell for. */
  keyedWithPublicKey(token: string, form: "pem" | "der" | "jwk"): string;
  /** Properly signed, by a key that nobody published. */
  signedByStranger(token: string, keyId?: string): string;
}

/** @param publicKeys the issuer's published JWKs */
export function createForger(publicKeys: readonly JsonWebKey[]): Forger {
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

  function published(token: string): { jwk: JsonWebKey; key: KeyObject } {
    const { kid } = headerOf(token);
    const jwk = publicKeys.find((candidate) => candidate["kid"] === kid);
    if (jwk === undefined) throw new Error("the token's key is not published");
    return { jwk, key: createPublicKey({ key: jwk, format: "jwk" }) };
  }

  function secretOf(token: string, form: "pem" | "der" | "jwk"): string | Buffer {
    const { jwk, key } = published(token);
    if (form === "jwk") return JSON.stringify(jwk);
    if (form === "der") return key.export({ format: "der", type: "spki" });
    return key.export({ format: "pem", type: "spki" });
  }

  function reheaded(token: string, change: Readonly<Record<string, unknown>>): string {
    const [, payload = ""] = token.split(".");
    return `${encode({ ...headerOf(token), ...change })}.${payload}`;
  }

  return {
    withHeader: (token, change) => `${reheaded(token, change)}.${token.split(".")[2]}`,
    withClaims(token, change) {
      const [header, payload = "", signature] = token.split(".");
      return `${header}.${encode({ ...decode(payload), ...change })}.${signature}`;
    },
    unsigned: (token, alg, signature) =>
      `${reheaded(token, { alg })}.${signature === "empty" ? "" : token.split(".")[2]}`,
    keyedWithPublicKey(token, form) {
      const input = reheaded(token, { alg: "HS256" });
      return `${input}.${createHmac("sha256", secretOf(token, form)).update(input).digest("base64url")}`;
    },
    signedByStranger(token, keyId) {
      const input = reheaded(token, keyId === undefined ? {} : { kid: keyId });
      return `${input}.${sign("sha256", Buffer.from(input), stranger).toString("base64url")}`;
    },
  };
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Another character in the middle of a segment. */
export function alterSegment(token: string, index: 0 | 1 | 2): string {
  const segments = token.split(".");
  const segment = segments[index] ?? "";
  const middle = Math.floor(segment.length / 2);
  segments[index] = segment.slice(0, middle) + next(segment[middle]) + segment.slice(middle + 1);
  return segments.join(".");
}

/** Decodes to the same bytes, because only bits that base64url leaves unused differ (RFC 4648 §3.5). */
export function trailingBitsVariant(token: string): string {
  const variant = token.slice(0, -1) + next(token.at(-1));
  const bytes = (text: string): string => Buffer.from(text.split(".")[2] ?? "", "base64url").toString("hex");
  if (bytes(variant) !== bytes(token)) throw new Error("the token's last character has no unused bits");
  return variant;
}

function next(character = "A"): string {
  // The lowest bit differs, so that nothing else does.
  return alphabet[alphabet.indexOf(character) ^ 1] ?? "A";
}

function headerOf(token: string): Record<string, unknown> {
  return decode(token.split(".")[0] ?? "");
}

function decode(segment: string): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString());
  if (typeof value !== "object" || value === null) throw new Error("not a JSON object");
  return { ...value };
}

function encode(value: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
