import type { ExitCode } from "./exit-codes.ts";

/** Ends the command: what happened, and what to do, for stderr. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;
  readonly fix: string | undefined;

  constructor(exitCode: ExitCode, what: string, fix?: string) {
    super(what);
    this.exitCode = exitCode;
    this.fix = fix;
  }
}
