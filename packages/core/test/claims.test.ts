import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type { AuthErrorReason, CloudbaseAuth } from "../src/index.ts";
import { expectInvalidToken, useHarness } from "./support/harness.ts";
import { startKeyServer } from "./support/key-server.ts";
import type { KeyServer } from "./support/key-server.ts";
import {
  encode,
  envId,
  header,
  issue,
  issueRaw,
  issuer,
  keyId,
  nowSeconds,
  publishedKey,
  signSegments,
  userClaims,
} from "./support/tokens.ts";

const harness = useHarness({ clientId: "my-client" });

const reject = (title: string, changes: object, reason: AuthErrorReason): void => {
  it(title, async () => expectInvalidToken(await harness.authenticate(issue({ ...changes })), reason));
};
const accept = (title: string, changes: object): void => {
  it(title, async () => expect((await harness.authenticate(issue({ ...changes }))).auth.state).toBe("authenticated"));
};

describe("iss (RFC 7519 §4.1.1, RFC 9068 §4)", () => {
  accept("http and no path, as the documented samples have it", { iss: issuer });
  accept("https", { iss: issuer.replace("http:", "https:") });
  accept("the gateway's origin", { iss: "https://demo.api.tcloudbasegateway.com" });
  it("the endpoint's origin", async () => {
    expect((await harness.authenticate(issue({ iss: harness.keys.endpoint }))).auth.state).toBe("authenticated");
  });
  for (const iss of [
    `${issuer}/`,
    `${issuer}/auth/v1`,
    issuer.slice(0, -1),
    issuer.toUpperCase(),
    `${issuer}.evil.example`,
    ` ${issuer}`,
  ]) {
    reject(`CL-01: ${iss}`, { iss }, "issuer");
  }
  for (const iss of [
    "",
    undefined,
    null,
    1,
    {},
    [issuer],
    [issuer, "https://evil.example"],
    "__proto__",
    "constructor",
  ]) {
    reject(`CL-01 CVE-2025-30144: ${JSON.stringify(iss)}`, { iss }, "issuer");
  }
  reject("plain http of the gateway", { iss: "http://demo.api.tcloudbasegateway.com" }, "issuer");
  reject("the intl gateway, in a China region", { iss: "https://demo.api.intl.tcloudbasegateway.com" }, "issuer");
  reject("another environment", { iss: issuer.replace("demo", "other") }, "issuer");
});

describe("aud (RFC 7519 §4.1.3, RFC 9068 §4)", () => {
  accept("CL-03: the environment id", { aud: envId });
  accept("CL-03: the client id", { aud: "my-client" });
  accept("CL-03: a list with ours in it", { aud: ["other", envId] });
  for (const aud of ["other", "dem", "demo2", "DEMO", "demo ", ["other"], ["DEMO", "my"]])
    reject(`CL-03: ${JSON.stringify(aud)}`, { aud }, "audience");
  for (const aud of [undefined, null, 1, {}, [], [[envId]], [envId, 1], { 0: envId }])
    reject(`CL-04: ${JSON.stringify(aud)}`, { aud }, "claim");
});

describe("sub, scope and what they may hold", () => {
  for (const sub of [undefined, null, "", 1, {}, ["a"], true])
    reject(`CL-11: sub ${JSON.stringify(sub)}`, { sub }, "claim");
  for (const text of ["a\0b", "\ud800", "x\udfff"]) {
    reject(`CL-16: sub ${JSON.stringify(text)}`, { sub: text }, "claim");
    reject(`CL-16: scope ${JSON.stringify(text)}`, { scope: text }, "claim");
    reject(`CL-16: iss ${JSON.stringify(text)}`, { iss: text }, "issuer");
  }
  for (const scope of [null, 1, {}, ["user"], true])
    reject(`CL-12: scope ${JSON.stringify(scope)}`, { scope }, "claim");
  accept("without scope", { scope: undefined });
  accept("an astral character in sub", { sub: "用户😀" });
});

describe("times, exact to the second with a frozen clock (RFC 7519 §4.1.4–4.1.6)", () => {
  const early = { iat: nowSeconds - 100 };
  accept("CL-10: exp = now − 4", { ...early, exp: nowSeconds - 4 });
  accept("CL-06: exp = now − 4.5", { ...early, exp: nowSeconds - 4.5 });
  reject("CL-10: exp = now − 5", { ...early, exp: nowSeconds - 5 }, "expired");
  accept("CL-10: iat = now + 5", { iat: nowSeconds + 5 });
  reject("CL-09, CL-10: iat = now + 6", { iat: nowSeconds + 6 }, "not_yet_valid");
  reject("CL-09: iat tomorrow", { iat: nowSeconds + 86_400, exp: nowSeconds + 90_000 }, "not_yet_valid");
  accept("CL-08, CL-10: nbf = now + 5", { nbf: nowSeconds + 5 });
  reject("CL-08, CL-10: nbf = now + 6", { nbf: nowSeconds + 6 }, "not_yet_valid");
  accept("CL-06 RFC 7519 §2: a fraction", { exp: nowSeconds + 600.5 });
  for (const name of ["exp", "iat", "nbf"]) {
    for (const value of [null, "1800000600", true, [nowSeconds], {}, -1, 0])
      reject(`CL-05, CL-06: ${name} ${JSON.stringify(value)}`, { [name]: value }, "claim");
    it(`CL-06: ${name} 1e400`, async () => {
      const payloadText = JSON.stringify({ ...userClaims, [name]: -7 }).replace(/:-7\b/, ":1e400");
      expectInvalidToken(await harness.authenticate(issueRaw({ payloadText })), "claim");
    });
  }
  reject("CL-05 RFC 9068 §2.2: no exp", { exp: undefined }, "claim");
  reject("no iat", { iat: undefined }, "claim");
  accept("CL-07: a life of 7 days", { exp: nowSeconds + 604_800 });
  reject("CL-07: a second more", { exp: nowSeconds + 604_801 }, "claim");
  reject("CL-07: exp in milliseconds", { exp: (nowSeconds + 7_200) * 1_000 }, "claim");
  reject("CL-07: iat and exp in milliseconds", { iat: nowSeconds * 1_000, exp: (nowSeconds + 7_200) * 1_000 }, "claim");
  reject("exp at iat", { iat: nowSeconds + 3, exp: nowSeconds + 3 }, "claim");
  reject("exp before iat", { iat: nowSeconds + 3, exp: nowSeconds + 2 }, "claim");
});

describe("CL-10: the clock counts whole seconds, so that an answer does not change within one", () => {
  const late = useHarness({ now: () => nowSeconds * 1_000 + 999 });
  it.each<[string, object, string]>([
    ["exp = now − 4", { iat: nowSeconds - 100, exp: nowSeconds - 4 }, "authenticated"],
    ["exp = now − 4.5", { iat: nowSeconds - 100, exp: nowSeconds - 4.5 }, "authenticated"],
    ["exp = now − 5", { iat: nowSeconds - 100, exp: nowSeconds - 5 }, "rejected"],
    ["iat = now + 5", { iat: nowSeconds + 5 }, "authenticated"],
    ["iat = now + 6", { iat: nowSeconds + 6 }, "rejected"],
  ])("%s, a millisecond before the next", async (_title, changes, state) => {
    expect((await late.authenticate(issue({ ...changes }))).auth.state).toBe(state);
  });
});

describe("the tolerance is an option", () => {
  const none = useHarness({ clockToleranceSeconds: 0, maxTokenLifetimeSeconds: 60 });
  const state = async (changes: object): Promise<string> =>
    (await none.authenticate(issue({ exp: nowSeconds + 60, ...changes }))).auth.state;
  it("0: exact on both sides", async () => {
    expect(await state({ exp: nowSeconds + 1 })).toBe("authenticated");
    expect(await state({ exp: nowSeconds, iat: nowSeconds - 1 })).toBe("rejected");
    expect(await state({ iat: nowSeconds + 1 })).toBe("rejected");
    expect(await state({})).toBe("authenticated");
    expect(await state({ exp: nowSeconds + 61 })).toBe("rejected");
  });
});

describe("CL-13 RFC 8725 §3.12: other things under the same key", () => {
  it("a verification_id as CloudBase signs it, on the wire of an e-mail code", async () => {
    const verificationId = signSegments(
      encode(header),
      encode({ e: "a@b.example", exp: nowSeconds + 600, kid: keyId, pj: envId, t: "v" }),
    );
    expectInvalidToken(await harness.authenticate(verificationId), "issuer");
  });
  for (const missing of ["iss", "aud", "sub", "exp", "iat"]) {
    reject(`everything but ${missing}`, { [missing]: undefined }, missing === "iss" ? "issuer" : "claim");
  }
  reject("a publishable key: role anon", { role: "anon" }, "type");
  reject("an API key: role service_role", { role: "service_role" }, "type");
  accept("a user of a newer environment: role authenticated", { role: "authenticated" });
});

describe("CL-02 Clerk, CVE-2025-59936: keys belong to their issuer", () => {
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let servers: [KeyServer, KeyServer];
  let auth: CloudbaseAuth;

  beforeAll(async () => {
    servers = [
      await startKeyServer([publishedKey]),
      await startKeyServer([{ ...other.publicKey.export({ format: "jwk" }), kid: keyId, alg: "RS256" }]),
    ];
    auth = createCloudbaseAuth({
      environments: [
        { envId, endpoint: servers[0].endpoint },
        { envId: "other", endpoint: servers[1].endpoint },
      ],
      now: () => nowSeconds * 1_000,
    });
  });
  afterAll(async () => {
    await auth.close();
    for (const server of servers) await server.close();
  });

  it("two environments with one kid and different keys: 0 confusions in 400", async () => {
    const claims = { demo: userClaims, other: { ...userClaims, iss: issuer.replace("demo", "other"), aud: "other" } };
    const tokens = {
      "demo by demo": signSegments(encode(header), encode(claims.demo)),
      "demo by other": signSegments(encode(header), encode(claims.demo), other.privateKey),
      "other by other": signSegments(encode(header), encode(claims.other), other.privateKey),
      "other by demo": signSegments(encode(header), encode(claims.other)),
    };
    for (let round = 0; round < 100; round += 1) {
      for (const [title, token] of Object.entries(tokens)) {
        const result = await auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
        const [claimed, , signer] = title.split(" ");
        if (claimed === signer) expect(result.auth).toMatchObject({ state: "authenticated", environment: claimed });
        else expectInvalidToken(result, "signature");
      }
    }
    expect(servers.map(({ hits }) => hits)).toEqual([1, 1]);
    expect(auth.status().environments.map((environment) => [environment.envId, environment.keySet.fetches])).toEqual([
      ["demo", 1],
      ["other", 1],
    ]);
  });

  it("an audience of the other environment does not do", async () => {
    expectInvalidToken(
      await auth.authenticate({ headers: { authorization: `Bearer ${issue({ aud: "other" })}` } }),
      "audience",
    );
  });
});
