import { constants, generateKeyPairSync, sign } from "node:crypto";
import { compact, genuinelySigned, hs256, rs256 } from "./workshop.ts";
import type { Forgery, Workshop } from "./workshop.ts";

/** Wrong `alg`, or a key used for another algorithm than its own (RFC 8725 §2.1, §3.1). */
export const algorithmForgeries = {
  "alg-none": unsigned("none"),
  "alg-None": unsigned("None"),
  "alg-NONE": unsigned("NONE"),
  "alg-nOnE": unsigned("nOnE"),
  "alg-NoNe": unsigned("NoNe"),
  "alg-none-signed": wrongAlgorithm("none", "says that it has no signature, and has one"),
  "alg-missing": wrongAlgorithm(undefined, "does not name its algorithm"),
  "alg-lower-case": wrongAlgorithm("rs256", "algorithm names are case-sensitive"),
  "alg-array": wrongAlgorithm(["RS256"], "alg is no string"),
  "alg-number": wrongAlgorithm(256, "alg is no string"),
  "alg-null": wrongAlgorithm(null, "alg is no string"),
  "alg-empty": wrongAlgorithm("", "names no algorithm"),

  "hs256-pem": hmac("the public key in PEM", ({ genuine }) => spki(genuine.publicKey)),
  "hs256-pem-trimmed": hmac("the public key in PEM without its last line break", ({ genuine }) =>
    spki(genuine.publicKey).trim(),
  ),
  "hs256-pem-prefixed": hmac("the public key in PEM behind a space", ({ genuine }) => ` ${spki(genuine.publicKey)}`),
  "hs256-pkcs1": hmac("the public key as PKCS #1 in PEM", ({ genuine }) =>
    genuine.publicKey.export({ type: "pkcs1", format: "pem" }).toString(),
  ),
  "hs256-der": hmac("the public key in DER", ({ genuine }) =>
    genuine.publicKey.export({ type: "spki", format: "der" }),
  ),
  "hs256-jwk": hmac("the published JWK as JSON", ({ genuine }) => JSON.stringify(genuine.published)),
  "hs256-modulus": hmac("the modulus of the public key", ({ genuine }) =>
    Buffer.from(genuine.published.n, "base64url"),
  ),
  "hs256-kid": hmac("the kid", ({ genuine }) => genuine.published.kid),
  "hs256-empty-key": hmac("an empty key", () => ""),

  rs384: {
    why: "signed by the right key, but the key is published for RS256",
    make: (workshop) => otherHash(workshop, "RS384", "sha384"),
  },
  rs512: {
    why: "signed by the right key, but the key is published for RS256",
    make: (workshop) => otherHash(workshop, "RS512", "sha512"),
  },
  ps256: {
    why: "signed by the right key, but the key is published for RS256",
    make: ({ header, claims, genuine: { privateKey } }) =>
      compact({ ...header, alg: "PS256" }, claims, (input) =>
        sign("sha256", Buffer.from(input), {
          key: privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        }),
      ),
  },
  es256: {
    why: "an ECDSA signature under the kid of an RSA key",
    make: ({ header, claims }) => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return compact({ ...header, alg: "ES256" }, claims, (input) =>
        sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" }),
      );
    },
  },
} as const satisfies Readonly<Record<string, Forgery>>;

/** A wrong or foreign signature (RFC 7515 §5.2). */
export const signatureForgeries = {
  "signature-wrong": {
    why: "one bit of the signature is flipped",
    make: ({ header, claims, genuine }) =>
      compact(header, claims, (input) => {
        const signature = rs256(genuine)(input);
        signature.writeUInt8(signature.readUInt8(100) ^ 1, 100);
        return signature;
      }),
  },
  "signature-missing": {
    why: "says RS256 and has an empty signature",
    make: ({ header, claims }) => compact(header, claims, () => Buffer.alloc(0)),
  },
  "signature-zero": {
    why: "the signature is all zeros",
    make: ({ header, claims }) => compact(header, claims, () => Buffer.alloc(256)),
  },
  "signature-truncated": {
    why: "the last byte of the signature is missing",
    make: ({ header, claims, genuine }) => compact(header, claims, (input) => rs256(genuine)(input).subarray(0, -1)),
  },
  "signature-of-another-token": {
    why: "the signature is genuine, but of other claims",
    make: (workshop) => {
      const { header, claims, genuine } = workshop;
      return compact(header, { ...claims, sub: "1000000000000000000" }, () =>
        Buffer.from(compact(header, claims, rs256(genuine)).split(".")[2] ?? "", "base64url"),
      );
    },
  },
  "other-key": {
    why: "signed by a foreign key under the kid of the published one",
    make: ({ header, claims, attacker }) => compact(header, claims, rs256(attacker)),
  },
} as const satisfies Readonly<Record<string, Forgery>>;

function unsigned(alg: string): Forgery {
  return {
    why: `alg ${alg}: anybody can write it`,
    make: ({ header, claims }) => compact({ ...header, alg }, claims, () => Buffer.alloc(0)),
  };
}

function wrongAlgorithm(alg: unknown, why: string): Forgery {
  return { why, make: (workshop) => genuinelySigned(workshop, { alg }) };
}

function hmac(what: string, keyOf: (workshop: Workshop) => string | Buffer): Forgery {
  return {
    why: `HS256 with ${what} as the secret: everybody knows it`,
    make: (workshop) => compact({ ...workshop.header, alg: "HS256" }, workshop.claims, hs256(keyOf(workshop))),
  };
}

function otherHash({ header, claims, genuine }: Workshop, alg: string, hash: string): string {
  return compact({ ...header, alg }, claims, (input) => sign(hash, Buffer.from(input), genuine.privateKey));
}

function spki(key: Workshop["genuine"]["publicKey"]): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}
