#!/usr/bin/env node
import { redact } from "@cloudbase-auth/core";
import { CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { complain, terminal } from "./terminal/terminal.ts";

// A reader that has enough (`… | head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? process.exitCode : exitCodes.fault),
  );
}

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // It has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof CommandError) {
    complain(error.message, error.fix);
    return error.exitCode;
  }
  complain(
    `A fault of this command: ${error instanceof Error ? error.name : "something was thrown"}.`,
    "Report it with the command that you typed, without tokens; CLOUDBASE_AUTH_DEBUG=1 prints where it came from.",
  );
  if (process.env["CLOUDBASE_AUTH_DEBUG"] === "1" && error instanceof Error) {
    for (const line of redact(error.stack ?? "").split("\n")) terminal.note(line);
  }
  return exitCodes.fault;
}
