/**
 * A server with sessions, as one of several: Fastify, real Redis, real core. Everything comes from variables, and it says
 * where it listens.
 */
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { RefreshCoordinator } from "@cloudbase-auth/core";
import { authRoutes, cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import { createRedisStores } from "@cloudbase-auth/redis";
import { createSessions } from "@cloudbase-auth/sessions";
import Fastify from "fastify";
import { Redis } from "ioredis";

const { ENDPOINT: endpoint = "", REDIS_URL: redisUrl = "", KEPT_IN: keptIn = "", DIES: dies = "" } = process.env;

const redis = new Redis(redisUrl);
redis.on("error", () => undefined);
const stores = createRedisStores(redis, { onWarning: () => undefined });
/** How far this process's clock is ahead: all that tell time here go by it, except Redis. */
let aheadMs = 0;
const now = (): number => Date.now() + aheadMs;

const auth = createCloudbaseAuth({
  ...{ envId: "demo", endpoint, now, onWarning: (event) => console.log("warning", event.code, event.message) },
  client: { timeoutMs: 1_000 },
  revocation: { store: stores.revocations },
  refresh: { coordinator: mortal(stores.refreshes) },
});
const sessions = createSessions({
  ...{ auth, now, secret: "0123456789abcdefghijklmnopqrstuvwxyz", origin: "https://app.example" },
  ...(keptIn === "store" && { store: stores.sessions }),
  limiter: stores.attempts,
  limits: { signIn: { perIp: { attempts: 1_000, perSeconds: 60 }, perAccount: { attempts: 1_000, perSeconds: 60 } } },
});

/** Kills this process at the point of a rotation that `DIES` names: nothing is cleaned up, nothing is said. */
function die(point: string): void {
  if (dies === point) process.kill(process.pid, "SIGKILL");
}

function mortal(coordinator: RefreshCoordinator): RefreshCoordinator {
  return {
    ...coordinator,
    async begin(turn) {
      die("before it is begun");
      const begun = await coordinator.begin(turn);
      if (begun.state === "yours") die("after it is begun");
      if (dies === "while the server is asked") setTimeout(() => die(dies), 150);
      return begun;
    },
    async succeed(rotation) {
      die("after the server has answered");
      const kept = await coordinator.succeed(rotation);
      die("after it is written down");
      return kept;
    },
  };
}

const app = Fastify({ forceCloseConnections: true });
app.setErrorHandler(problemDetails());
await app.register(authRoutes(sessions), { prefix: "/auth" });
await app.register(cloudbaseAuth, { session: sessions });
app.get("/me", { onRequest: requireUser() }, (request) => ({ user: request.user?.id }));
app.put<{ Params: { readonly ms: string } }>("/clock/:ms", (request) => {
  aheadMs = Number(request.params.ms);
  return { aheadMs };
});
app.addHook("onSend", (request, _reply, payload, done) => {
  if (request.url === "/me") die("before the answer is sent");
  done(null, payload);
});
// As a server ends that is told to: no more requests, then what is under way, then the connections.
process.once("SIGTERM", () => {
  void app
    .close()
    .then(() => auth.close())
    .then(() => redis.quit());
});
await auth.ready();
const address = await app.listen({ host: "127.0.0.1", port: 0 });
console.log(`listening ${address}`);
