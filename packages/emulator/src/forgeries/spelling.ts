import { twice } from "./headers.ts";
import { base64url, compact, genuinelySigned, overText, rs256, withRawMember } from "./workshop.ts";
import type { Forgery, Part, Workshop } from "./workshop.ts";

/** Not a compact JWS of base64url segments (RFC 7515 §2, §7.1), though the real key signed it. */
export const spellingForgeries = {
  "one-segment": spelt("has one segment", ([head]) => head),
  "two-segments": spelt("has two segments", ([head, body]) => `${head}.${body}`),
  "four-segments": spelt("has four segments", (parts) => [...parts, parts[2]].join(".")),
  "five-segments": spelt("has five segments, like a JWE", ([head, body, tail]) =>
    [head, "", body, tail, tail].join("."),
  ),
  "json-flattened": spelt("the flattened JSON serialization", ([head, payload, signature]) =>
    JSON.stringify({ protected: head, payload, signature }),
  ),
  "json-general": spelt("the general JSON serialization", ([head, payload, signature]) =>
    JSON.stringify({ payload, signatures: [{ protected: head, signature }] }),
  ),
  "padding-signature": spelt("the signature is padded with =", ([head, body, tail]) => `${head}.${body}.${tail}==`),
  "padding-payload": {
    why: "the payload is padded with =",
    make: ({ header, claims, genuine }) =>
      overText(`${base64url(header)}.${Buffer.from(withRest(claims, 1)).toString("base64url")}==`, rs256(genuine)),
  },
  "standard-base64": {
    why: "base64 instead of base64url",
    make: ({ header, claims, genuine }) => {
      const body = Buffer.from(JSON.stringify({ ...claims, filler: "???>>>ÿÿÿ~~~" })).toString("base64");
      return overText(`${base64url(header)}.${body.replaceAll("=", "")}`, rs256(genuine));
    },
  },
  whitespace: spelt(
    "a space in the payload",
    ([head, body, tail]) => `${head}.${body.slice(0, 8)} ${body.slice(8)}.${tail}`,
  ),
  "whitespace-signature": spelt(
    "a space at the end",
    ([head, body, tail]) => `${head}.${body}.${tail.slice(0, 8)} ${tail.slice(8)}`,
  ),
  "line-break": spelt(
    "a line break in the signature",
    ([head, body, tail]) => `${head}.${body}.${tail.slice(0, 8)}\n${tail.slice(8)}`,
  ),
  nul: spelt("a NUL at the end", (parts) => `${parts.join(".")}\0`),
  "percent-encoded": spelt("the dots are percent-encoded", (parts) => parts.join("%2E")),
  quoted: spelt("stands in quotes", (parts) => `"${parts.join(".")}"`),
  "non-canonical-header": {
    why: "the unused bits at the end of the header segment are set",
    make: ({ header, claims, genuine }) =>
      overText(`${withUnusedBits(withRest(header, 1))}.${base64url(claims)}`, rs256(genuine)),
  },
  "non-canonical-payload": {
    why: "the unused bits at the end of the payload segment are set",
    make: ({ header, claims, genuine }) =>
      overText(`${base64url(header)}.${withUnusedBits(withRest(claims, 1))}`, rs256(genuine)),
  },
  "non-canonical-signature": spelt(
    "the unused bits at the end of the signature segment are set",
    ([head, body, tail]) => [head, body, nextLetter(tail)].join("."),
  ),
  "too-long": {
    why: "longer than 8 192 characters",
    make: (workshop) => genuinelySigned(workshop, {}, { filler: "x".repeat(8192) }),
  },
} as const satisfies Readonly<Record<string, Forgery>>;

/** Header or claims that are no JSON object in UTF-8 (RFC 7515 §5.2, RFC 7519 §7.2), or one too odd to pass on. */
export const jsonForgeries = {
  "header-array": headerBytes("the header is an array", ({ header }) => JSON.stringify([header])),
  "header-string": headerBytes("the header is a string", ({ header }) => JSON.stringify(JSON.stringify(header))),
  "header-null": headerBytes("the header is null", () => "null"),
  "header-not-json": headerBytes("the header is no JSON", () => "{alg:RS256}"),
  "header-empty": headerBytes("the header is empty", () => ""),
  "header-bom": headerBytes(
    "a byte order mark in front of the header",
    ({ header }) => `\ufeff${JSON.stringify(header)}`,
  ),
  "header-utf16": headerBytes("the header is UTF-16", ({ header }) => Buffer.from(JSON.stringify(header), "utf16le")),
  "header-invalid-utf8": headerBytes("the header is no UTF-8", ({ header }) => invalidUtf8(header)),
  "payload-array": payloadBytes("the claims are an array", ({ claims }) => JSON.stringify([claims])),
  "payload-string": payloadBytes("the claims are a string", ({ claims }) => JSON.stringify(JSON.stringify(claims))),
  "payload-null": payloadBytes("the claims are null", () => "null"),
  "payload-not-json": payloadBytes("the claims are no JSON", () => "sub=1"),
  "payload-empty": payloadBytes("the claims are empty", () => ""),
  "payload-bom": payloadBytes(
    "a byte order mark in front of the claims",
    ({ claims }) => `\ufeff${JSON.stringify(claims)}`,
  ),
  "payload-utf16": payloadBytes("the claims are UTF-16", ({ claims }) =>
    Buffer.from(JSON.stringify(claims), "utf16le"),
  ),
  "payload-invalid-utf8": payloadBytes("the claims are no UTF-8", ({ claims }) => invalidUtf8(claims)),
  "duplicate-sub": payloadBytes("sub stands there twice", ({ claims }) => twice(claims, "sub", "1000000000000000000")),
  "duplicate-exp": payloadBytes("exp stands there twice", ({ claims }) => twice(claims, "exp", 1)),
  "deep-nesting": payloadBytes("nested 1 000 deep", ({ claims }) =>
    withRawMember(claims, "deep", `${"[".repeat(1000)}${"]".repeat(1000)}`),
  ),
} as const satisfies Readonly<Record<string, Forgery>>;

type Segments = readonly [header: string, payload: string, signature: string];

function spelt(why: string, respell: (segments: Segments) => string): Forgery {
  return {
    why,
    make: (workshop) => {
      const [header = "", payload = "", signature = ""] = genuinelySigned(workshop, {}).split(".");
      return respell([header, payload, signature]);
    },
  };
}

function headerBytes(why: string, bytesOf: (workshop: Workshop) => Part): Forgery {
  return { why, make: (workshop) => compact(bytesOf(workshop), workshop.claims, rs256(workshop.genuine)) };
}

function payloadBytes(why: string, bytesOf: (workshop: Workshop) => Part): Forgery {
  return { why, make: (workshop) => compact(workshop.header, bytesOf(workshop), rs256(workshop.genuine)) };
}

function invalidUtf8(members: Workshop["claims"]): Buffer {
  const text = JSON.stringify({ filler: "@", ...members });
  const bytes = Buffer.from(text);
  bytes.writeUInt8(0xff, text.indexOf("@"));
  return bytes;
}

/** JSON text whose length leaves this rest when divided by three: the last base64url letter then has unused bits. */
function withRest(members: Workshop["claims"], rest: number): string {
  const text = JSON.stringify(members);
  const length = Buffer.byteLength(text);
  return text + " ".repeat((3 + rest - (length % 3)) % 3);
}

function withUnusedBits(text: string): string {
  return nextLetter(Buffer.from(text).toString("base64url"));
}

/** Another spelling of the same bytes: the last letter's lowest bit carries nothing. */
function nextLetter(segment: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = letters.indexOf(segment.slice(-1));
  return segment.slice(0, -1) + letters.charAt(last ^ 1);
}
