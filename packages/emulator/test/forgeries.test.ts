import { X509Certificate } from "node:crypto";
import { createEmulator, forgeryKinds } from "@cloudbase-auth/emulator";
import type { Emulator, ForgeryKind } from "@cloudbase-auth/emulator";
import { compactVerify, createRemoteJWKSet, decodeProtectedHeader, importX509, jwtVerify } from "jose";
import type { JWTVerifyGetKey } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refusal, text } from "./support/api.ts";

/** What jose accepts with issuer, audience, algorithms and required claims set: a verifier has to look at it itself. */
const acceptedByJose: readonly ForgeryKind[] = [
  ...(["b64-false-without-crit", "header-too-long", "too-long", "deep-nesting"] as const),
  ...(["typ-logout", "typ-dpop", "typ-secevent", "typ-id-token", "typ-number"] as const),
  ...(["duplicate-alg", "duplicate-kid", "duplicate-sub", "duplicate-exp", "header-bom", "payload-bom"] as const),
  ...(["padding-signature", "padding-payload", "whitespace-signature", "line-break"] as const),
  ...(["non-canonical-header", "non-canonical-payload", "non-canonical-signature"] as const),
  ...(["exp-infinite", "exp-milliseconds", "lifetime-too-long", "iat-future", "iat-milliseconds"] as const),
  ...(["sub-empty", "sub-null", "sub-number", "sub-object", "sub-nul", "sub-lone-surrogate"] as const),
  ...(["aud-mixed-array", "scope-missing", "scope-array", "id-token"] as const),
  ...(["project-missing", "project-other", "role-anon", "role-service-role"] as const),
];

let emulator: Emulator;
let keySet: JWTVerifyGetKey;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
  keySet = createRemoteJWKSet(new URL(`${emulator.endpoint}/auth/v1/certs`));
});
afterAll(() => emulator.close());

/** RFC 7519 §7.2 by a foreign verifier that is told everything. */
function verify(token: string) {
  return jwtVerify(token, keySet, {
    algorithms: ["RS256"],
    issuer: emulator.endpoint,
    audience: "demo",
    requiredClaims: ["iss", "aud", "sub", "exp", "iat"],
  });
}

it("jose and the API accept a genuine token of the same claims", async () => {
  const token = await emulator.issueToken();
  await verify(token);
  expect((await call(emulator, "GET /user/me", { bearer: token })).status).toBe(200);
});

describe("a forged token", () => {
  it.each(forgeryKinds)("$kind: $why", async ({ kind, why }) => {
    const forged = await emulator.issueForged(kind);
    expect(forged.why).toBe(why);
    const verdict = await verify(forged.token).then(
      () => "accepted",
      () => "refused",
    );
    expect(verdict).toBe(acceptedByJose.includes(kind) ? "accepted" : "refused");
    if (/[\0\n]/.test(forged.token)) return; // no HTTP field can hold it (RFC 9110 §5.5)
    expect((await call(emulator, "GET /user/me", { bearer: forged.token })).status).toBeLessThan(500);
  });

  it("is not fetched for: no verification asked for the forger's keys", () => {
    const asked = emulator.requests.entries().map(({ path }) => path);
    expect(asked).toContain("/auth/v1/certs");
    expect(asked.filter((path) => path.startsWith("/forged"))).toEqual([]);
  });

  it("would be let in by a verifier that trusts what jku, x5u and x5c bring", async () => {
    const jku = await emulator.issueForged("jku");
    const address = String(decodeProtectedHeader(jku.token).jku);
    expect(address).toBe(`${emulator.endpoint}/forged/certs`);
    await compactVerify(jku.token, createRemoteJWKSet(new URL(address)));

    const x5u = await emulator.issueForged("x5u");
    const pem = await (await fetch(String(decodeProtectedHeader(x5u.token).x5u))).text();
    await compactVerify(x5u.token, await importX509(pem, "RS256"));
    const certificate = new X509Certificate(pem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);

    const x5c = await emulator.issueForged("x5c");
    expect(decodeProtectedHeader(x5c.token).x5c).toEqual([certificate.raw.toString("base64")]);
    expect(emulator.requests.entries().filter(({ path }) => path.startsWith("/forged"))).toHaveLength(2);
  });

  it("takes other claims and another address", async () => {
    const { token } = await emulator.issueForged("jku", {
      claims: { sub: "lihua" },
      url: "http://canary.example/keys",
    });
    expect(decodeProtectedHeader(token).jku).toBe("http://canary.example/keys");
    expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).toContain('"sub":"lihua"');
  });

  it("is made with the keys and the time of the moment", async () => {
    await emulator.rotateKeys();
    const { kid } = decodeProtectedHeader((await emulator.issueForged("expired")).token);
    const certs = await call(emulator, "GET /certs");
    expect(JSON.stringify(certs.body["keys"])).toContain(`"${String(kid)}"`);
  });
});

describe("POST /emulator/tokens/forged", () => {
  it("makes each kind that GET lists", async () => {
    const listed = await call(emulator, "GET /emulator/tokens/forged");
    expect(listed.body["kinds"]).toEqual(forgeryKinds);
    const answer = await call(emulator, "POST /emulator/tokens/forged", {
      body: { kind: "jku", url: "http://a.example", claims: { sub: "1" }, without: ["scope"] },
    });
    expect(decodeProtectedHeader(text(answer, "token")).jku).toBe("http://a.example");
    expect(text(answer, "why")).toMatch(/^brings the address/);
  });

  it.each([{}, { kind: "nope" }, { kind: "toString" }, { kind: "jku", url: 1 }, { kind: "jku", claims: [] }])(
    "refuses %j",
    async (body) => {
      expect(refusal(await call(emulator, "POST /emulator/tokens/forged", { body }))).toBe("400 invalid_argument");
    },
  );
});
