import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createRedisStores } from "@cloudbase-auth/redis";
import { createSessions } from "@cloudbase-auth/sessions";
import { Redis } from "ioredis"; // or createClient, createCluster of redis

const { REDIS_URL = "redis://127.0.0.1:6379", SESSION_SECRET = "", ORIGIN = "http://127.0.0.1:3000" } = process.env;
export const redis = new Redis(REDIS_URL).on("error", console.error); // unheard, errors of createClient end the process
const { revocations, refreshes, introspections, sessions: store, attempts: limiter } = createRedisStores(redis);
const verification = { mode: "introspection", cache: introspections } as const; // optional: "local" asks nobody
const shared = { revocation: { store: revocations }, refresh: { coordinator: refreshes }, verification };
export const auth = createCloudbaseAuth(shared);
export const sessions = createSessions({ auth, secret: SESSION_SECRET, origin: ORIGIN, store, limiter });
