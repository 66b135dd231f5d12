import { createHash, hkdfSync } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import type { TokenSet } from "../words/token-set.ts";
import { identifiersOf, isObject, numberMember, present, textMember } from "./members.ts";
import { parseStrictObject } from "./strict-json.ts";
import type { StrictObject } from "./strict-json.ts";

const purpose = "cloudbase-auth refresh replay 1";
const limits = { maxDepth: 8, maxMembers: 1_000 };

/** The digest under which a refresh token is known to others: who has it can find the entry, and nobody the other way. */
export function digestRefreshToken(environment: string, session: string | undefined, refreshToken: string): string {
  const named = JSON.stringify([environment, session ?? null, refreshToken]);
  return createHash("sha256").update(named).digest("base64url");
}

/**
 * Seals the outcome of a rotation (RFC 7516, `dir` and A256GCM) with a key that is derived from the old refresh token: a
 * store that keeps it needs no secret of ours, and can read nothing.
 */
export async function sealReplay(refreshToken: string, tokens: TokenSet, mintedAtMs: number): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify({ mintedAtMs, tokens }));
  return new CompactEncrypt(text).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(keyOf(refreshToken));
}

/** Opens what {@link sealReplay} sealed; `undefined` for anything else. The life of the access token is what is left of it. */
export async function openReplay(refreshToken: string, sealed: string, nowMs: number): Promise<TokenSet | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, keyOf(refreshToken), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    const opened = parseStrictObject(new TextDecoder().decode(plaintext), limits);
    const tokens = opened?.["tokens"];
    const mintedAtMs = opened && numberMember(opened, "mintedAtMs");
    return isObject(tokens) && mintedAtMs !== undefined ? readTokens(tokens, nowMs - mintedAtMs) : undefined;
  } catch {
    return undefined;
  }
}

function readTokens(tokens: StrictObject, ageMs: number): TokenSet | undefined {
  const accessToken = textMember(tokens, "accessToken");
  const tokenType = textMember(tokens, "tokenType");
  const life = numberMember(tokens, "expiresInSeconds");
  if (accessToken === undefined || tokenType === undefined || life === undefined) return undefined;
  return {
    ...{ accessToken, tokenType, groups: identifiersOf(tokens["groups"]) },
    expiresInSeconds: Math.max(0, life - Math.max(0, Math.floor(ageMs / 1_000))),
    ...present({
      refreshToken: textMember(tokens, "refreshToken"),
      sub: textMember(tokens, "sub"),
      scope: textMember(tokens, "scope"),
    }),
  };
}

function keyOf(refreshToken: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", refreshToken, "", purpose, 32));
}
