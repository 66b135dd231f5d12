import { generateKeyPairSync, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { cloudbaseAuth, requireUser } from "@cloudbase-auth/fastify";
import Fastify from "fastify";
import { answer } from "../answer.ts";
import { requestOf } from "../authenticate/request.ts";
import { meanOf, runThrough } from "../authenticate/run-through.ts";
import type { Check } from "../authenticate/run-through.ts";
import { startKeyServer } from "../key-server.ts";
import { numberOf, textOf } from "../messages.ts";
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

// Outside the heap, so that they are not garbage-collected around, and in no order, as users come.
const tokens: Buffer[] = Array.from({ length: live }, (_, index) => Buffer.from(issue(index), "latin1"));
shuffle(tokens);
const fresh = (index: number) => requestOf(tokens[index]?.toString("latin1") ?? "");

const app = Fastify();
const check: Check = kind === "ours" ? await createOurs() : createMap();
// Three times in a row, as a token is kept at its second sight.
for (let index = 0; index < live; index += 1) await runThrough([fresh(index), fresh(index), fresh(index)], check);

function shuffle<T>(list: T[]): void {
  for (let index = list.length - 1; index > 0; index -= 1) {
    const other = Math.floor(Math.random() * (index + 1));
    [list[index], list[other]] = [list[other] as T, list[index] as T];
  }
}

async function createOurs(): Promise<Check> {
  const { origin } = await startKeyServer([{ ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "ES256" }]);
  const auth = createCloudbaseAuth({
    environments: environments.map((environment) => ({ ...environment, endpoint: origin })),
    algorithms: ["ES256"],
    allowInsecureEndpoint: true,
    tokenCache: { maxTokens: 2 * live, maxBytes: live * 32_768 },
  });
  await auth.ready();
  await app.register(cloudbaseAuth, auth);
  app.get("/me", { onRequest: requireUser() }, () => Promise.resolve({ ok: true }));
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
  /** The same instance behind a route, for the tokens that it writes to a file. */
  async listen(input) {
    writeFileSync(textOf(input, "file"), tokens.map((token) => token.toString("latin1")).join("\n"));
    return { port: Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port) };
  },
  cpu() {
    const { user, system } = process.cpuUsage();
    return { micros: user + system };
  },
  /** Tokens at random, all of them known. */
  round: (input) => meanOf(numberOf(input, "checks"), () => fresh(Math.floor(Math.random() * live)), check),
});
