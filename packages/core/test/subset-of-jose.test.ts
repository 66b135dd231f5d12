import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import fc from "fast-check";
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import type { JSONWebKeySet } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type { CloudbaseAuth, SignatureAlgorithm } from "../src/index.ts";
import { arbitraryToken, audience, createIssuerKeys, issuer, nowSeconds } from "./support/token-arbitraries.ts";

// 8,000 by default; .ci/run asks for 100,000.
const runs = Number(process.env["PROPERTY_RUNS"] ?? "8000");
const algorithms: SignatureAlgorithm[] = ["RS256", "PS256", "ES256", "EdDSA"];
const keys = createIssuerKeys();
const keySet: JSONWebKeySet = { keys: keys.map(({ jwk }) => ({ kty: "", ...jwk })) };

let server: Server;
let auth: CloudbaseAuth;

beforeAll(async () => {
  server = createServer((_request, response) => response.end(JSON.stringify(keySet))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the key server has no port");
  auth = createCloudbaseAuth({
    envId: audience,
    endpoint: `http://127.0.0.1:${String(address.port)}`,
    algorithms,
    now: () => nowSeconds * 1_000,
    onWarning: () => undefined,
  });
  await auth.ready();
});

afterAll(async () => {
  await auth.close();
  server.close();
});

it(`RFC 7515 §5.2, RFC 7519 §7.2: of ${String(runs)} tokens, what we accept jose accepts, and reads the same`, async () => {
  const joseKeys = createLocalJWKSet(keySet);
  let accepted = 0;
  let refusedByBoth = 0;

  async function joseClaims(token: string): Promise<Record<string, unknown> | undefined> {
    try {
      const { payload } = await jwtVerify(token, joseKeys, {
        issuer,
        audience,
        algorithms,
        clockTolerance: 5,
        currentDate: new Date(nowSeconds * 1_000),
        requiredClaims: ["iss", "aud", "sub", "exp", "iat"],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  }

  await fc.assert(
    fc.asyncProperty(arbitraryToken(keys), async ({ token, pristine }) => {
      const { auth: ours } = await auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
      const theirs = await joseClaims(token);
      expect(ours.state).not.toBe("unavailable");
      if (pristine) expect(ours.state).toBe("authenticated");
      if (ours.state !== "authenticated") {
        if (theirs === undefined) refusedByBoth += 1;
        return;
      }
      accepted += 1;
      expect(theirs).toBeDefined();
      for (const [name, value] of Object.entries(ours.claims)) expect(value).toEqual(theirs?.[name]);
    }),
    { numRuns: runs, seed: Number(process.env["PROPERTY_SEED"] ?? "20261124") },
  );

  // The property says nothing unless both answers occur often.
  expect(accepted).toBeGreaterThan(runs / 10);
  expect(refusedByBoth).toBeGreaterThan(runs / 10);
}, 300_000);
