import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import type { Server } from "node:http";
import { startKeyServer } from "./key-server.ts";
import { frameworks } from "./servers/frameworks.ts";
import { claimsOf } from "./tokens/claims.ts";
import { issueRs256 } from "./tokens/signing.ts";

/**
 * Not a measurement: what each contestant that fetches keys answers to a good token, to a second Authorization header
 * beside it, and to a good token while nobody has ever answered for the keys. The table in the root README is from here.
 */
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keyId = "key-1";
const token = await issueRs256(claimsOf(1, Math.floor(Date.now() / 1000), 3600), keyId, privateKey);
const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
const keyServer = await startKeyServer([
  { ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" },
]);
const nobody = "http://127.0.0.1:1";

/** The status, and whether the answer says when to come back. */
function ask(server: Server, authorizations: readonly string[]): Promise<string> {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const headers = ["Host", "localhost", ...authorizations.flatMap((value) => ["Authorization", value])];
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port: address.port, path: "/me", headers }, (answer) => {
      answer.resume().on("end", () => {
        const retryAfter = answer.headers["retry-after"] === undefined ? "" : ", Retry-After";
        resolve(`${String(answer.statusCode)}${retryAfter}`);
      });
    });
    sent.on("error", reject).end();
  });
}

for (const { name, contestants, serve } of frameworks) {
  for (const [contestant, { fetchesKeys }] of Object.entries(contestants)) {
    if (!fetchesKeys) continue;
    const answers: string[] = [];
    for (const origin of [keyServer.origin, nobody]) {
      const server = await serve(contestant, { publicKey, publicPem, keyServer: origin });
      if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
      answers.push(await ask(server, [`Bearer ${token}`]));
      if (origin !== nobody) answers.push(await ask(server, [`Bearer ${token}`, "Bearer another"]));
      server.closeAllConnections();
      server.close();
    }
    const [good, twice, unreachable] = answers;
    console.log(
      `${contestant} (${name}): good ${String(good)}; two headers ${String(twice)}; no keys ${String(unreachable)}`,
    );
  }
}
process.exit(0); // some of them hold timers and connections
