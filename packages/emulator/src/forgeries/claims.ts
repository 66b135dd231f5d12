import { randomBytes, randomUUID } from "node:crypto";
import { compact, genuinelySigned, rs256, withRawMember } from "./workshop.ts";
import type { Forgery, Members, Workshop } from "./workshop.ts";

const day = 24 * 3600;

/** The real key signed it, but the claims are not those of a valid access token (RFC 7519 §4.1, RFC 8725 §3). */
export const claimForgeries = {
  expired: derived("expired an hour ago", ({ now }) => ({ iat: now - 3 * 3600, exp: now - 3600 })),
  "exp-missing": fixed("never expires: no exp", { exp: undefined }),
  "exp-null": fixed("exp is no number", { exp: null }),
  "exp-boolean": fixed("exp is no number", { exp: true }),
  "exp-string": derived("exp is no number", ({ now }) => ({ exp: String(now + 3600) })),
  "exp-array": derived("exp is no number", ({ now }) => ({ exp: [now + 3600] })),
  "exp-zero": fixed("expired in 1970", { exp: 0 }),
  "exp-negative": fixed("expired before 1970", { exp: -1 }),
  "exp-infinite": raw("exp", "1e400", "exp is no finite number"),
  "exp-milliseconds": derived("exp is in milliseconds: valid for 50 000 years", ({ now }) => ({
    exp: (now + 3600) * 1000,
  })),
  "lifetime-too-long": derived("valid for ten years", ({ now }) => ({ exp: now + 3650 * day })),
  "iat-missing": fixed("does not say when it was issued", { iat: undefined }),
  "iat-string": derived("iat is no number", ({ now }) => ({ iat: String(now) })),
  "iat-future": derived("issued tomorrow", ({ now }) => ({ iat: now + day, exp: now + 2 * day })),
  "iat-milliseconds": derived("iat is in milliseconds", ({ now }) => ({ iat: now * 1000 })),
  "not-yet-valid": derived("not valid before an hour from now", ({ now }) => ({ nbf: now + 3600 })),
  "nbf-string": derived("nbf is no number", ({ now }) => ({ nbf: String(now - 60) })),
  "nbf-infinite": raw("nbf", "1e400", "nbf is no finite number"),

  "iss-missing": fixed("no iss", { iss: undefined }),
  "iss-other": fixed("of another issuer", { iss: "https://other.example" }),
  "iss-trailing-slash": derived("iss has a slash too many", ({ claims }) => ({ iss: `${String(claims["iss"])}/` })),
  "iss-suffix": derived("iss only begins like the right one", ({ claims }) => ({
    iss: `${String(claims["iss"])}.other.example`,
  })),
  "iss-case": derived("iss is case-sensitive", ({ claims }) => ({ iss: String(claims["iss"]).toUpperCase() })),
  "iss-array": derived("iss is an array", ({ claims }) => ({ iss: [claims["iss"], "https://other.example"] })),
  "iss-object": derived("iss is an object", ({ claims }) => ({ iss: { iss: claims["iss"] } })),

  "aud-missing": fixed("for nobody: no aud", { aud: undefined }),
  "aud-null": fixed("aud is null", { aud: null }),
  "aud-other": fixed("for somebody else", { aud: "somebody-else" }),
  "aud-empty-array": fixed("for nobody", { aud: [] }),
  "aud-nested-array": derived("aud is an array of arrays", ({ claims }) => ({ aud: [[claims["aud"]]] })),
  "aud-mixed-array": derived("aud lists a number", ({ claims }) => ({ aud: [claims["aud"], 1] })),
  "aud-object": derived("aud is an object", ({ claims }) => ({ aud: { aud: claims["aud"] } })),
  "aud-prefix": derived("aud only begins like the right one", ({ claims }) => ({ aud: `${String(claims["aud"])}-2` })),
  "aud-case": derived("aud is case-sensitive", ({ claims }) => ({ aud: changedCase(String(claims["aud"])) })),

  "sub-missing": fixed("about nobody: no sub", { sub: undefined }),
  "sub-empty": fixed("about nobody", { sub: "" }),
  "sub-null": fixed("sub is no string", { sub: null }),
  "sub-number": raw("sub", "1000000000000000001", "sub is no string"),
  "sub-object": fixed("sub is no string", { sub: { sub: "1" } }),
  "sub-nul": fixed("sub holds a NUL", { sub: "1\u0000" }),
  "sub-lone-surrogate": raw("sub", String.raw`"1\ud800"`, "sub is no Unicode text"),

  "scope-missing": fixed("may do nothing: no scope", { scope: undefined }),
  "scope-array": fixed("scope is no string", { scope: ["user", "sso"] }),
  "project-missing": fixed("of no environment", { project_id: undefined }),
  "project-other": fixed("of another environment", { project_id: "another-environment" }),
  "role-anon": fixed("a publishable key: everybody has it", { role: "anon", scope: "accessKey" }),
  "role-service-role": fixed("an API key: no user", { role: "service_role", scope: "accessKey" }),
} as const satisfies Readonly<Record<string, Forgery>>;

/** Other things than access tokens, which the same server issues (RFC 8725 §3.12). */
export const confusionForgeries = {
  "verification-id": {
    why: "the verification_id of a code: a JWT under the same key, and no access token",
    make: ({ header, claims, now, genuine }) =>
      compact(
        header,
        { p: "+86 13800000000", exp: now + 600, kid: randomUUID(), pj: claims["project_id"], t: "ANY" },
        rs256(genuine),
      ),
  },
  "refresh-token": { why: "a refresh token", make: () => randomBytes(48).toString("base64url") },
  "logout-token": {
    why: "a logout token (OpenID Connect Back-Channel Logout §2.4)",
    make: (workshop) =>
      genuinelySigned(
        workshop,
        { typ: "logout+jwt" },
        {
          sub: undefined,
          scope: undefined,
          sid: randomUUID(),
          events: { "http://schemas.openid.net/event/backchannel-logout": {} },
        },
      ),
  },
  "id-token": fixed("an ID token: no scope", { scope: undefined, nonce: "n-0S6_WzA2Mj", auth_time: 1 }),
} as const satisfies Readonly<Record<string, Forgery>>;

function fixed(why: string, claims: Members): Forgery {
  return derived(why, () => claims);
}

function derived(why: string, claimsOf: (workshop: Workshop) => Members): Forgery {
  return { why, make: (workshop) => genuinelySigned(workshop, {}, claimsOf(workshop)) };
}

function raw(name: string, text: string, why: string): Forgery {
  return {
    why,
    make: ({ header, claims, genuine }) => compact(header, withRawMember(claims, name, text), rs256(genuine)),
  };
}

const changedCase = (text: string): string => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());
