import type { AuthErrorReason } from "../words/errors.ts";
import type { SignatureAlgorithm } from "../words/options.ts";
import { parseStrictObject } from "./strict-json.ts";
import type { StrictObject } from "./strict-json.ts";

const maxTokenLength = 8_192;
const maxHeaderLength = 2_048;
const maxKidLength = 256;
const jsonLimits = { maxDepth: 32, maxMembers: 1_000 };
const signingAlgorithms: readonly string[] = ["RS256", "PS256", "ES256", "EdDSA"] satisfies SignatureAlgorithm[];

/** A token taken apart; nothing of it is proven yet. */
export interface CompactJws {
  readonly algorithm: SignatureAlgorithm;
  readonly keyId: string;
  readonly claims: StrictObject;
  /** `header.payload` as it was signed (RFC 7515 §5.1). */
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** Either the token's parts or the reason why it is refused. */
export type ParsedJws =
  | { readonly ok: true; readonly jws: CompactJws }
  | { readonly ok: false; readonly reason: Extract<AuthErrorReason, "malformed" | "algorithm" | "type"> };

const segments = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;
const visibleAscii = /^[\x21-\x7e]+$/;
// Header parameters that would let the token bring its own key (RFC 7515 §4.1.2–4.1.6), and extensions that change how
// the signature is read (RFC 7515 §4.1.11, RFC 7797). Nothing that CloudBase signs has one.
const refusedParameters = ["jku", "jwk", "x5u", "x5c", "crit", "b64"];
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const malformed: ParsedJws = { ok: false, reason: "malformed" };
const wrongAlgorithm: ParsedJws = { ok: false, reason: "algorithm" };
const wrongType: ParsedJws = { ok: false, reason: "type" };

/**
 * Takes a compact JWS apart (RFC 7515 §7.1, RFC 7519 §7.2), in the one spelling that a token has.
 *
 * Checks the form of all three segments, the header in full, and that the payload is a JSON object. Checks neither the
 * signature nor any claim. `algorithms` is the closed list of what is allowed.
 */
export function parseCompactJws(token: string, algorithms: readonly SignatureAlgorithm[]): ParsedJws {
  if (token.length > maxTokenLength) return malformed;
  const parts = segments.exec(token);
  if (parts === null) return malformed;
  const [, headerSegment = "", payloadSegment = "", signatureSegment = ""] = parts;
  if (headerSegment.length > maxHeaderLength) return malformed;

  const header = parseSegment(headerSegment);
  if (header === undefined) return malformed;
  if (refusedParameters.some((name) => name in header)) return malformed;
  const { alg, kid, typ } = header;
  if (typeof alg !== "string") return malformed;
  if (!isSigningAlgorithm(alg) || !algorithms.includes(alg)) return wrongAlgorithm;
  if (typeof kid !== "string" || kid.length > maxKidLength || !visibleAscii.test(kid)) return malformed;
  if (typ !== undefined && typeof typ !== "string") return malformed;
  if (typ !== undefined && !isAccessTokenType(typ)) return wrongType;

  const claims = parseSegment(payloadSegment);
  const signature = decodeCanonical(signatureSegment);
  if (claims === undefined || signature === undefined) return malformed;
  const signingInput = token.slice(0, headerSegment.length + 1 + payloadSegment.length);
  return { ok: true, jws: { algorithm: alg, keyId: kid, claims, signingInput, signature } };
}

function isSigningAlgorithm(alg: string): alg is SignatureAlgorithm {
  return signingAlgorithms.includes(alg);
}

/** RFC 8725 §3.11, RFC 9068 §2.1; CloudBase's tokens have no `typ`. */
function isAccessTokenType(typ: string): boolean {
  const name = typ.toLowerCase();
  const subtype = name.startsWith("application/") ? name.slice("application/".length) : name;
  return subtype === "jwt" || subtype === "at+jwt";
}

function parseSegment(segment: string): StrictObject | undefined {
  const bytes = decodeCanonical(segment);
  if (bytes === undefined) return undefined;
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return undefined;
  }
  return parseStrictObject(text, jsonLimits);
}

/** Base64url decodes several spellings to the same bytes (RFC 4648 §3.5); only the one that encoding gives is taken. */
function decodeCanonical(segment: string): Buffer | undefined {
  const bytes = Buffer.from(segment, "base64url");
  return bytes.toString("base64url") === segment ? bytes : undefined;
}
