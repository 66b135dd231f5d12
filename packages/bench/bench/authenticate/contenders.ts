import { verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { channel, subscribe } from "node:diagnostics_channel";
import type { AuthRequest } from "@cloudbase-auth/core";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { audience, envId, issuer } from "../tokens/claims.ts";
import type { Check } from "./run-through.ts";

/** What a contender checks with. */
export interface Given {
  readonly publicKey: KeyObject;
  readonly publicJwk: object;
  readonly keyServer: string;
}

/** Half a cache would be none: all caches hold as many tokens as ours does by default. */
const cacheSize = 10_000;

function tokenOf({ headers }: AuthRequest): string {
  const { authorization } = headers;
  if (typeof authorization !== "string") throw new TypeError("the request has no token");
  return authorization.slice("Bearer ".length);
}

function pem({ publicKey }: Given): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

const resultChannels = ["authenticated", "rejected", "unavailable"].map((name) => `cloudbase-auth:${name}`);

async function openOurs(endpoint: string): Promise<Check> {
  const auth = createCloudbaseAuth({ envId, endpoint, allowInsecureEndpoint: true });
  await auth.ready();
  return (request) => {
    const result = auth.authenticate(request);
    return result instanceof Promise ? result.then(({ user }) => user) : result.user;
  };
}

/** All hold a token to RS256, the signature, the times, one issuer and one audience; the minimal check to the signature. */
export const contenders: Readonly<Record<string, (given: Given) => Check | Promise<Check>>> = {
  ours: ({ keyServer }) => openOurs(keyServer),

  async "ours, listened to"({ keyServer }) {
    for (const name of resultChannels) subscribe(name, () => undefined);
    return openOurs(keyServer);
  },

  /** What `authenticate` asks of its channels in every call, and nothing else. */
  "whether anybody listens"() {
    const [first, second, third] = resultChannels.map((name) => channel(name));
    return () => !(first?.hasSubscribers || second?.hasSubscribers || third?.hasSubscribers);
  },

  "nothing at all": () => () => true,

  "minimal check": ({ publicKey }) => {
    return (request) => {
      const [header = "", payload = "", signature = ""] = tokenOf(request).split(".");
      const { alg }: { alg?: unknown } = JSON.parse(Buffer.from(header, "base64url").toString());
      const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
      const data = Buffer.from(`${header}.${payload}`, "latin1");
      if (alg !== "RS256" || !verify("sha256", data, publicKey, Buffer.from(signature, "base64url"))) return undefined;
      return claims;
    };
  },

  async "jsonwebtoken + KeyObject"({ publicKey }) {
    const { default: jwt } = await import("jsonwebtoken");
    return (request) => jwt.verify(tokenOf(request), publicKey, { algorithms: ["RS256"], issuer, audience });
  },

  async "fast-jwt"(given) {
    const { createVerifier } = await import("fast-jwt");
    const check = createVerifier({ key: pem(given), algorithms: ["RS256"], allowedIss: issuer, allowedAud: audience });
    return (request) => check(tokenOf(request));
  },

  async "fast-jwt, cache"(given) {
    const { createVerifier } = await import("fast-jwt");
    const rules = { algorithms: ["RS256" as const], allowedIss: issuer, allowedAud: audience };
    const check = createVerifier({ key: pem(given), ...rules, cache: cacheSize });
    return (request) => check(tokenOf(request));
  },

  async "fast-jwt, cache keyed by the token"(given) {
    const { createVerifier } = await import("fast-jwt");
    const rules = { algorithms: ["RS256" as const], allowedIss: issuer, allowedAud: audience };
    const cacheKeyBuilder = (token: string): string => token;
    const check = createVerifier({ key: pem(given), ...rules, cache: cacheSize, cacheKeyBuilder });
    return (request) => check(tokenOf(request));
  },

  async "aws-jwt-verify"({ publicJwk }) {
    const { JwtRsaVerifier } = await import("aws-jwt-verify");
    const verifier = JwtRsaVerifier.create({ issuer, audience, jwksUri: "https://keys.invalid/" });
    verifier.cacheJwks({ keys: [publicJwk as never] });
    return (request) => verifier.verifySync(tokenOf(request));
  },

  async jose({ publicKey }) {
    const { jwtVerify } = await import("jose");
    return (request) => jwtVerify(tokenOf(request), publicKey, { algorithms: ["RS256"], issuer, audience });
  },

  async "jose + lru-cache"({ publicKey }) {
    const { jwtVerify } = await import("jose");
    const { LRUCache } = await import("lru-cache");
    const known = new LRUCache<string, { readonly exp?: number }>({ max: cacheSize });
    return (request) => {
      const token = tokenOf(request);
      const claims = known.get(token);
      if (claims !== undefined && (claims.exp ?? 0) * 1_000 > Date.now()) return claims;
      const verified = jwtVerify(token, publicKey, { algorithms: ["RS256"], issuer, audience });
      return verified.then(({ payload }) => {
        known.set(token, payload);
        return payload;
      });
    };
  },
};
