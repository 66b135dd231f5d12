import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, EmulatorSettings } from "@cloudbase-auth/emulator";
import { startRedis } from "../../../redis/test/support/redis.ts";
import type { RedisServer } from "../../../redis/test/support/redis.ts";
import { exchange } from "../../src/wire.ts";
import { run } from "./processes.ts";
import type { Running } from "./processes.ts";
import { until } from "./until.ts";
import { createVisitor } from "./visitor.ts";
import type { Visitor } from "./visitor.ts";

const password = "Sentinel-1234";

/** A server of its own process. */
export interface SessionServer {
  readonly port: number;
  readonly running: Running;
}

/** Several servers with sessions on one Redis, in front of one Auth API. */
export interface SessionCluster {
  readonly emulator: Emulator;
  readonly redis: RedisServer;
  /** One more server; `dies` is the point of a rotation at which it kills itself. */
  start(dies?: string): Promise<SessionServer>;
  signIn(server: SessionServer, username?: string): Promise<Visitor>;
  /** Moves the clock of everybody but Redis. */
  advance(seconds: number, servers: readonly SessionServer[]): Promise<void>;
  /** How often refresh tokens were exchanged, or tried to be. */
  exchanges(): number;
  close(): Promise<void>;
}

export async function createSessionCluster(
  keptIn: "cookie" | "store",
  settings: EmulatorSettings = { refreshPolicy: "family ends on reuse" },
): Promise<SessionCluster> {
  const users = ["person", "other"].map((username) => ({ username, password }));
  const [redis, emulator] = await Promise.all([startRedis(), createEmulator({ envId: "demo", users, settings })]);
  const started: Running[] = [];
  let aheadSeconds = 0;

  return {
    ...{ emulator, redis },
    async start(dies = "") {
      const running = run("packages/adapter-contract/test/support/session-process.ts", [], {
        ...{ ENDPOINT: emulator.endpoint, REDIS_URL: redis.url, KEPT_IN: keptIn, DIES: dies },
      });
      started.push(running);
      const line = await running.line(/^listening /);
      return { running, port: Number(new URL(line.slice("listening ".length)).port) };
    },
    async signIn({ port }, username = "person") {
      const visitor = createVisitor();
      // A machine on which everything happens at once may be late for the stores' 200 ms: as a client, try again.
      const send = () => visitor.post(port, "/auth/signin", { username, password });
      const answer = await until(send, ({ status }) => status !== 503, 3_000);
      if (answer.status !== 200) throw new Error(`the sign-in was answered ${String(answer.status)}: ${answer.body}`);
      return visitor;
    },
    async advance(seconds, servers) {
      aheadSeconds += seconds;
      emulator.clock.advance(seconds);
      for (const { port } of servers) {
        await exchange(port, { method: "PUT", target: `/clock/${String(aheadSeconds * 1_000)}` });
      }
    },
    exchanges: () => emulator.requests.entries().filter(({ path }) => path === "/auth/v1/token").length,
    async close() {
      await Promise.all(started.map((running) => running.stop("SIGKILL")));
      await emulator.close();
      await redis.stop();
    },
  };
}
