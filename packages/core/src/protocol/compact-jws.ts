import { isUtf8 } from "node:buffer";
import type { AuthErrorReason } from "../words/errors.ts";
import { rememberLast } from "../words/last-asked.ts";
import type { SignatureAlgorithm } from "../words/options.ts";
import { parseUnsealedObject } from "./strict-json.ts";
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
  /** Not sealed: whoever hands them out does that. */
  readonly claims: StrictObject;
  /** `header.payload` as it was signed (RFC 7515 §5.1). */
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** Either the token's parts or the reason why it is refused. */
export type ParsedJws =
  | { readonly ok: true; readonly jws: CompactJws }
  | { readonly ok: false; readonly reason: Extract<AuthErrorReason, "malformed" | "algorithm" | "type"> };

const visibleAscii = /^[\x21-\x7e]+$/;
// Header parameters that would let the token bring its own key (RFC 7515 §4.1.2–4.1.6), and extensions that change how
// the signature is read (RFC 7515 §4.1.11, RFC 7797). Nothing that CloudBase signs has one.
const refusedParameters = ["jku", "jwk", "x5u", "x5c", "crit", "b64"];
// Those whose last four bits are zero, and whose last two are.
const lastLetters: readonly (string | undefined)[] = [undefined, undefined, "AQgw", "AEIMQUYcgkosw048"];
// Environments have a handful of keys; everything beyond is forged or of another issuer.
const maxKnownHeaders = 64;

const malformed = { ok: false, reason: "malformed" } as const;
const wrongAlgorithm = { ok: false, reason: "algorithm" } as const;
const wrongType = { ok: false, reason: "type" } as const;

/** What the header of a token says. */
type ParsedHeader =
  | { readonly ok: true; readonly algorithm: SignatureAlgorithm; readonly keyId: string }
  | Extract<ParsedJws, { readonly ok: false }>;

/**
 * Takes compact JWS apart (RFC 7515 §7.1, RFC 7519 §7.2), in the one spelling that a token has.
 *
 * Checks the form of all three segments, the header in full, and that the payload is a JSON object. Checks neither the
 * signature nor any claim. `algorithms` is the closed list of what is allowed.
 */
export function createJwsParser(algorithms: readonly SignatureAlgorithm[]): (token: string) => ParsedJws {
  // All tokens that one key signed begin with the same header.
  const knownHeaders = new Map<string, ParsedHeader>();

  const headerOf = rememberLast((segment: string): ParsedHeader => {
    const known = knownHeaders.get(segment);
    if (known !== undefined) return known;
    const header = parseHeader(segment, algorithms);
    if (knownHeaders.size >= maxKnownHeaders) knownHeaders.clear();
    knownHeaders.set(segment, header);
    return header;
  });

  return function parseCompactJws(token) {
    if (token.length > maxTokenLength) return malformed;
    const headerEnd = token.indexOf(".");
    const payloadEnd = token.indexOf(".", headerEnd + 1);
    if (headerEnd < 1 || headerEnd > maxHeaderLength || payloadEnd === -1) return malformed;
    // Five segments are a JWE (RFC 7516 §9), and none in the third place is a token that nobody signed.
    if (payloadEnd === token.length - 1 || token.includes(".", payloadEnd + 1)) return malformed;

    const header = headerOf(token.slice(0, headerEnd));
    if (!header.ok) return header;
    const claims = parseSegment(token.slice(headerEnd + 1, payloadEnd));
    const signature = decodeCanonical(token.slice(payloadEnd + 1));
    if (claims === undefined || signature === undefined) return malformed;
    const { algorithm, keyId } = header;
    return { ok: true, jws: { algorithm, keyId, claims, signingInput: token.slice(0, payloadEnd), signature } };
  };
}

function parseHeader(segment: string, algorithms: readonly SignatureAlgorithm[]): ParsedHeader {
  const header = parseSegment(segment);
  if (header === undefined) return malformed;
  if (refusedParameters.some((name) => name in header)) return malformed;
  const { alg, kid, typ } = header;
  if (typeof alg !== "string") return malformed;
  if (!isSigningAlgorithm(alg) || !algorithms.includes(alg)) return wrongAlgorithm;
  if (typeof kid !== "string" || kid.length > maxKidLength || !visibleAscii.test(kid)) return malformed;
  if (typ !== undefined && typeof typ !== "string") return malformed;
  if (typ !== undefined && !isAccessTokenType(typ)) return wrongType;
  return { ok: true, algorithm: alg, keyId: kid };
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
  const text = bytes.toString("utf8");
  // The decoder writes U+FFFD where the bytes are no UTF-8; somebody may also have written that himself.
  return text.includes("\ufffd") && !isUtf8(bytes) ? undefined : parseUnsealedObject(text, jsonLimits);
}

/**
 * Decodes base64url, in the one spelling that encoding gives. The decoder takes letters of both alphabets, skips all
 * others, and does not look at the bits that are left over (RFC 4648 §3.5); encoding anew and comparing would show all of
 * that, at the price of a string as long as the token.
 */
function decodeCanonical(segment: string): Buffer | undefined {
  const { length } = segment;
  const leftOver = length % 4;
  if (length === 0 || leftOver === 1 || segment.includes("+") || segment.includes("/")) return undefined;
  if (leftOver !== 0 && !lastLetters[leftOver]?.includes(segment.charAt(length - 1))) return undefined;
  const bytes = Buffer.from(segment, "base64url");
  // Whatever was skipped is missing in the end.
  return bytes.length === Math.floor((length * 3) / 4) ? bytes : undefined;
}
