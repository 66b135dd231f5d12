import { hkdfSync } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import { describe, expect, it } from "vitest";
import { digestRefreshToken, openReplay, sealReplay } from "../../src/protocol/sealed-replay.ts";
import type { TokenSet } from "../../src/words/token-set.ts";

const mintedAtMs = 1_000_000;
const full: TokenSet = {
  ...{ accessToken: "a", tokenType: "Bearer", expiresInSeconds: 7_200, groups: ["g"] },
  ...{ refreshToken: "r2", sub: "user-1", scope: "user sso" },
};
const bare: TokenSet = { accessToken: "a", tokenType: "Bearer", expiresInSeconds: 10, groups: [] };
const keyOf = (refreshToken: string) =>
  new Uint8Array(hkdfSync("sha256", refreshToken, "", "cloudbase-auth refresh replay 1", 32));

/** What is sealed as we seal, with other contents or another algorithm. */
async function seal(contents: unknown, enc = "A256GCM", key = keyOf("r1")): Promise<string> {
  const text = new TextEncoder().encode(typeof contents === "string" ? contents : JSON.stringify(contents));
  return new CompactEncrypt(text).setProtectedHeader({ alg: "dir", enc }).encrypt(key);
}

describe("a sealed replay", () => {
  it.each([full, bare])("opens to what was sealed: %j", async (tokens) => {
    expect(await openReplay("r1", await sealReplay("r1", tokens, mintedAtMs), mintedAtMs)).toEqual(tokens);
  });

  it("is opened by nobody else", async () => {
    const sealed = await sealReplay("r1", full, mintedAtMs);
    expect(await openReplay("r3", sealed, mintedAtMs)).toBeUndefined();
    expect(sealed).not.toContain("user-1");
  });

  it("RFC 7516 §7.1: a foreign library opens it with the key that is derived as written", async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(await sealReplay("r1", bare, mintedAtMs), keyOf("r1"));
    expect(protectedHeader).toEqual({ alg: "dir", enc: "A256GCM" });
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual({ mintedAtMs, tokens: bare });
  });

  it.each([
    [0, 7_200],
    [999, 7_200],
    [1_000, 7_199],
    [7_199_999, 1],
    [7_200_000, 0],
    [9_000_000, 0],
    [-5_000, 7_200],
  ])("after %d ms the access token has %d seconds left", async (ageMs, left) => {
    const opened = await openReplay("r1", await sealReplay("r1", full, mintedAtMs), mintedAtMs + ageMs);
    expect(opened?.expiresInSeconds).toBe(left);
  });

  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["no object", []],
    ["no time", { tokens: bare }],
    ["a time that is no number", { mintedAtMs: "1", tokens: bare }],
    ["no tokens", { mintedAtMs }],
    ["tokens that are a list", { mintedAtMs, tokens: [bare] }],
    ["no access token", { mintedAtMs, tokens: { ...bare, accessToken: "" } }],
    ["no token type", { mintedAtMs, tokens: { ...bare, tokenType: undefined } }],
    ["no life", { mintedAtMs, tokens: { ...bare, expiresInSeconds: "10" } }],
    ["a member twice", `{"mintedAtMs":1,"mintedAtMs":1,"tokens":${JSON.stringify(bare)}}`],
    ["more than eight levels", { mintedAtMs, tokens: { ...bare, x: [[[[[[[]]]]]]] } }],
    ["more than 1,000 members", { mintedAtMs, tokens: bare, x: Array.from({ length: 1_000 }, () => 0) }],
  ])("with %s inside it is none", async (_title, contents) => {
    expect(await openReplay("r1", await seal(contents), mintedAtMs)).toBeUndefined();
  });

  it("eight levels and 1,000 members are read", async () => {
    const deep = await seal({ mintedAtMs, tokens: { ...bare, x: [[[[[[]]]]]] } });
    expect(await openReplay("r1", deep, mintedAtMs)).toEqual(bare);
    const long = await seal({ mintedAtMs, tokens: bare, x: Array.from({ length: 993 }, () => 0) });
    expect(await openReplay("r1", long, mintedAtMs)).toEqual(bare);
  });

  it("what is no JWE is none, and neither is one of another algorithm", async () => {
    expect(await openReplay("r1", "rubbish", mintedAtMs)).toBeUndefined();
    const contents = { mintedAtMs, tokens: bare };
    expect(await openReplay("r1", await seal(contents), mintedAtMs)).toEqual(bare);
    expect(await openReplay("r1", await seal(contents, "A128CBC-HS256"), mintedAtMs)).toBeUndefined();
  });
});

describe("the digest of a refresh token", () => {
  it("differs by environment, session and token, and by where one of them ends", () => {
    const digests = [
      digestRefreshToken("demo", undefined, "r1"),
      digestRefreshToken("other", undefined, "r1"),
      digestRefreshToken("demo", "s", "r1"),
      digestRefreshToken("demo", undefined, "r2"),
      digestRefreshToken("demo", "", "r1"),
      digestRefreshToken("demo", 's","r', "1"),
      digestRefreshToken("demo", "s", 'r","1'),
    ];
    expect(new Set(digests).size).toBe(digests.length);
    for (const digest of digests) expect(digest).toMatch(/^[\w-]{43}$/);
    expect(digestRefreshToken("demo", undefined, "r1")).toBe(digests[0]);
  });
});
