import { generateKeyPairSync, sign } from "node:crypto";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { answer } from "../answer.ts";
import { requestOf } from "../authenticate/request.ts";
import { meanOf, runThrough } from "../authenticate/run-through.ts";
import type { Check } from "../authenticate/run-through.ts";
import { startKeyServer } from "../key-server.ts";
import { numberOf } from "../messages.ts";
import { claimsOf } from "../tokens/claims.ts";

// One instance that knows `live` tokens of `environments` environments; or a bare map in its place.
const [kind = "", liveText = "", environmentsText = ""] = process.argv.slice(2);
const live = Number(liveText);
const keyId = "es256-of-the-bench";
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const issuedAt = Math.floor(Date.now() / 1_000) - 60;

const environments = Array.from({ length: Number(environmentsText) }, (_, index) => ({
  envId: `demo-${String(index)}`,
  issuers: [`https://demo-${String(index)}.example.com`],
}));

// ES256: with RSA, signing alone would take minutes. A known token costs the same whatever signed it.
function issue(index: number): string {
  const { envId: aud = "", issuers: [iss] = [] } = environments[index % environments.length] ?? {};
  const claims = { ...claimsOf(index, issuedAt, 36_000), iss, aud };
  const segments = [{ alg: "ES256", kid: keyId }, claims].map((part) => Buffer.from(JSON.stringify(part)));
  const input = segments.map((bytes) => bytes.toString("base64url")).join(".");
  return `${input}.${sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

// Outside the heap, so that it is not garbage-collected around; tokens are of two lengths at most.
const tokens: Buffer[] = Array.from({ length: live }, (_, index) => Buffer.from(issue(index), "latin1"));
const fresh = (index: number) => requestOf(tokens[index]?.toString("latin1") ?? "");

const check: Check = kind === "ours" ? await createOurs() : createMap();
// Three times in a row, as a token is kept at its second sight.
for (let index = 0; index < live; index += 1) await runThrough([fresh(index), fresh(index), fresh(index)], check);

async function createOurs(): Promise<Check> {
  const { origin } = await startKeyServer([{ ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "ES256" }]);
  const auth = createCloudbaseAuth({
    environments: environments.map((environment) => ({ ...environment, endpoint: origin })),
    algorithms: ["ES256"],
    allowInsecureEndpoint: true,
    tokenCache: { maxTokens: 2 * live, maxBytes: live * 16_384 },
  });
  await auth.ready();
  return (request) => {
    const result = auth.authenticate(request);
    return result instanceof Promise ? result.then(({ user }) => user) : result.user;
  };
}

function createMap(): Check {
  const seen = new Map(tokens.map((token) => [`Bearer ${token.toString("latin1")}`, { user: "somebody" }]));
  return ({ headers: { authorization } }) => typeof authorization === "string" && seen.get(authorization);
}

answer({
  /** Portions of 500 tokens at random, all of them known. */
  round(input) {
    const requests = () => Array.from({ length: 500 }, () => fresh(Math.floor(Math.random() * live)));
    return meanOf(requests, numberOf(input, "portions"), check);
  },
});
