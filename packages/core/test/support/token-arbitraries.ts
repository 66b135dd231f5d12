import { constants, createHmac, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import fc from "fast-check";

/** A key pair of the test issuer and how its public half is published. */
export interface IssuerKey {
  readonly kid: string;
  readonly algorithm: "RS256" | "PS256" | "ES256" | "EdDSA";
  readonly privateKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

/** The frozen moment of the property, in whole seconds since the epoch. */
export const nowSeconds = 1_800_000_000;
export const issuer = "http://demo.ap-shanghai.tcb-api.tencentcloudapi.com";
export const audience = "demo";

/** Keys with and without `alg`, one for encryption, two of one kid: what a careless issuer might publish. */
export function createIssuerKeys(): readonly IssuerKey[] {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const rsaPss = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecOther = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ed = generateKeyPairSync("ed25519");
  const published = (key: KeyObject, more: object) => ({ ...key.export({ format: "jwk" }), ...more });
  return [
    {
      kid: "rs",
      algorithm: "RS256",
      privateKey: rsa.privateKey,
      jwk: published(rsa.publicKey, { kid: "rs", alg: "RS256", use: "sig" }),
    },
    { kid: "bare", algorithm: "RS256", privateKey: rsa.privateKey, jwk: published(rsa.publicKey, { kid: "bare" }) },
    {
      kid: "ps",
      algorithm: "PS256",
      privateKey: rsaPss.privateKey,
      jwk: published(rsaPss.publicKey, { kid: "ps", alg: "PS256" }),
    },
    {
      kid: "es",
      algorithm: "ES256",
      privateKey: ec.privateKey,
      jwk: published(ec.publicKey, { kid: "es", alg: "ES256" }),
    },
    {
      kid: "ed",
      algorithm: "EdDSA",
      privateKey: ed.privateKey,
      jwk: published(ed.publicKey, { kid: "ed", alg: "EdDSA" }),
    },
    {
      kid: "enc",
      algorithm: "ES256",
      privateKey: ecOther.privateKey,
      jwk: published(ecOther.publicKey, { kid: "enc", use: "enc" }),
    },
    { kid: "twin", algorithm: "ES256", privateKey: ec.privateKey, jwk: published(ec.publicKey, { kid: "twin" }) },
    {
      kid: "twin",
      algorithm: "ES256",
      privateKey: ecOther.privateKey,
      jwk: published(ecOther.publicKey, { kid: "twin" }),
    },
  ];
}

/** A token to hold against both verifiers; `pristine` ones are well-formed, in time and well signed. */
export interface TokenCase {
  readonly token: string;
  readonly pristine: boolean;
}

/** Tokens that are good, nearly good and hostile, each signed afresh. */
export function arbitraryToken(keys: readonly IssuerKey[]): fc.Arbitrary<TokenCase> {
  const usable = keys.filter(({ kid }) => !["enc", "twin"].includes(kid));
  const cheap = usable.filter(({ algorithm }) => algorithm === "ES256" || algorithm === "EdDSA");
  // RSA signatures are slow to make: a few, and mostly the curves.
  const goodKey = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...usable) },
    { weight: 6, arbitrary: fc.constantFrom(...cheap) },
  );
  const anyKey = fc.oneof({ weight: 3, arbitrary: goodKey }, { weight: 1, arbitrary: fc.constantFrom(...keys) });

  const pristine = fc.tuple(goodKey, goodClaims, fc.constantFrom("", " ", "\n ")).map(([key, claims, space]) => ({
    token: compact(key, JSON.stringify({ alg: key.algorithm, kid: key.kid }), JSON.stringify(claims, null, space)),
    pristine: true,
  }));
  const oddClaims = fc
    .tuple(anyKey, goodClaims, fc.array(fc.tuple(claimName, claimValue), { minLength: 1, maxLength: 3 }))
    .map(([key, claims, changes]) => compact(key, goodHeader(key), JSON.stringify(withChanges(claims, changes))));
  const oddHeader = fc
    .tuple(anyKey, goodClaims, fc.array(fc.tuple(headerName, headerValue), { minLength: 1, maxLength: 3 }))
    .map(([key, claims, changes]) => {
      const header = withChanges({ alg: key.algorithm, kid: key.kid }, changes);
      return compact(key, JSON.stringify(header), JSON.stringify(claims));
    });
  const oddText = fc
    .tuple(anyKey, goodClaims, fc.constantFrom(...textTricks))
    .map(([key, claims, trick]) => compact(key, goodHeader(key), trick(JSON.stringify(claims))));
  const confused = fc
    .tuple(anyKey, goodClaims, fc.constantFrom("HS256", "none", "RS256", "PS256", "ES256"))
    .map(([key, claims, algorithm]) => {
      const input = `${encode(JSON.stringify({ alg: algorithm, kid: key.kid }))}.${encode(JSON.stringify(claims))}`;
      if (algorithm === "none") return `${input}.`;
      if (algorithm === "HS256")
        return `${input}.${createHmac("sha256", JSON.stringify(key.jwk)).update(input).digest("base64url")}`;
      return `${input}.${signatureOf(key, input)}`;
    });
  const edited = fc
    .tuple(
      pristine,
      fc.nat(),
      fc.constantFrom("replace", "insert", "delete", "swap", "bits"),
      fc.constantFrom(...alphabet),
    )
    .map(([{ token }, at, edit, character]) => editToken(token, at, edit, character));
  const crossed = fc.tuple(pristine, pristine, fc.nat({ max: 6 })).map(([a, b, mask]) => {
    const [left, right] = [a.token.split("."), b.token.split(".")];
    return left.map((segment, index) => ((mask >> index) & 1 ? (right[index] ?? segment) : segment)).join(".");
  });
  const hostile = fc.oneof(oddClaims, oddHeader, oddText, confused, edited, crossed, fc.string({ unit: "binary" }));
  return fc.oneof(
    { weight: 1, arbitrary: pristine },
    { weight: 4, arbitrary: hostile.map((token) => ({ token, pristine: false })) },
  );
}

const goodClaims = fc.record({
  iss: fc.constant(issuer),
  aud: fc.constantFrom<unknown>(audience, [audience], ["other", audience]),
  sub: fc.stringMatching(/^[0-9]{19}$/),
  iat: fc.integer({ min: nowSeconds - 3_600, max: nowSeconds + 5 }),
  exp: fc.integer({ min: nowSeconds + 6, max: nowSeconds + 7_200 }),
  scope: fc.constantFrom("user sso", "anonymous", ""),
  groups: fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.record({ id: fc.string() })), { maxLength: 3 }),
});

const claimName = fc.constantFrom(
  "iss",
  "aud",
  "sub",
  "iat",
  "exp",
  "nbf",
  "scope",
  "role",
  "typ",
  "__proto__",
  "toString",
);
const around = fc
  .constantFrom(-86_400, -6, -5, -4, -1, 0, 1, 4, 5, 6, 7_200, 604_800, 604_801, 1e12)
  .map((delta) => nowSeconds + delta);
const claimValue: fc.Arbitrary<unknown> = fc.oneof(
  around,
  around.map((time) => time + 0.5),
  fc.constantFrom<unknown>(
    issuer,
    `${issuer}/`,
    [issuer],
    audience,
    "Demo",
    [audience, 1],
    [[audience]],
    [],
    {},
    "",
    null,
    true,
    0,
    -1,
  ),
  fc.constantFrom<unknown>(
    "1795509544",
    "\0",
    "\ud800",
    "anon",
    "service_role",
    undefined,
    1e308,
    Number.MAX_SAFE_INTEGER,
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const headerName = fc.constantFrom(
  "alg",
  "kid",
  "typ",
  "crit",
  "b64",
  "jwk",
  "jku",
  "x5c",
  "x5u",
  "cty",
  "zip",
  "enc",
  "p2c",
);
const headerValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>("RS256", "rs256", "PS256", "ES256", "EdDSA", "Ed25519", "HS256", "none", "RS512", "ES384"),
  fc.constantFrom<unknown>(
    "rs",
    "bare",
    "ps",
    "es",
    "ed",
    "enc",
    "twin",
    "__proto__",
    "",
    ["rs"],
    null,
    1,
    true,
    undefined,
  ),
  fc.constantFrom<unknown>(
    "JWT",
    "at+jwt",
    "application/at+jwt",
    "AT+JWT",
    "id_token+jwt",
    "dpop+jwt",
    ["exp"],
    ["b64"],
    [],
    false,
  ),
);

/** Ways to write a JSON text that another reader might take for something else. */
const textTricks: readonly ((json: string) => string)[] = [
  (json) => `{"sub":"someone else",${json.slice(1)}`,
  (json) => `${json.slice(0, -1)},"exp":${String(nowSeconds + 60)}}`,
  (json) => `${json.slice(0, -1)},"\\u0073ub":"someone else"}`,
  (json) => `\ufeff${json}`,
  (json) => `[${json}]`,
  (json) => `"${json.replaceAll('"', '\\"')}"`,
  (json) => `${json} `,
  (json) => `${json}{}`,
  (json) => json.replace(/"exp":\d+/, '"exp":1e400'),
  (json) => `${json.slice(0, -1)},"deep":${"[".repeat(40)}${"]".repeat(40)}}`,
  () => "null",
];

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ~\n\0".split("");

function editToken(token: string, at: number, edit: string, character: string): string {
  const index = at % token.length;
  switch (edit) {
    case "replace":
      return token.slice(0, index) + character + token.slice(index + 1);
    case "insert":
      return token.slice(0, index) + character + token.slice(index);
    case "delete":
      return token.slice(0, index) + token.slice(index + 1);
    case "swap":
      return (
        token.slice(0, index) +
        token.slice(index + 1, index + 2) +
        token.slice(index, index + 1) +
        token.slice(index + 2)
      );
    default: {
      // The last character of a segment has bits that decoders ignore.
      const end = [token.indexOf("."), token.lastIndexOf("."), token.length][at % 3] ?? token.length;
      return token.slice(0, end - 1) + character + token.slice(end);
    }
  }
}

function withChanges(base: object, changes: readonly (readonly [string, unknown])[]): object {
  const entries = new Map<string, unknown>(Object.entries(base));
  for (const [name, value] of changes) entries.set(name, value);
  // Object.fromEntries defines members, so that "__proto__" becomes one.
  return Object.fromEntries(entries);
}

function goodHeader(key: IssuerKey): string {
  return JSON.stringify({ alg: key.algorithm, kid: key.kid });
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}

function compact(key: IssuerKey, header: string, payload: string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signatureOf(key, input)}`;
}

function signatureOf({ algorithm, privateKey }: IssuerKey, input: string): string {
  const data = Buffer.from(input, "latin1");
  switch (algorithm) {
    case "RS256":
      return sign("sha256", data, privateKey).toString("base64url");
    case "PS256": {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return sign("sha256", data, { key: privateKey, padding, saltLength: 32 }).toString("base64url");
    }
    case "ES256":
      return sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
    case "EdDSA":
      return sign(null, data, privateKey).toString("base64url");
  }
}
