import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { findServer } from "./binary.ts";

/** A throw-away Redis or Valkey on loopback. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Sends a command past everything that is tested. */
  admin(command: string, ...args: (string | number)[]): Promise<unknown>;
  /** Stands still without closing anything, until `resume`. */
  pause(): void;
  resume(): void;
  /** kill -9: nothing is said to anybody. */
  kill(): Promise<void>;
  /** Starts again at the same port, with what it had saved. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** `settings` are lines of redis.conf: name and value in turn. A machine without one fails here, by name. */
export async function startRedis(...settings: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "cloudbase-auth-redis-"));
  const port = await freePort();
  const args = [
    ...["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
    ...["--enable-debug-command", "local", ...settings],
  ];
  let server = await launch(args);
  let client: Redis | undefined;

  const self: RedisServer = {
    port,
    url: `redis://127.0.0.1:${String(port)}`,
    admin(command, ...rest) {
      if (client === undefined) {
        client = new Redis(port, "127.0.0.1", { retryStrategy: () => 50, maxRetriesPerRequest: null });
        client.on("error", () => undefined);
      }
      return client.call(command, ...rest);
    },
    pause: () => void server.kill("SIGSTOP"),
    resume: () => void server.kill("SIGCONT"),
    async kill() {
      const exited = once(server, "exit");
      server.kill("SIGKILL");
      await exited;
    },
    async restart() {
      server = await launch(args);
    },
    async stop() {
      client?.disconnect();
      if (server.exitCode === null && server.signalCode === null) await self.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}

async function launch(args: readonly string[]): Promise<ChildProcess> {
  const { command, args: before, env } = findServer();
  const server = spawn(command, [...before, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`redis-server exited with ${String(code)}: ${lines.join("\n")}`)));
    createInterface(server.stdout).on("line", (line) => {
      if (lines.length < 50) lines.push(line);
      // The second is said as soon as it listens and before it has loaded, where it has something to load.
      if (/Ready to accept connections|Server initialized/.test(line)) resolve();
    });
  });
  return server;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  if (address === null || typeof address === "string") throw new Error("the probe has no port");
  probe.close();
  await once(probe, "close");
  return address.port;
}
