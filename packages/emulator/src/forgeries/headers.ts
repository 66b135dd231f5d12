import { createHash } from "node:crypto";
import { base64url, compact, genuinelySigned, overText, rs256, withRawMember } from "./workshop.ts";
import type { Forgery, Members, Workshop } from "./workshop.ts";

/** Keys that the token itself brings along (RFC 7515 §4.1.2 to §4.1.8); all are signed by the forger's key. */
export const keyForgeries = {
  "embedded-jwk": brings("its own key as jwk", ({ attacker }) => ({ jwk: attacker.published })),
  "embedded-jwk-without-kid": brings("its own key as jwk, and no kid", ({ attacker }) => ({
    jwk: attacker.published,
    kid: undefined,
  })),
  "embedded-jwk-own-kid": brings("its own key as jwk, under its own kid", ({ attacker }) => ({
    jwk: attacker.published,
    kid: attacker.published.kid,
  })),
  jku: brings("the address of its own key set", ({ attacker, keySetUrl }) => ({
    jku: keySetUrl,
    kid: attacker.published.kid,
  })),
  "jku-trusted-kid": brings("the address of its own key set, under a published kid", ({ keySetUrl }) => ({
    jku: keySetUrl,
  })),
  x5u: brings("the address of its own certificate", ({ certificateUrl }) => ({ x5u: certificateUrl })),
  x5c: brings("its own certificate", ({ certificate }) => ({ x5c: [certificate.toString("base64")] })),
  x5t: brings("the thumbprint of its own certificate", ({ certificate }) => ({
    x5t: createHash("sha1").update(certificate).digest("base64url"),
  })),
} as const satisfies Readonly<Record<string, Forgery>>;

/** `crit` and `b64` (RFC 7515 §4.1.11, RFC 7797 §7), `kid` and `typ`; all are signed by the real key. */
export const headerForgeries = {
  "crit-unknown": header("asks for an extension that nobody knows", { crit: ["forged"], forged: true }),
  "crit-empty": header("crit must not be empty", { crit: [] }),
  "crit-string": header("crit must be an array", { crit: "exp", exp: 1 }),
  "crit-null": header("crit must be an array", { crit: null }),
  "crit-number": header("crit must list strings", { crit: [1] }),
  "crit-registered": header("crit must not name members of RFC 7515", { crit: ["alg"] }),
  "crit-absent": header("crit names a member that is not there", { crit: ["forged"] }),
  "crit-inherited": header("crit names what every JavaScript object has", { crit: ["toString"] }),
  "crit-duplicate": header("crit names a member twice", { crit: ["forged", "forged"], forged: true }),
  "b64-false": header("a JWT must not have an unencoded payload", { b64: false, crit: ["b64"] }),
  "b64-false-raw": {
    why: "a JWT must not have an unencoded payload, and this one has",
    make: ({ header: genuine, claims, genuine: key }) =>
      overText(
        `${base64url({ ...genuine, b64: false, crit: ["b64"] })}.${JSON.stringify(claims).replaceAll(".", "\\u002e")}`,
        rs256(key),
      ),
  },
  "b64-false-without-crit": header("b64 false has to be listed in crit", { b64: false }),

  "kid-unknown": header("no key is published under this kid", { kid: "00000000-0000-4000-8000-000000000000" }),
  "kid-missing": header("names no key", { kid: undefined }),
  "kid-empty": header("names no key", { kid: "" }),
  "kid-null": header("kid is no string", { kid: null }),
  "kid-boolean": header("kid is no string", { kid: true }),
  "kid-number": header("kid is no string", { kid: 1 }),
  "kid-array": {
    why: "kid is no string",
    make: (workshop) => genuinelySigned(workshop, { kid: [workshop.header["kid"]] }),
  },
  "kid-object": header("kid is no string", { kid: { kid: "x" } }),
  "kid-proto": header("kid is the name of a member that every object has", { kid: "__proto__" }),
  "kid-constructor": header("kid is the name of a member that every object has", { kid: "constructor" }),
  "kid-path": header("kid is a path", { kid: "../../../../dev/null" }),
  "kid-url": {
    why: "kid is an address",
    make: (workshop) => genuinelySigned(workshop, { kid: workshop.keySetUrl }),
  },
  "kid-sql": header("kid is an injection", { kid: "x' UNION SELECT 'key' --" }),
  "kid-nul": {
    why: "kid ends in a NUL",
    make: (workshop) => genuinelySigned(workshop, { kid: `${String(workshop.header["kid"])}\0` }),
  },
  "kid-case": {
    why: "kid is case-sensitive",
    make: (workshop) => genuinelySigned(workshop, { kid: String(workshop.header["kid"]).toUpperCase() }),
  },
  "kid-long": header("kid is 1 500 characters long", { kid: "k".repeat(1500) }),

  "typ-logout": header("a logout token", { typ: "logout+jwt" }),
  "typ-dpop": header("a DPoP proof", { typ: "dpop+jwt" }),
  "typ-secevent": header("a security event token", { typ: "secevent+jwt" }),
  "typ-id-token": header("an ID token", { typ: "id_token+jwt" }),
  "typ-number": header("typ is no string", { typ: 1 }),

  "duplicate-alg": {
    why: "alg stands there twice, none first",
    make: ({ header: genuine, claims, genuine: key }) => compact(twice(genuine, "alg", "none"), claims, rs256(key)),
  },
  "duplicate-kid": {
    why: "kid stands there twice",
    make: ({ header: genuine, claims, genuine: key }) => compact(twice(genuine, "kid", "other"), claims, rs256(key)),
  },
  "header-too-long": header("the header segment is longer than 2 048 characters", { filler: "x".repeat(2048) }),
} as const satisfies Readonly<Record<string, Forgery>>;

/** JSON that has the member twice, the wrong value first: most parsers take the last one. */
export function twice(members: Members, name: string, wrong: unknown): string {
  const right = withRawMember(members, name, JSON.stringify(members[name]));
  return `{${JSON.stringify(name)}:${JSON.stringify(wrong)},${right.slice(1)}`;
}

function header(why: string, members: Members): Forgery {
  return { why, make: (workshop) => genuinelySigned(workshop, members) };
}

function brings(what: string, membersOf: (workshop: Workshop) => Members): Forgery {
  return {
    why: `brings ${what}: a token does not say which key it is checked with`,
    make: (workshop) =>
      compact({ ...workshop.header, ...membersOf(workshop) }, workshop.claims, rs256(workshop.attacker)),
  };
}
