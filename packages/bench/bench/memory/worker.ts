import { generateKeyPairSync } from "node:crypto";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { answer } from "../answer.ts";
import { requestOf } from "../authenticate/request.ts";
import { startKeyServer } from "../key-server.ts";
import { numberOf } from "../messages.ts";
import { claimsOf, envId } from "../tokens/claims.ts";
import { issueEdDsa } from "../tokens/signing.ts";

// One instance that meets a flood of tokens, none of them twice.
const keyId = "ed25519-of-the-bench";
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const tokenLength = issueEdDsa(claimsOf(0, Math.floor(Date.now() / 1_000), 36_000), keyId, privateKey).length;

const { origin } = await startKeyServer([{ ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "EdDSA" }]);
const auth = createCloudbaseAuth({ envId, endpoint: origin, allowInsecureEndpoint: true, algorithms: ["EdDSA"] });
await auth.ready();

const signer = spawn(process.execPath, [fileURLToPath(new URL("signer.ts", import.meta.url)), pem, keyId], {
  stdio: ["ignore", "pipe", "inherit"],
});
process.once("exit", () => signer.kill());
const tokens = distinctTokens(signer.stdout);

async function* distinctTokens(source: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    for (; at + tokenLength <= rest.length; at += tokenLength) yield rest.toString("latin1", at, at + tokenLength);
    rest = rest.subarray(at);
  }
}

function usedMiB(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

answer({
  async verify(input) {
    const count = numberOf(input, "count");
    for (let index = 0; index < count; index += 1) {
      const { value: token } = await tokens.next();
      if (token === undefined) throw new Error("the signer ended");
      const { auth: how } = await auth.authenticate(requestOf(token));
      if (how.state !== "authenticated") throw new Error(`a good token was answered ${how.state}`);
    }
    return { usedMiB: usedMiB() };
  },
  async settle() {
    for (let turn = 0; turn < 3; turn += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { usedMiB: usedMiB(), rssMiB: process.memoryUsage().rss / 2 ** 20 };
  },
});
