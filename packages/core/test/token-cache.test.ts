import { generateKeyPairSync, sign } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type { AuthResult, CloudbaseAuth, CloudbaseAuthOptions, TokenCacheStatus } from "../src/index.ts";
import { expectInvalidToken, expectUnavailable } from "./support/harness.ts";
import { startKeyServer } from "./support/key-server.ts";
import type { KeyServer } from "./support/key-server.ts";
import { encode, header, issue, nowSeconds, publishedKey, userClaims } from "./support/tokens.ts";

let server: KeyServer;
let nowMs: number;
let auth: CloudbaseAuth;
const instances: CloudbaseAuth[] = [];

beforeEach(async () => {
  server = await startKeyServer([publishedKey]);
  nowMs = nowSeconds * 1_000;
  auth = create();
  await auth.ready();
});
afterEach(async () => {
  for (const instance of instances.splice(0)) await instance.close();
  await server.close();
});

function create(options: Partial<CloudbaseAuthOptions> = {}): CloudbaseAuth {
  const base = { envId: "demo", endpoint: server.endpoint, now: () => nowMs, onWarning: () => undefined };
  const instance = createCloudbaseAuth({ ...base, ...options } as CloudbaseAuthOptions);
  instances.push(instance);
  return instance;
}

const present = async (token: string, instance = auth): Promise<AuthResult> =>
  instance.authenticate({ headers: { authorization: `Bearer ${token}` } });
const kept = (instance = auth): TokenCacheStatus => {
  const [environment] = instance.status().environments;
  if (environment === undefined) throw new Error("the instance has no environment");
  return environment.tokens;
};
const { exp, iat } = userClaims;

/** Presents the token until its result is kept, and gives the result. */
async function keep(token: string): Promise<AuthResult> {
  await present(token);
  const result = await present(token);
  expect(result.auth.state).toBe("authenticated");
  expect(await present(token)).toBe(result);
  return result;
}

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const edKey = { ...publicKey.export({ format: "jwk" }), kid: "ed", alg: "EdDSA" };
/** Cheap to sign: for tests that need thousands. */
function issueMany(count: number, from = 0): string[] {
  const head = encode({ ...header, alg: "EdDSA", kid: "ed" });
  return Array.from({ length: count }, (_, index) => {
    const input = `${head}.${encode({ ...userClaims, n: from + index })}`;
    return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
  });
}

describe("a verified token", () => {
  it("is kept from its second sight on, and then answered at once with the same frozen result", async () => {
    const token = issue();
    const first = await present(token);
    expect(kept()).toEqual({ tokens: 0, bytes: 0, hits: 0, misses: 1 });
    const second = await present(token);
    expect(second).not.toBe(first);
    expect(second).toEqual(first);
    expect(kept()).toMatchObject({ tokens: 1, hits: 0, misses: 2 });
    const third = auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
    expect(third).toBe(second);
    expect(kept()).toMatchObject({ tokens: 1, hits: 1, misses: 2 });
    expect(server.hits).toBe(1);
  });

  it("counts for the bytes that it holds", async () => {
    await keep(issue());
    expect(kept().bytes).toBeGreaterThan(issue().length);
  });

  it("is kept until its exp and not a second longer; the tolerance is given by a verification", async () => {
    const token = issue();
    const result = await keep(token);
    nowMs = exp * 1_000 - 1;
    expect(await present(token)).toBe(result);
    nowMs = exp * 1_000;
    const late = await present(token);
    expect(late).not.toBe(result);
    expect(late.auth.state).toBe("authenticated");
    nowMs = (exp + 5) * 1_000 - 1;
    expect((await present(token)).auth.state).toBe("authenticated");
    nowMs = (exp + 5) * 1_000;
    expectInvalidToken(await present(token), "expired");
  });

  it("F24: is not yet valid when the clock is turned back before its iat, and good again after", async () => {
    const token = issue();
    const result = await keep(token);
    nowMs = (iat - 5) * 1_000 - 1;
    expectInvalidToken(await present(token), "not_yet_valid");
    nowMs = (iat - 5) * 1_000;
    expect(await present(token)).toBe(result);
  });

  it("follows nbf where that is later than iat", async () => {
    const token = issue({ nbf: iat + 100 });
    nowMs = (iat + 100) * 1_000;
    await keep(token);
    nowMs = (iat + 94) * 1_000;
    expectInvalidToken(await present(token), "not_yet_valid");
  });

  it("F24: a wall clock that jumps an hour ahead and back empties nothing", async () => {
    const token = issue();
    const result = await keep(token);
    nowMs += 3_600_000;
    expect(await present(token)).toBe(result);
    nowMs -= 3_600_000;
    expect(await present(token)).toBe(result);
    expect(server.hits).toBe(1);
  });

  it("is not answered from memory under a clock that gives NaN", async () => {
    const token = issue();
    await keep(token);
    nowMs = NaN;
    expectUnavailable(await present(token), "internal");
  });

  it("dies with its key when the next set is without it", async () => {
    const token = issue();
    await keep(token);
    server.publish([{ ...publishedKey, kid: "next" }]);
    expect((await present(issue({}, { kid: "next" }))).auth.state).toBe("authenticated");
    expectInvalidToken(await present(token), "unknown_key");
  });

  it("dies with its key when another one takes over the kid", async () => {
    const token = issue();
    await keep(token);
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
    server.publish([{ ...other, kid: publishedKey.kid, alg: "RS256" }]);
    expectInvalidToken(await present(issue({}, { kid: "unknown" })), "unknown_key");
    expectInvalidToken(await present(token), "signature");
  });

  it("stays when the same key is published again", async () => {
    const token = issue();
    const result = await keep(token);
    expectInvalidToken(await present(issue({}, { kid: "unknown" })), "unknown_key");
    expect(server.hits).toBe(2);
    expect(await present(token)).toBe(result);
  });
});

describe("no two tokens share an entry", () => {
  it("CVE-2026-35039: another payload under the signature of a kept token is refused, and the kept one stays", async () => {
    const token = issue();
    const result = await keep(token);
    const [head, , signature] = token.split(".");
    const forged = `${String(head)}.${encode({ ...userClaims, sub: "somebody-else" })}.${String(signature)}`;
    for (let round = 0; round < 3; round += 1) {
      expectInvalidToken(await present(forged), "signature");
      expect(await present(token)).toBe(result);
    }
  });

  it("a kept token with a letter changed, anywhere, is never the kept one", async () => {
    const token = issue();
    await keep(token);
    for (let index = 0; index < token.length; index += 7) {
      const changed = `${token.slice(0, index)}${token[index] === "A" ? "B" : "A"}${token.slice(index + 1)}`;
      expect((await present(changed)).auth.state).toBe("rejected");
    }
  });

  it("50 users interleaved 40 times through a tiny memory: 0 swaps", async () => {
    auth = create({ tokenCache: { maxTokens: 8 } });
    const tokens = Array.from({ length: 50 }, (_, user) => issue({ sub: `user-${String(user)}` }));
    for (let round = 0; round < 40; round += 1) {
      const answers = await Promise.all(tokens.map((token) => present(token)));
      expect(answers.map(({ user }) => user?.id)).toEqual(tokens.map((_, user) => `user-${String(user)}`));
    }
    expect(kept().tokens).toBeLessThanOrEqual(8);
  });
});

describe("bounds", () => {
  beforeEach(async () => {
    server.publish([edKey]);
    auth = create({ algorithms: ["EdDSA"], tokenCache: { maxTokens: 100 } });
    await auth.ready();
  });

  it("F55: as many tokens as are allowed and no more; those in use stay", async () => {
    const [used = "", ...others] = issueMany(1_000);
    const result = await keep(used);
    for (const token of others) {
      await present(token);
      await present(token);
      expect(await present(used)).toBe(result);
      expect(kept().tokens).toBeLessThanOrEqual(100);
    }
    expect(kept().tokens).toBeGreaterThan(50);
  });

  it("as many bytes as are allowed and no more", async () => {
    auth = create({ algorithms: ["EdDSA"], tokenCache: { maxBytes: 100_000 } });
    for (const token of issueMany(200)) {
      await present(token);
      await present(token);
      expect(kept().bytes).toBeLessThanOrEqual(100_000);
    }
    expect(kept().bytes).toBeGreaterThan(50_000);
  });

  it("a flood of one-time tokens takes no place and drives nothing out", async () => {
    const [used = "", ...flood] = issueMany(3_000);
    const result = await keep(used);
    for (const token of flood) await present(token);
    expect(kept()).toMatchObject({ tokens: 1 });
    expect(await present(used)).toBe(result);
  });

  it("a token that comes back after 1,000 others is still taken in", async () => {
    const [token = "", ...flood] = issueMany(1_001);
    await present(token);
    for (const other of flood) await present(other);
    await keep(token);
  });

  it("maxTokens: 0 keeps none", async () => {
    auth = create({ algorithms: ["EdDSA"], tokenCache: { maxTokens: 0 } });
    const [token = ""] = issueMany(1);
    for (let round = 0; round < 4; round += 1) expect((await present(token)).auth.state).toBe("authenticated");
    expect(kept()).toEqual({ tokens: 0, bytes: 0, hits: 0, misses: 4 });
  });
});

describe("a verdict that cannot change is remembered", () => {
  it.each<[string, string, () => string]>([
    ["malformed", "malformed", () => "abc"],
    ["algorithm", "algorithm", () => issue({}, { alg: "HS256" })],
    ["type", "type", () => issue({}, { typ: "dpop+jwt" })],
    ["issuer", "issuer", () => issue({ iss: "https://elsewhere.example" })],
    ["audience", "audience", () => issue({ aud: "another" })],
    ["claim", "claim", () => issue({ sub: undefined })],
    ["signature", "signature", () => `${issue().slice(0, -8)}AAAAAAAA`],
    ["expired", "expired", () => issue({ exp: nowSeconds - 10, iat: nowSeconds - 20 })],
  ])("%s", async (_title, reason, make) => {
    const token = make();
    const first = await present(token);
    expectInvalidToken(first, reason as "claim");
    expect(await present(token)).toBe(first);
  });

  it("but not that a key is unknown: it may be published in a moment", async () => {
    const token = issue({}, { kid: "next" });
    const first = await present(token);
    expectInvalidToken(first, "unknown_key");
    const second = await present(token);
    expectInvalidToken(second, "unknown_key");
    expect(second).not.toBe(first);
  });

  it("nor that it is not yet valid", async () => {
    const token = issue({ iat: nowSeconds + 10 });
    expectInvalidToken(await present(token), "not_yet_valid");
    nowMs += 5_000;
    expect((await present(token)).auth.state).toBe("authenticated");
  });

  it("nor expiry once the clock is turned back", async () => {
    const token = issue({ exp: nowSeconds + 10 });
    nowMs += 60_000;
    expectInvalidToken(await present(token), "expired");
    nowMs -= 60_000;
    expect((await present(token)).auth.state).toBe("authenticated");
  });

  it("nor a bad signature once another key has the kid", async () => {
    const next = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const input = `${encode(header)}.${encode(userClaims)}`;
    const token = `${input}.${sign("sha256", Buffer.from(input), next.privateKey).toString("base64url")}`;
    expectInvalidToken(await present(token), "signature");
    server.publish([{ ...next.publicKey.export({ format: "jwk" }), kid: header.kid, alg: "RS256" }]);
    expectInvalidToken(await present(issue({}, { kid: "unknown" })), "unknown_key");
    expect((await present(token)).auth.state).toBe("authenticated");
  });
});

describe("several at once", () => {
  it("JK-09: 1,000 first requests with one token: one fetch, one verification, one result", async () => {
    auth = create();
    server.hits = 0;
    const token = issue();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => present(token)));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]?.auth.state).toBe("authenticated");
    expect(kept()).toMatchObject({ hits: 0, misses: 1 });
    expect(server.hits).toBe(1);
  });

  it("CL-17, Clerk keys.ts: two environments with the same kid and different keys are never confused", async () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const second = await startKeyServer([
      { ...other.publicKey.export({ format: "jwk" }), kid: header.kid, alg: "RS256" },
    ]);
    auth = create({
      envId: undefined,
      endpoint: undefined,
      environments: [
        { envId: "demo", endpoint: server.endpoint },
        { envId: "other", endpoint: second.endpoint },
      ],
    } as unknown as Partial<CloudbaseAuthOptions>);
    const signWith = (key: typeof other.privateKey, changes: object): string => {
      const input = `${encode(header)}.${encode({ ...userClaims, ...changes })}`;
      return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
    };
    const inOther = { iss: second.endpoint, aud: "other" };
    const good = issue();
    const alsoGood = signWith(other.privateKey, inOther);
    const crossed = [issue(inOther), signWith(other.privateKey, {})];
    for (let round = 0; round < 5; round += 1) {
      expect((await present(good)).auth).toMatchObject({ state: "authenticated", environment: "demo" });
      expect((await present(alsoGood)).auth).toMatchObject({ state: "authenticated", environment: "other" });
      for (const token of crossed) expectInvalidToken(await present(token), "signature");
    }
    await second.close();
  });

  it("is found in whichever of eight environments it is kept, though fingerprints point elsewhere", async () => {
    server.publish([edKey]);
    const names = Array.from({ length: 8 }, (_, index) => `env-${String(index)}`);
    const issuerOf = (envId: string): string => `https://${envId}.example.com`;
    auth = create({
      ...{ envId: undefined, endpoint: undefined, algorithms: ["EdDSA"] },
      environments: names.map((envId) => ({ envId, endpoint: server.endpoint, issuers: [issuerOf(envId)] })),
    } as unknown as Partial<CloudbaseAuthOptions>);
    const head = encode({ ...header, alg: "EdDSA", kid: "ed" });
    const issued = Array.from({ length: 80 }, (_, index) => {
      const envId = names[index % 8] ?? "";
      const input = `${head}.${encode({ ...userClaims, iss: issuerOf(envId), aud: envId, n: index })}`;
      return { envId, token: `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}` };
    });
    for (let round = 0; round < 2; round += 1) for (const { token } of issued) await present(token);
    for (const { envId, token } of [...issued, ...issued.toReversed()]) {
      expect((await present(token)).auth).toMatchObject({ state: "authenticated", environment: envId });
    }
    for (const { tokens } of auth.status().environments) expect(tokens).toMatchObject({ tokens: 10, hits: 20 });
  });
});
