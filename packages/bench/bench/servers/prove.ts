import { createHmac } from "node:crypto";
import type { Pool } from "../tokens/pool.ts";
import { claimsOf } from "../tokens/claims.ts";
import { issueRs256 } from "../tokens/signing.ts";
import type { Contestant } from "./contestant.ts";
import type { RunningServer } from "./start.ts";

/** Tokens that a guard must refuse, by what is wrong with them. */
export async function forgeriesFor({
  keyId,
  privateKey,
  publicKey,
  token,
}: Pool): Promise<ReadonlyMap<string, string>> {
  const issuedAt = Math.floor(Date.now() / 1_000) - 60;
  const claims = claimsOf(0, issuedAt, 3_600);
  const issue = (changes: object): Promise<string> => issueRs256({ ...claims, ...changes }, keyId, privateKey);
  const [header = "", payload = "", signature = ""] = token(0).split(".");
  const symmetric = Buffer.from(JSON.stringify({ alg: "HS256", kid: keyId })).toString("base64url");
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const tag = createHmac("sha256", pem).update(`${symmetric}.${payload}`).digest("base64url");
  return new Map([
    [
      "another signature",
      `${header}.${payload}.${signature.slice(0, 20)}${signature[20] === "A" ? "B" : "A"}${signature.slice(21)}`,
    ],
    ["an expired token", await issue({ iat: issuedAt - 7_200, nbf: issuedAt - 7_200, exp: issuedAt - 3_600 })],
    ["another issuer", await issue({ iss: "https://issuer.invalid" })],
    ["another audience", await issue({ aud: "somebody-else" })],
    ["the public key as a secret", `${symmetric}.${payload}.${tag}`],
  ]);
}

/**
 * Stops the bench unless the server lets a good token in and refuses all others: nothing is measured that does not do
 * the work.
 */
export async function prove(
  server: RunningServer,
  { cannotCheck = [], failsAt = [] }: Pick<Contestant<unknown>, "cannotCheck" | "failsAt">,
  { good, forgeries }: { readonly good: string; readonly forgeries: ReadonlyMap<string, string> },
): Promise<void> {
  await expectStatus(server, "a good token", good, 200);
  await expectStatus(server, "no token", undefined, 401);
  for (const [wrong, token] of forgeries) {
    if (cannotCheck.includes(wrong)) continue;
    await expectStatus(server, wrong, token, failsAt.includes(wrong) ? 500 : 401);
  }
}

async function expectStatus(server: RunningServer, what: string, token: string | undefined, status: number) {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${String(server.port)}/me`, { headers });
  await response.text();
  if (response.status !== status) {
    const { framework, contestant } = server;
    throw new Error(
      `${contestant} on ${framework} answered ${String(response.status)} to ${what} instead of ${String(status)}; it cannot be measured`,
    );
  }
}
