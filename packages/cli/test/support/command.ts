import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, vi } from "vitest";

const source = new URL("../../src/command.ts", import.meta.url).pathname;
/** How the command is started from its sources. */
export const commandLine = [process.execPath, "--conditions=@cloudbase-auth/source", source] as const;

/** A home of its own, so that no test meets the sign-in of another, or of whoever runs the tests. */
export const home = mkdtempSync(join(tmpdir(), "cloudbase-auth-cli-"));
// Each of these starts processes, some a dozen; a busy machine takes its time for that.
vi.setConfig({ testTimeout: 90_000 });

const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
});

/** Variables of a test, and of the surroundings nothing but what a process needs. */
export type Variables = Readonly<Record<string, string>>;

function environment(variables: Variables): Variables {
  const { PATH = "", NODE_COMPILE_CACHE = "" } = process.env;
  const own = { PATH, HOME: home, XDG_STATE_HOME: join(home, "state"), NODE_COMPILE_CACHE };
  return { ...own, ...variables };
}

/** Starts a process that does not outlive the tests of its file. */
export function launch(command: string, args: readonly string[], variables: Variables): ChildProcess {
  const child = spawn(command, args, { env: environment(variables), stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command to its end, with pipes instead of a terminal. */
export async function run(args: readonly string[], variables: Variables = {}, input = ""): Promise<Ended> {
  const [node, ...rest] = commandLine;
  const child = launch(node, [...rest, ...args], variables);
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (err += chunk));
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  await once(child, "close");
  return { code: child.exitCode, out, err };
}
