import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { say } from "../progress.ts";
import { claimsOf } from "./claims.ts";
import { issueRs256 } from "./signing.ts";

/** Signed tokens by number, all distinct and of one length, and the key that signed them. */
export interface Pool {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As a key set publishes it. */
  readonly publicJwk: JsonWebKey;
  readonly size: number;
  /** A fresh string at each call, as a request brings one: no hash of it is at hand, no other object shares it. */
  readonly token: (index: number) => string;
}

const folder = new URL("../../.cache/", import.meta.url);
const tokensFile = new URL("rs256.tokens", folder);
const keyFile = new URL("rs256.pem", folder);
const noteFile = new URL("rs256.note", folder);

const keyId = "9d1dc31e-b4d0-448b-a76f-b0cc63d81498";
const daySeconds = 86_400;
// Below the 7 days that an access token may live by default.
const lifetimeSeconds = 7 * daySeconds - 60;

/** How many tokens the benches need together. */
export const poolSize = 42_000;

/** Signs the pool, unless a fitting one is on disk that lives for a day more. */
export async function preparePool(): Promise<void> {
  if (existsSync(noteFile) && existsSync(keyFile) && readNote() > Date.now() / 1_000 - 5 * daySeconds) return;
  mkdirSync(folder, { recursive: true });
  const issuedAt = Math.floor(Date.now() / 1_000) - 60;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const tokens: string[] = [];
  const portion = 1_000;
  for (let from = 0; from < poolSize; from += portion) {
    if (from % 5_000 === 0) say(`signing ${String(from)} of ${String(poolSize)} tokens, kept in .cache for five days`);
    const indexes = Array.from({ length: portion }, (_, offset) => from + offset);
    const signed = indexes.map((index) => issueRs256(claimsOf(index, issuedAt, lifetimeSeconds), keyId, privateKey));
    tokens.push(...(await Promise.all(signed)));
  }
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  writeFileSync(tokensFile, tokens.join(""));
  writeFileSync(noteFile, `${recipe()} ${String(issuedAt)}`); // last: it vouches for the other two
}

/** The moment at which the pool on disk was issued; `0` if it is of another recipe. */
function readNote(): number {
  const [hash, issuedAt] = readFileSync(noteFile, "utf8").split(" ");
  return hash === recipe() ? Number(issuedAt) : 0;
}

function recipe(): string {
  return createHash("sha256")
    .update(JSON.stringify([poolSize, keyId, lifetimeSeconds, claimsOf(0, 0, 0)]))
    .digest("hex");
}

export function openPool(): Pool {
  const bytes = readFileSync(tokensFile);
  const privateKey = createPrivateKey(readFileSync(keyFile));
  const publicKey = createPublicKey(privateKey);
  const length = bytes.length / poolSize;
  return {
    keyId,
    privateKey,
    publicKey,
    publicJwk: { ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" },
    size: poolSize,
    token(index) {
      if (index < 0 || index >= poolSize) throw new RangeError(`the pool has no token ${String(index)}`);
      return bytes.toString("latin1", index * length, (index + 1) * length);
    },
  };
}
