import { alterSegment, trailingBitsVariant } from "../forgery.ts";
import { handledFor, handledRejected, invalidToken } from "../expectations.ts";
import { person } from "../world.ts";
import type { World } from "../world.ts";
import type { ContractCase } from "./case.ts";
import { bearer } from "./case.ts";

type MakeToken = (world: World, good: string) => string | Promise<string>;

/** A bad token makes two cases: a guard refuses it, and a public route learns that it is bad and why. */
function bad(title: string, reason: string, make: MakeToken): readonly ContractCase[] {
  const request = (target: string) => async (world: World) => ({
    target,
    lines: [bearer(await make(world, await world.token()))],
  });
  return [
    { title: `${title}, at a guard`, expected: invalidToken, request: request("/me") },
    { title: `${title}, public route`, expected: handledRejected("invalid_token", reason), request: request("/open") },
  ];
}

function claims(
  title: string,
  reason: string,
  change: (now: number) => Record<string, unknown>,
): readonly ContractCase[] {
  return bad(title, reason, ({ token, nowSeconds }) => token(change(nowSeconds)));
}

function good(title: string, change: (now: number) => Record<string, unknown>): ContractCase {
  const request = async ({ token, nowSeconds }: World) => ({ lines: [bearer(await token(change(nowSeconds)))] });
  return { title, expected: handledFor(person), request };
}

/** What the token itself is: RFC 7515, RFC 7519, RFC 8725. */
export const tokenCases: readonly ContractCase[] = [
  ...([0, 1, 2] as const).map((index) => ({
    title: `JF-24: one character of segment ${index + 1} altered`,
    expected: invalidToken,
    request: async ({ token }: World) => ({ lines: [bearer(alterSegment(await token(), index))] }),
  })),
  ...bad("JF-24: one character of the signature altered", "signature", (_world, token) => alterSegment(token, 2)),
  ...bad("JF-24: another sub in the payload", "signature", ({ forger }, token) =>
    forger.withClaims(token, { sub: "somebody else" }),
  ),
  ...bad("JF-25: forged and expired says no more than forged", "signature", async ({ forger, token, nowSeconds }) =>
    forger.withClaims(await token(), { exp: nowSeconds - 600, iat: nowSeconds - 700 }),
  ),
  ...bad("JF-04 RFC 4648 §3.5: trailing bits", "malformed", (_world, token) => trailingBitsVariant(token)),
  ...bad("JF-02: two segments", "malformed", (_world, token) => token.slice(0, token.lastIndexOf("."))),
  ...bad("JF-02: four segments", "malformed", (_world, token) => `${token}.AAAA`),
  ...bad("JF-22: five segments, as a JWE has", "malformed", (_world, token) => `${token}.AAAA.AAAA`),
  ...bad("JF-02: a lone dot", "malformed", () => "."),
  ...bad("JF-05: 8,193 characters", "malformed", (_world, token) => token.padEnd(8_193, "A")),
  ...bad("JF-08 CVE-2015-9235: alg none, no signature", "malformed", ({ forger }, token) =>
    forger.unsigned(token, "none", "empty"),
  ),
  ...["none", "None", "NONE", "nOnE"].flatMap((alg) =>
    bad(`JF-08 CVE-2015-9235: alg ${alg}, old signature`, "algorithm", ({ forger }, token) =>
      forger.unsigned(token, alg, "kept"),
    ),
  ),
  ...(["pem", "der", "jwk"] as const).flatMap((form) =>
    bad(`JF-11 CVE-2015-9235: HS256 with the public key as ${form}`, "algorithm", ({ forger }, token) =>
      forger.keyedWithPublicKey(token, form),
    ),
  ),
  ...bad("JF-08: alg rs256", "algorithm", ({ forger }, token) => forger.withHeader(token, { alg: "rs256" })),
  ...bad("JF-08: alg missing", "malformed", ({ forger }, token) => forger.withHeader(token, { alg: undefined })),
  ...bad("JF-09: PS256 is not allowed", "algorithm", ({ forger }, token) => forger.withHeader(token, { alg: "PS256" })),
  ...bad("JF-16: unknown kid", "unknown_key", ({ forger }, token) => forger.signedByStranger(token, "stranger")),
  ...["__proto__", "constructor", "../../etc/passwd"].flatMap((kid) =>
    bad(`JF-16: kid ${kid}`, "unknown_key", ({ forger }, token) => forger.signedByStranger(token, kid)),
  ),
  ...bad("JF-16: kid is a number", "malformed", ({ forger }, token) => forger.withHeader(token, { kid: 1 })),
  ...bad("JF-17: kid missing", "malformed", ({ forger }, token) => forger.withHeader(token, { kid: undefined })),
  ...bad("CL-02: the known kid, another key", "signature", ({ forger }, token) => forger.signedByStranger(token)),
  ...bad("JF-12 RFC 7515 §4.1.11: crit", "malformed", ({ forger }, token) =>
    forger.withHeader(token, { crit: ["exp"] }),
  ),
  ...bad("JF-15: jku", "malformed", ({ forger }, token) => forger.withHeader(token, { jku: "http://127.0.0.1/jwks" })),
  ...bad("JF-23 RFC 8725 §3.11: typ logout+jwt", "type", ({ forger }, token) =>
    forger.withHeader(token, { typ: "logout+jwt" }),
  ),

  ...claims("CL-05: expired", "expired", (now) => ({ iat: now - 7_200, exp: now - 3_600 })),
  ...claims("CL-05: exp missing", "claim", () => ({ exp: undefined })),
  ...claims("CL-06: exp is text", "claim", (now) => ({ exp: String(now + 600) })),
  ...claims("CL-07: exp in milliseconds", "claim", (now) => ({ exp: (now + 600) * 1_000 })),
  ...claims("CL-08: nbf tomorrow", "not_yet_valid", (now) => ({ nbf: now + 86_400 })),
  ...claims("CL-09: iat in ten minutes", "not_yet_valid", (now) => ({ iat: now + 600, exp: now + 1_200 })),
  ...claims("CL-01: another issuer", "issuer", () => ({ iss: "https://other.api.tcloudbasegateway.com" })),
  ...claims("CL-01: iss missing", "issuer", () => ({ iss: undefined })),
  ...bad("CL-01: iss with a slash behind", "issuer", ({ token, issuer }) => token({ iss: `${issuer}/` })),
  ...bad("CL-01 CVE-2025-30144: iss in an array", "issuer", ({ token, issuer }) => token({ iss: [issuer] })),
  ...bad("CL-02: another environment's token", "issuer", ({ foreignToken }) => foreignToken),
  ...claims("CL-03: another environment's audience", "audience", () => ({ aud: "other" })),
  ...claims("CL-03: aud missing", "claim", () => ({ aud: undefined })),
  ...claims("CL-03: aud empty", "claim", () => ({ aud: [] })),
  ...claims("CL-03: aud in capitals", "audience", () => ({ aud: "DEMO" })),
  ...claims("CL-04: aud not all text", "claim", () => ({ aud: ["demo", 1] })),
  ...claims("CL-11: sub missing", "claim", () => ({ sub: undefined })),
  ...claims("CL-11: sub empty", "claim", () => ({ sub: "" })),
  ...claims("CL-11: sub is a number", "claim", () => ({ sub: 1 })),
  ...claims("CL-16: NUL in sub", "claim", () => ({ sub: "a\0b" })),
  ...bad("CL-13: a verification_id under the same key", "issuer", ({ verificationId }) => verificationId),
  ...["anon", "service_role"].flatMap((role) =>
    claims(`CL-13: role ${role}, a key and no user`, "type", () => ({ role })),
  ),

  good("CL-03: aud as an array that names us", () => ({ aud: ["other", "demo"] })),
  good("CL-06: a fraction in exp", (now) => ({ exp: now + 600.5 })),
  good("CL-08: nbf now", (now) => ({ nbf: now })),
  good("CL-14: claims named like prototypes", () => ({ constructor: "x", toString: "y" })),
  good("BU-10: claims with quotes, CRLF and é", () => ({ name: 'a"b\\c\r\nSet-Cookie: d=é' })),
];
