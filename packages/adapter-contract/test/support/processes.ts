import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { connect } from "node:net";
import { createInterface } from "node:readline";

export const root = new URL("../../../../", import.meta.url).pathname;

/** A process under test, in a process group of its own as a terminal would start it. */
export interface Running {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the first line of output that matches; rejects if the process ends before. */
  readonly line: (pattern: RegExp) => Promise<string>;
  readonly exit: Promise<number | null>;
  /** Sends the signal to the whole group, as Ctrl-C does, and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** Whether any process of the group is still there. */
  readonly leftovers: () => boolean;
}

/** Starts a TypeScript file of this repository with the Node that runs the tests. */
export function run(file: string, args: readonly string[] = [], variables: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ["--conditions=@cloudbase-auth/source", `${root}${file}`, ...args], {
    cwd: root,
    detached: true,
    env: { ...withoutCloudbase(), NO_COLOR: "1", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const waiting = new Set<(line: string) => void>();
  createInterface(child.stdout).on("line", (line) => {
    stdout += `${line}\n`;
    for (const take of waiting) take(line);
  });
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exit = once(child, "close").then(() => child.exitCode);
  const signalGroup = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return child.pid !== undefined && process.kill(-child.pid, signal);
    } catch {
      return false;
    }
  };
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const seen = stdout.split("\n").find((line) => pattern.test(line));
        if (seen !== undefined) resolve(seen);
        waiting.add((line) => {
          if (pattern.test(line)) resolve(line);
        });
        void exit.then((code) => reject(new Error(`${file} ended with ${String(code)} before: ${stderr}`)));
      }),
    exit,
    stop: (signal = "SIGINT") => {
      signalGroup(signal);
      return exit;
    },
    leftovers: () => signalGroup(0),
  };
}

/** The variables of this machine without ours, so that a developer's own settings change no test. */
function withoutCloudbase(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:CLOUDBASE_|NODE_ENV$|PORT$|HOST$)/.test(name)),
  );
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("the probe has no port");
  return address.port;
}

/** Waits until something listens on the port; gives up when the process ends. */
export async function listening(port: number, { exit, stderr }: Running): Promise<void> {
  let ended = false;
  void exit.then(() => (ended = true));
  for (;;) {
    if (ended) throw new Error(`the process ended before it listened: ${stderr()}`);
    const socket = connect(port, "127.0.0.1");
    const open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
