import { randomBytes } from "node:crypto";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createRedisStores } from "@cloudbase-auth/redis";
import { createMemorySessionStore, createSessions } from "@cloudbase-auth/sessions";
import type { BrowserSessions } from "@cloudbase-auth/sessions";
import { Redis } from "ioredis";

/**
 * The sessions of the example, from the environment: `SESSION_SECRET`, `ORIGIN` as browsers have it, `REDIS_URL` where
 * several processes share them, and the variables of `createCloudbaseAuth`.
 */
export function openSessions(ownOrigin: string): BrowserSessions {
  const { ORIGIN: origin = ownOrigin, REDIS_URL: redisUrl } = process.env;
  const secret = sessionSecret();
  if (redisUrl === undefined) {
    const auth = createCloudbaseAuth({ locale: "auto" });
    return createSessions({ auth, secret, origin, store: createMemorySessionStore() });
  }
  const { revocations, refreshes, sessions, attempts } = createRedisStores(connect(redisUrl), {
    prefix: "example-web",
  });
  const auth = createCloudbaseAuth({
    locale: "auto",
    revocation: { store: revocations },
    refresh: { coordinator: refreshes },
  });
  return createSessions({ auth, secret, origin, store: sessions, limiter: attempts });
}

function sessionSecret(): string {
  const { SESSION_SECRET: secret, NODE_ENV: mode } = process.env;
  if (secret !== undefined) return secret;
  if (mode === "production")
    throw new Error("SESSION_SECRET is missing; set it to what `openssl rand -base64 32` prints");
  console.log("SESSION_SECRET is not set: a random one is used, and everybody is signed out when this process ends.");
  return randomBytes(32).toString("base64");
}

function connect(url: string): Redis {
  // The stores open connections of their own, after this one, and say themselves when Redis is away.
  return new Redis(url, { lazyConnect: true });
}
