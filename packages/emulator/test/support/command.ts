import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll } from "vitest";

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** The command as a process, its two outputs, and its exit code. */
export function command(...flags: string[]) {
  const file = new URL("../../src/command.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--conditions=@cloudbase-auth/source", file, ...flags], {
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] },
  });
  running.add(child);
  const exit = once(child, "close").then(([code]: unknown[]) => code);
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (err += chunk));
  const printed = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const match = pattern.exec(out);
      if (match) return match[1] ?? match[0];
      if (child.exitCode !== null) throw new Error(`ended with ${String(child.exitCode)}: ${out}${err}`);
      await Promise.race([once(child.stdout, "data"), exit]);
    }
  };
  return { child, exit, printed, out: () => out, err: () => err };
}
