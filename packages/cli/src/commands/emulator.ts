import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";

export function addEmulator(program: Command): void {
  program
    .command("emulator")
    .summary("start the emulator of the Auth v2 API, with its own options")
    .description("Starts cloudbase-auth-emulator of @cloudbase-auth/emulator; everything behind the word goes to it.")
    .argument("[options...]", "see cloudbase-auth emulator --help")
    .helpOption(false)
    .allowUnknownOption()
    .action((_options, _flags, command: Command) => run(command.args));
}

/** Ends as the emulator ends. Ctrl-C reaches both, as both are in front. */
async function run(args: readonly string[]): Promise<void> {
  const emulator = spawn(process.execPath, [...process.execArgv, findCommand(), ...args], { stdio: "inherit" });
  const pass = (signal: NodeJS.Signals): void => void emulator.kill(signal);
  process.on("SIGTERM", pass).on("SIGINT", () => undefined);
  await once(emulator, "close");
  process.exitCode = emulator.exitCode ?? exitCodes.interrupted;
}

/** The emulator's command stands beside its door. The application's own emulator comes first. */
function findCommand(): string {
  for (const place of [join(process.cwd(), "package.json"), import.meta.filename]) {
    try {
      const door = createRequire(place).resolve("@cloudbase-auth/emulator");
      return join(dirname(door), `command${extname(door)}`);
    } catch {
      // Not installed there.
    }
  }
  throw new CommandError(
    exitCodes.usage,
    "@cloudbase-auth/emulator is not installed.",
    "npm install --save-dev @cloudbase-auth/emulator",
  );
}
