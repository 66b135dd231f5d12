import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { claimsOf } from "../tokens/claims.ts";
import { issueEdDsa } from "../tokens/signing.ts";

// Signs distinct tokens of one length as long as somebody reads them, so that signing has a core of its own.
const [pem = "", keyId = ""] = process.argv.slice(2);
const key = createPrivateKey(pem);
const issuedAt = Math.floor(Date.now() / 1_000) - 60;
for (let index = 0; ; index += 200) {
  const portion = Array.from({ length: 200 }, (_, offset) => claimsOf(index + offset, issuedAt, 36_000));
  const tokens = portion.map((claims) => issueEdDsa(claims, keyId, key)).join("");
  if (!process.stdout.write(tokens)) await once(process.stdout, "drain");
}
