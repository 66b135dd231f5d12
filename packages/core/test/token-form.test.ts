import { constants, createHash, createHmac, createSign, generateKeyPairSync, privateEncrypt, sign } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthErrorReason } from "../src/index.ts";
import { expectInvalidToken, useHarness } from "./support/harness.ts";
import {
  encode,
  header,
  issue,
  issueRaw,
  keyId,
  nowSeconds,
  publishedKey,
  signSegments,
  signingKey,
  userClaims,
  verificationKey,
} from "./support/tokens.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ec384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const ed = generateKeyPairSync("ed25519");
const bareRsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pss = generateKeyPairSync("rsa", { modulusLength: 2048 });
const published = [
  publishedKey,
  { ...ec.publicKey.export({ format: "jwk" }), kid: "es", alg: "ES256" },
  { ...ec384.publicKey.export({ format: "jwk" }), kid: "es384", alg: "ES256" },
  { ...ed.publicKey.export({ format: "jwk" }), kid: "ed", alg: "Ed25519" },
  { ...bareRsa.publicKey.export({ format: "jwk" }), kid: "bare" },
  { ...pss.publicKey.export({ format: "jwk" }), kid: "ps", alg: "PS256" },
  { kty: "oct", k: encode("a shared secret of thirty-two by"), kid: "oct", alg: "HS256" },
];

const harness = useHarness({}, published);
const all = useHarness({ algorithms: ["RS256", "PS256", "ES256", "EdDSA"] }, published);
const good = issue();
const [headerSegment = "", payloadSegment = "", signatureSegment = ""] = good.split(".");

const reject = (title: string, token: string | (() => string), reason: AuthErrorReason = "malformed"): void => {
  it(title, async () =>
    expectInvalidToken(await harness.authenticate(typeof token === "string" ? token : token()), reason),
  );
};
const accept = (title: string, token: string): void => {
  it(title, async () => expect((await harness.authenticate(token)).auth.state).toBe("authenticated"));
};

describe("one spelling a token (RFC 7515 §7.1, RFC 7519 §3)", () => {
  accept("a token as CloudBase writes it", good);
  for (const count of [1, 2, 4, 5])
    reject(`JF-02: ${String(count)} segments`, Array(count).fill(payloadSegment).join("."));
  reject(
    "JF-02: flattened JSON serialization",
    JSON.stringify({ protected: headerSegment, payload: payloadSegment, signature: signatureSegment }).replaceAll(
      ",",
      ";",
    ),
  );
  reject("JF-22 RFC 8725 §3.3: five segments of a JWE", `${encode({ alg: "RSA-OAEP", enc: "A256GCM" })}.a.b.c.d`);
  for (const [index, name] of ["header", "payload", "signature"].entries()) {
    const change = (edit: (segment: string) => string): string =>
      good
        .split(".")
        .map((segment, at) => (at === index ? edit(segment) : segment))
        .join(".");
    reject(
      `JF-03: padding after the ${name}`,
      change((segment) => `${segment}=`),
    );
    reject(
      `JF-03: an empty ${name}`,
      change(() => ""),
    );
    reject(
      `JF-03: base64's own letters in the ${name}`,
      change((segment) => `${segment.slice(0, -4)}+/+/`),
    );
  }
  it("JF-04 RFC 4648 §3.5: every other spelling of the same bytes", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let variants = 0;
    for (const [index, segment] of good.split(".").entries()) {
      for (const letter of alphabet) {
        const other = segment.slice(0, -1) + letter;
        if (other === segment || !Buffer.from(other, "base64url").equals(Buffer.from(segment, "base64url"))) continue;
        variants += 1;
        const token = good
          .split(".")
          .map((part, at) => (at === index ? other : part))
          .join(".");
        expectInvalidToken(await harness.authenticate(token), "malformed");
      }
    }
    // 256 bytes leave 4 unused bits at the end of the signature alone.
    expect(variants).toBeGreaterThanOrEqual(15);
  });
  accept("JF-05: 8,192 bytes", padTo(8_192));
  reject("JF-05: 8,193 bytes and more", padTo(8_196));
  accept(
    "JF-05: a header of 2,048 characters",
    issue({}, { note: "x".repeat(1536 - JSON.stringify({ ...header, note: "" }).length) }),
  );
  reject(
    "JF-05: a longer header",
    issue({}, { note: "x".repeat(1539 - JSON.stringify({ ...header, note: "" }).length) }),
  );
});

/** A token of this length, or up to three characters shorter where base64url has none of it. */
function padTo(length: number): string {
  const bytes = Math.floor(((length - headerSegment.length - signatureSegment.length - 2) * 3) / 4);
  const token = issue({ pad: "x".repeat(bytes - JSON.stringify({ ...userClaims, pad: "" }).length) });
  if (token.length > length || token.length < length - 3)
    throw new Error(`made ${String(token.length)} for ${String(length)}`);
  return token;
}

describe("strict JSON", () => {
  const payload = JSON.stringify(userClaims);
  const head = JSON.stringify(header);
  for (const text of [
    "null",
    "[]",
    "1",
    '"text"',
    "true",
    "{",
    "",
    "{}{}",
    "{a:1}",
    "{'a':1}",
    '{"a":1,}',
    '{"a":NaN}',
    "\u00a0{}",
  ]) {
    reject(`JF-06 RFC 7519 §7.2: payload ${text}`, issueRaw({ payloadText: text === "" ? " " : text }));
    reject(`JF-06 RFC 7515 §5.2: header ${text}`, issueRaw({ headerText: text === "" ? " " : text }));
  }
  reject("JF-06: a payload that is an array of claims (fast-jwt 86e83ef)", issueRaw({ payloadText: `[${payload}]` }));
  reject("JF-06: a byte order mark", issueRaw({ payloadText: `\ufeff${payload}` }));
  reject("JF-06: UTF-16", issueRaw({ payloadText: Buffer.from(payload, "utf16le") }));
  reject(
    "JF-06: invalid UTF-8",
    issueRaw({
      payloadText: Buffer.concat([Buffer.from(payload.slice(0, -2)), Buffer.from([0xff]), Buffer.from('"}')]),
    }),
  );
  accept(
    "white space and escapes",
    issueRaw({ payloadText: `\n ${JSON.stringify(userClaims, null, "\t").replace("demo", "\\u0064emo")} ` }),
  );
  reject("JF-07 RFC 7519 §4: a claim twice", issueRaw({ payloadText: payload.replace("{", '{"sub":"other",') }));
  reject(
    "JF-07: a claim twice, once escaped",
    issueRaw({ payloadText: payload.replace("{", '{"\\u0073ub":"other",') }),
  );
  reject(
    "JF-07: a member twice in a nested object",
    issueRaw({ payloadText: payload.replace('"wxOpenId"', '"wxOpenId":"a","wxOpenId"') }),
  );
  reject(
    "JF-07: a claim twice, once with a blank in front of the colon",
    issueRaw({ payloadText: payload.replace("{", '{"sub" :"other",') }),
  );
  reject(
    "JF-07: a claim twice, once after a line break",
    issueRaw({ payloadText: payload.replace("{", '{\n"sub"\n:\n"other",') }),
  );
  reject(
    "JF-07: a claim twice beside an escaped quote and a colon",
    issueRaw({ payloadText: payload.replace("{", '{"x":"\\":","sub":"other",') }),
  );
  reject("JF-07 RFC 7515 §4: alg twice", issueRaw({ headerText: head.replace("{", '{"alg":"none",') }));
  reject("JF-07: kid twice, equal", issueRaw({ headerText: head.replace("{", `{"kid":"${keyId}",`) }));
  accept("a text that only looks like members", issue({ note: '{"sub":"x","sub":"y"}\\":' }));
  accept("CL-15: 32 levels", issue({ deep: nest(31) }));
  reject("CL-15: 33 levels", issue({ deep: nest(32) }));
  reject(
    "CL-15 F46: 2,000 levels",
    issueRaw({ payloadText: payload.replace("{", `{"deep":${"[".repeat(2_000)}${"]".repeat(2_000)},`) }),
  );
  const base = 13;
  accept("CL-15: 1,000 members and elements", issue({ many: Array(1_000 - base - 1).fill(0) }));
  reject("CL-15: 1,001", issue({ many: Array(1_000 - base).fill(0) }));
});

function nest(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level += 1) value = [value];
  return value;
}

describe("algorithm (RFC 8725 §3.1, §3.2)", () => {
  for (const alg of [
    "none",
    "None",
    "NONE",
    "nOnE",
    "NoNe",
    "rs256",
    "Rs256",
    "RS512",
    "RS384",
    "ES256K",
    "HS256",
    "HS512",
    "dir",
    "",
    "RS256 ",
    "__proto__",
  ]) {
    reject(`JF-08: ${JSON.stringify(alg)}`, issue({}, { alg }), "algorithm");
  }
  for (const alg of [undefined, null, ["RS256"], 1, true, { RS256: 1 }])
    reject(`JF-08: alg ${JSON.stringify(alg)}`, issue({}, { alg }));
  reject("JF-08: none with an empty signature", `${encode({ alg: "none", kid: keyId })}.${payloadSegment}.`);
  for (const alg of ["PS256", "ES256", "EdDSA"])
    reject(`JF-08: ${alg}, which was not allowed`, issue({}, { alg }), "algorithm");
  const secrets = {
    "the SPKI PEM": verificationKey.export({ type: "spki", format: "pem" }).toString(),
    "the PEM, trimmed": verificationKey.export({ type: "spki", format: "pem" }).toString().trim(),
    "the DER": verificationKey.export({ type: "spki", format: "der" }),
    "PKCS#1": verificationKey.export({ type: "pkcs1", format: "pem" }).toString(),
    "the JWK": JSON.stringify(publishedKey),
    nothing: "",
  };
  for (const [name, secret] of Object.entries(secrets)) {
    reject(`JF-11 CVE-2015-9235: HS256 keyed with ${name}`, hmac({ alg: "HS256", kid: keyId }, secret), "algorithm");
  }
  reject(
    "JF-11: HS256 with the kid of an oct key",
    hmac({ alg: "HS256", kid: "oct" }, "a shared secret of thirty-two by"),
    "algorithm",
  );
  reject("JF-11: RS256 with the kid of an oct key", issue({}, { kid: "oct" }), "unknown_key");
});

function hmac(head: object, secret: string | Buffer): string {
  const input = `${encode(head)}.${payloadSegment}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

describe("the key's own algorithm", () => {
  const rejectAll = (title: string, token: string, reason: AuthErrorReason): void => {
    it(title, async () => expectInvalidToken(await all.authenticate(token), reason));
  };
  const acceptAll = (title: string, token: string): void => {
    it(title, async () => expect((await all.authenticate(token)).auth.state).toBe("authenticated"));
  };
  const of = (alg: string, kid: string, signature: (input: Buffer) => Buffer): string => {
    const input = `${encode({ alg, kid })}.${payloadSegment}`;
    return `${input}.${signature(Buffer.from(input)).toString("base64url")}`;
  };
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const ps256 =
    (key = pss.privateKey, saltLength = 32) =>
    (input: Buffer) =>
      sign("sha256", input, { key, padding, saltLength });
  const es256 = (input: Buffer): Buffer => sign("sha256", input, { key: ec.privateKey, dsaEncoding: "ieee-p1363" });

  acceptAll("RS256", good);
  acceptAll(
    "RS256 with a key that has no alg",
    of("RS256", "bare", (input) => sign("sha256", input, bareRsa.privateKey)),
  );
  acceptAll("PS256 RFC 7518 §3.5", of("PS256", "ps", ps256()));
  acceptAll("ES256 RFC 7518 §3.4", of("ES256", "es", es256));
  acceptAll(
    "EdDSA RFC 8037 §3.1",
    of("EdDSA", "ed", (input) => sign(null, input, ed.privateKey)),
  );
  rejectAll("JF-09: PS256 with an RS256 key", of("PS256", keyId, ps256(signingKey)), "algorithm");
  rejectAll(
    "JF-10 CVE-2026-22818: PS256 with a key that has no alg",
    of("PS256", "bare", ps256(bareRsa.privateKey)),
    "algorithm",
  );
  rejectAll(
    "JF-09: RS256 with a PS256 key",
    of("RS256", "ps", (input) => sign("sha256", input, pss.privateKey)),
    "algorithm",
  );
  rejectAll("JF-09: RS256 with the kid of an EC key", issue({}, { kid: "es" }), "algorithm");
  rejectAll(
    "JF-09: ES256 with a P-384 key",
    of("ES256", "es384", (input) => sign("sha256", input, { key: ec384.privateKey, dsaEncoding: "ieee-p1363" })),
    "unknown_key",
  );
  rejectAll(
    "JF-20: a DER signature",
    of("ES256", "es", (input) => createSign("sha256").update(input).sign(ec.privateKey)),
    "signature",
  );
  rejectAll(
    "JF-20: R and S of zero",
    of("ES256", "es", () => Buffer.alloc(64)),
    "signature",
  );
  rejectAll(
    "JF-20: R and S too short",
    of("ES256", "es", (input) => es256(input).subarray(0, 63)),
    "signature",
  );
  rejectAll(
    "JF-20: R and S padded",
    of("ES256", "es", (input) => Buffer.concat([es256(input), Buffer.alloc(2)])),
    "signature",
  );
  const order = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const bytes32 = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
  const half = (input: Buffer, which: "R" | "S"): Buffer =>
    which === "R" ? es256(input).subarray(0, 32) : es256(input).subarray(32);
  for (const [name, value] of [
    ["0", 0n],
    ["1", 1n],
    ["the order n", order],
    ["n + 1", order + 1n],
    ["n − 1", order - 1n],
    ["2²⁵⁶ − 1", 2n ** 256n - 1n],
  ] as const) {
    rejectAll(
      `JF-20 Wycheproof SpecialCaseEs256: R = ${name}`,
      of("ES256", "es", (input) => Buffer.concat([bytes32(value), half(input, "S")])),
      "signature",
    );
    rejectAll(
      `JF-20 Wycheproof SpecialCaseEs256: S = ${name}`,
      of("ES256", "es", (input) => Buffer.concat([half(input, "R"), bytes32(value)])),
      "signature",
    );
    rejectAll(
      `JF-20 Wycheproof SpecialCaseEs256: R = S = ${name}`,
      of("ES256", "es", () => Buffer.concat([bytes32(value), bytes32(value)])),
      "signature",
    );
  }
  rejectAll(
    "JF-20: S and R, swapped",
    of("ES256", "es", (input) => Buffer.concat([half(input, "S"), half(input, "R")])),
    "signature",
  );
  for (const length of [1, 63, 65, 128, 256]) {
    for (const [alg, kid] of [
      ["EdDSA", "ed"],
      ["PS256", "ps"],
      ["ES256", "es"],
    ] as const) {
      rejectAll(
        `${alg}: a signature of ${String(length)} bytes`,
        of(alg, kid, () => Buffer.alloc(length, 7)),
        "signature",
      );
    }
  }
  rejectAll(
    "EdDSA RFC 8032 §5.1.7: S beyond the order of the group",
    of("EdDSA", "ed", (input) => {
      const signature = sign(null, input, ed.privateKey);
      const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;
      const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + groupOrder;
      return Buffer.concat([signature.subarray(0, 32), bytes32(s).reverse()]);
    }),
    "signature",
  );
  const digestInfo = (input: Buffer, prefix: string, rest = ""): Buffer =>
    Buffer.concat([Buffer.from(prefix, "hex"), createHash("sha256").update(input).digest(), Buffer.from(rest, "hex")]);
  const pkcs1 = (content: Buffer): Buffer =>
    privateEncrypt({ key: signingKey, padding: constants.RSA_PKCS1_PADDING }, content);
  const sha256Prefix = "3031300d060960864801650304020105000420";
  acceptAll(
    "RS256 as RFC 8017 §9.2 puts it together",
    of("RS256", keyId, (input) => pkcs1(digestInfo(input, sha256Prefix))),
  );
  for (const [name, content] of [
    ["the bare digest", (input: Buffer) => digestInfo(input, "")],
    ["something behind the digest", (input: Buffer) => digestInfo(input, sha256Prefix, "00")],
    ["the OID of SHA-512", (input: Buffer) => digestInfo(input, "3031300d060960864801650304020305000420")],
    ["long-form lengths", (input: Buffer) => digestInfo(input, "308131300d060960864801650304020105000420")],
  ] as const) {
    rejectAll(
      `Wycheproof rsa_signature: RS256 with ${name} inside`,
      of("RS256", keyId, (input) => pkcs1(content(input))),
      "signature",
    );
  }
  rejectAll(
    "RS256 with a zero in front of the signature",
    of("RS256", keyId, (input) => Buffer.concat([Buffer.alloc(1), sign("sha256", input, signingKey)])),
    "signature",
  );
  rejectAll(
    "JF-21 RFC 7518 §3.5: PSS with a salt of another length",
    of("PS256", "ps", ps256(pss.privateKey, 20)),
    "signature",
  );
  rejectAll("JF-21: PSS without salt", of("PS256", "ps", ps256(pss.privateKey, 0)), "signature");
  rejectAll(
    "RS256 with SHA-1 inside",
    of("RS256", keyId, (input) => sign("sha1", input, signingKey)),
    "signature",
  );
  rejectAll(
    "a signature of another length",
    of("RS256", keyId, () => Buffer.alloc(3, 1)),
    "signature",
  );
});

describe("the header brings no key and no extension (RFC 7515 §4.1)", () => {
  let canary: string;
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    response.end(JSON.stringify({ keys: [publishedKey] }));
  });
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    canary = typeof address === "object" ? `http://127.0.0.1:${String(address?.port)}/keys` : "";
  });
  afterAll(() => server.close());

  const attacker = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const attackerJwk = { ...attacker.publicKey.export({ format: "jwk" }), kid: "attacker" };
  const forge = (changes: object): string =>
    signSegments(encode({ ...header, ...changes }), payloadSegment, attacker.privateKey);

  reject("JF-14 CVE-2018-0114: jwk, with its own kid", () => forge({ jwk: attackerJwk, kid: "attacker" }));
  reject("JF-14: jwk, with a trusted kid", () => forge({ jwk: attackerJwk }));
  reject("JF-14: jku", () => forge({ jku: canary }));
  reject("JF-14: x5u", () => forge({ x5u: canary }));
  reject("JF-14: x5c", () => forge({ x5c: ["MIIB"] }));
  for (const name of ["jwk", "jku", "x5u", "x5c"])
    reject(`JF-15: ${name} in a token that is well signed`, issue({}, { [name]: "x" }));
  for (const crit of [["exp"], ["b64"], ["unknown"], [], "exp", null, {}, ["alg"], ["exp", "exp"]]) {
    reject(`JF-12 RFC 7515 §4.1.11: crit ${JSON.stringify(crit)}`, issue({}, { crit, unknown: 1 }));
  }
  reject("JF-13 RFC 7797 §7: b64 false", issue({}, { b64: false }));
  reject("JF-13: b64 true", issue({}, { b64: true }));
  accept("x5t is ignored", issue({}, { x5t: "abc" }));
  it("JF-14: nobody was asked", () => {
    expect(hits).toBe(0);
    expect(harness.keys.hits).toBeLessThanOrEqual(1);
  });
});

describe("kid (RFC 7515 §4.1.4)", () => {
  for (const kid of [
    undefined,
    null,
    ["a"],
    { a: 1 },
    1,
    true,
    "",
    "a b",
    "a\0",
    "é",
    "\n",
    "x".repeat(257),
    "x".repeat(1_500),
    "x".repeat(6_000),
  ]) {
    reject(`JF-16, JF-17: ${JSON.stringify(kid)?.slice(0, 40) ?? "missing"}`, issue({}, { kid }));
  }
  for (const kid of ["__proto__", "constructor", "toString", "../../etc/passwd", "'OR'1'='1'--", "x".repeat(256)]) {
    reject(`JF-16: ${kid.slice(0, 40)} is only a key of a map`, issue({}, { kid }), "unknown_key");
  }
});

describe("typ (RFC 8725 §3.11)", () => {
  for (const typ of ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "Application/JWT"])
    accept(`JF-23: ${typ}`, issue({}, { typ }));
  for (const typ of [
    "logout+jwt",
    "dpop+jwt",
    "secevent+jwt",
    "id_token+jwt",
    "application/logout+jwt",
    "",
    "application/",
    "text/jwt",
  ]) {
    reject(`JF-23: ${JSON.stringify(typ)}`, issue({}, { typ }), "type");
  }
  for (const typ of [null, 1, ["JWT"]]) reject(`JF-23: ${JSON.stringify(typ)}`, issue({}, { typ }));
});

describe("signature first (RFC 8725 §3.3)", () => {
  const breakSignature = (token: string): string =>
    token.slice(0, -10) + (token.at(-10) === "A" ? "B" : "A") + token.slice(-9);
  reject("one bit of the signature", breakSignature(good), "signature");
  reject(
    "the signature of another payload",
    `${headerSegment}.${encode({ ...userClaims, sub: "2" })}.${signatureSegment}`,
    "signature",
  );
  reject("an expired token", issue({ exp: nowSeconds - 60, iat: nowSeconds - 120 }), "expired");
  reject(
    "JF-25: expired and badly signed is a bad signature",
    breakSignature(issue({ exp: nowSeconds - 60, iat: nowSeconds - 120 })),
    "signature",
  );
  it("the same token a hundred times is answered a hundred times the same (fast-jwt CVE-2026-35040)", async () => {
    for (let round = 0; round < 100; round += 1) {
      expect((await harness.authenticate(good)).auth.state).toBe("authenticated");
      expectInvalidToken(await harness.authenticate(breakSignature(good)), "signature");
    }
  });
});
