import { constants, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseVerificationKey, sameKey, verifySignature } from "../../src/protocol/verification-key.ts";
import type { VerificationKey } from "../../src/protocol/verification-key.ts";
import type { SignatureAlgorithm } from "../../src/words/options.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ec384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const ed = generateKeyPairSync("ed25519");
const ed448 = generateKeyPairSync("ed448");
const jwkOf = (key: KeyObject) => key.export({ format: "jwk" }) as Record<string, string>;
const everything: readonly SignatureAlgorithm[] = ["RS256", "PS256", "ES256", "EdDSA"];
const good = { ...jwkOf(rsa.publicKey), kid: "a", alg: "RS256", use: "sig" };

async function imported(jwk: object, algorithms = everything): Promise<VerificationKey> {
  const parsed = await parseVerificationKey({ ...jwk }, algorithms);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.key;
}

describe("RFC 7517 §4: a key that is used", () => {
  it.each<[string, object, readonly SignatureAlgorithm[], SignatureAlgorithm]>([
    ["RS256", good, everything, "RS256"],
    ["PS256", { ...good, alg: "PS256" }, everything, "PS256"],
    ["ES256", { ...jwkOf(ec.publicKey), kid: "a", alg: "ES256" }, everything, "ES256"],
    ["EdDSA (RFC 8037)", { ...jwkOf(ed.publicKey), kid: "a", alg: "EdDSA" }, everything, "EdDSA"],
    ["Ed25519 (RFC 9864)", { ...jwkOf(ed.publicKey), kid: "a", alg: "Ed25519" }, everything, "EdDSA"],
    ["RSA without alg: the first that fits", { ...good, alg: undefined }, ["ES256", "PS256", "RS256"], "PS256"],
    ["EC without alg", { ...jwkOf(ec.publicKey), kid: "a" }, everything, "ES256"],
    ["OKP without alg", { ...jwkOf(ed.publicKey), kid: "a" }, everything, "EdDSA"],
    ["without use", { ...good, use: undefined }, everything, "RS256"],
    ["with key_ops", { ...good, key_ops: ["sign", "verify"] }, everything, "RS256"],
  ])("%s", async (_title, jwk, algorithms, algorithm) => {
    const key = await imported(jwk, algorithms);
    expect([key.id, key.algorithm, key.key.type]).toEqual(["a", algorithm, "public"]);
  });

  it("of the key nothing but its public members is read", async () => {
    const key = await imported({ ...good, ext: false, x5t: 7, oct: "x" });
    expect(key.key.equals(rsa.publicKey)).toBe(true);
  });
});

describe("RFC 7517 §4, RFC 8725 §3.1: a key that is not", () => {
  const material = "it carries private or symmetric key material";
  const only = (algorithms: readonly string[]): string =>
    `it is not for one of the algorithms ${algorithms.join(", ")}`;
  const all = only(everything);
  const small = generateKeyPairSync("rsa", { modulusLength: 2040 });
  const odd = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 65_539 });
  const low = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 17 });
  const exponent = "its public exponent is even or smaller than 65537";

  it.each<[string, object, string, boolean?, string?]>([
    ...["d", "p", "q", "dp", "dq", "qi", "oth", "k"].map((name): [string, object, string, boolean] => [
      `with ${name}`,
      { ...good, [name]: null },
      material,
      true,
    ]),
    ["no kid", { ...good, kid: undefined }, "it has no kid"],
    ["an empty kid", { ...good, kid: "" }, "it has no kid", false, ""],
    ["a kid that is a number", { ...good, kid: 7 }, "it has no kid"],
    ["no kty", { ...good, kty: undefined }, "it has no kty", false, "a"],
    ["a kty that is a number", { ...good, kty: 7 }, "it has no kty", false, "a"],
    ["use enc", { ...good, use: "enc" }, "its use is not sig", false, "a"],
    ["use null", { ...good, use: null }, "its use is not sig", false, "a"],
    ["key_ops without verify", { ...good, key_ops: ["sign"] }, "its key_ops do not include verify", false, "a"],
    ["key_ops that are a text", { ...good, key_ops: "verify" }, "its key_ops do not include verify", false, "a"],
    ["key_ops null", { ...good, key_ops: null }, "its key_ops do not include verify", false, "a"],
    ["another algorithm", { ...good, alg: "RS512" }, all, false, "a"],
    ["an algorithm of another type", { ...good, alg: "ES256" }, all, false, "a"],
    ["EdDSA on RSA", { ...good, alg: "EdDSA" }, all, false, "a"],
    ["another curve", { ...jwkOf(ec384.publicKey), kid: "a" }, all, false, "a"],
    ["another curve of Edwards", { ...jwkOf(ed448.publicKey), kid: "a" }, all, false, "a"],
    ["the type alone", { kty: "EC", kid: "a" }, all, false, "a"],
    ["the curve under another type", { ...jwkOf(ec.publicKey), kty: "OKP", kid: "a" }, all, false, "a"],
    ["the curve of Edwards under another type", { ...jwkOf(ed.publicKey), kty: "EC", kid: "a" }, all, false, "a"],
    ["an unknown type that names a curve", { kty: "XYZ", crv: "P-256", kid: "a" }, all, false, "a"],
    ["no modulus", { ...good, n: undefined }, "it is no valid key of its type", false, "a"],
    ["a modulus that is a number", { ...good, n: 7 }, "it is no valid key of its type", false, "a"],
    [
      "off the curve",
      { ...jwkOf(ec.publicKey), y: jwkOf(ec.publicKey)["x"], kid: "a" },
      "it is no valid key of its type",
      false,
      "a",
    ],
    ["2,040 bits", { ...jwkOf(small.publicKey), kid: "a" }, "its modulus is shorter than 2048 bits", true, "a"],
    ["exponent 17", { ...jwkOf(low.publicKey), kid: "a" }, exponent, true, "a"],
    ["exponent 65536", { ...good, e: "AQAA" }, exponent, true, "a"],
    ["exponent 65538", { ...good, e: "AQAC" }, exponent, true, "a"],
  ])(
    "%s",
    async (_title, jwk, problem, alarming = false, keyId = Reflect.get(jwk, "kid") === "a" ? "a" : undefined) => {
      const parsed = await parseVerificationKey({ ...jwk }, everything);
      expect(parsed).toStrictEqual({ ok: false, keyId, problem, alarming });
    },
  );

  it("an algorithm that is not allowed, by name or by type", async () => {
    const unnamed = { ...jwkOf(rsa.publicKey), kid: "a" };
    for (const jwk of [good, unnamed])
      expect(await parseVerificationKey({ ...jwk }, ["ES256", "EdDSA"])).toMatchObject({
        problem: only(["ES256", "EdDSA"]),
      });
  });

  it("65537 is the least exponent, and greater ones are taken", async () => {
    expect((await imported({ ...jwkOf(odd.publicKey), kid: "a" })).key.equals(odd.publicKey)).toBe(true);
  });
});

describe("RFC 7515 §5.2: one signature check", () => {
  const input = "header.payload";
  const bytes = Buffer.from(input);
  const pss = (saltLength: number): Buffer =>
    sign("sha256", bytes, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  const signatures = {
    RS256: sign("sha256", bytes, rsa.privateKey),
    PS256: pss(32),
    ES256: sign("sha256", bytes, { key: ec.privateKey, dsaEncoding: "ieee-p1363" }),
    EdDSA: sign(null, bytes, ed.privateKey),
  };
  const keys: Readonly<Record<SignatureAlgorithm, object>> = {
    ...{ RS256: { ...good, alg: "RS256" }, PS256: { ...good, alg: "PS256" } },
    ...{ ES256: { ...jwkOf(ec.publicKey), kid: "a" }, EdDSA: { ...jwkOf(ed.publicKey), kid: "a" } },
  };

  it.each(everything)("%s: its own signature over its own input, and no other", async (algorithm) => {
    const key = await imported(keys[algorithm]);
    const signature = signatures[algorithm];
    expect(verifySignature(key, input, signature)).toBe(true);
    expect(verifySignature(key, `${input}x`, signature)).toBe(false);
    expect(verifySignature(key, input, Buffer.concat([signature, Buffer.from([0])]))).toBe(false);
    expect(verifySignature(key, input, signature.subarray(1))).toBe(false);
    expect(verifySignature(key, input, Buffer.alloc(signature.length))).toBe(false);
    for (const [other, theirs] of Object.entries(signatures))
      if (other !== algorithm) expect([other, verifySignature(key, input, theirs)]).toEqual([other, false]);
  });

  it("RFC 7518 §3.5: the salt of PS256 is as long as the hash, not of any length", async () => {
    const key = await imported(keys.PS256);
    for (const saltLength of [0, 20, 222]) expect(verifySignature(key, input, pss(saltLength))).toBe(false);
  });

  it("RFC 8017 §8.1.2: a PS256 signature has no second spelling without its leading zeros", async () => {
    const key = await imported(keys.PS256);
    // One in 256 begins with a zero; the salt makes each another one.
    let signature = pss(32);
    while (signature[0] !== 0) signature = pss(32);
    expect(verifySignature(key, input, signature)).toBe(true);
    expect(verifySignature(key, input, signature.subarray(1))).toBe(false);
  });

  it("RFC 7518 §3.4: ES256 is R and S side by side, never DER", async () => {
    const key = await imported(keys.ES256);
    const der = sign("sha256", bytes, { key: ec.privateKey, dsaEncoding: "der" });
    expect(verifySignature(key, input, der)).toBe(false);
  });

  it("RFC 7518 §3.3: RS256 is SHA-256", async () => {
    const key = await imported(keys.RS256);
    expect(verifySignature(key, input, sign("sha512", bytes, rsa.privateKey))).toBe(false);
  });
});

describe("the key that is known already", () => {
  it("is the same only if it has the same algorithm and is the same key", async () => {
    const known = await imported(good);
    expect(sameKey(known, await imported({ ...good }))).toBe(known);
    expect(sameKey(undefined, known)).toBeUndefined();
    expect(sameKey(known, await imported({ ...good, alg: "PS256" }))).toBeUndefined();
    const fresh = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
    expect(sameKey(known, await imported({ ...jwkOf(fresh), kid: "a", alg: "RS256" }))).toBeUndefined();
  });
});
