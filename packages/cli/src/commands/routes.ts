import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { fillEnvironment, text } from "../configuration.ts";
import { exitCodes } from "../exit-codes.ts";
import { during } from "../terminal/progress.ts";
import { bold, red, terminal } from "../terminal/terminal.ts";
import type { Told } from "./describe-routes.ts";

interface Flags {
  readonly dotenv?: string;
  readonly json?: boolean;
}

const longestMs = 30_000;

export function addRoutes(program: Command): void {
  program
    .command("routes")
    .summary("print who may call which route of an application")
    .description(
      "Loads a module that exports an application or router of Express 5, Koa or Fastify (or a function that makes one), and prints each route and who may call it, as describeRoutes() of its adapter finds them. It is loaded in a process of its own and listens nowhere. Ends with 1 if a route does not say who may call it.",
    )
    .argument("<entry>", "the module, JavaScript or TypeScript that Node.js can load", text)
    .option("--dotenv <file>", "read variables that are not set yet from a file such as .env", text)
    .option("--json", "print the routes as JSON")
    .action(run);
}

async function run(entry: string, { dotenv, json = false }: Flags): Promise<void> {
  if (dotenv !== undefined) fillEnvironment(dotenv);
  if (!existsSync(entry)) throw new CommandError(exitCodes.usage, `There is no file ${entry}.`, "Give its path.");
  const told = await during(`loading ${entry}`, askProcess(entry));
  if ("what" in told) throw new CommandError(exitCodes.usage, told.what, told.fix);
  const { routes, table, undeclared } = told;
  if (json) terminal.json(routes);
  else printTable(table, undeclared);
  if (undeclared > 0) process.exitCode = exitCodes.no;
}

function printTable(table: string, undeclared: number): void {
  for (const line of table.split("\n").filter((row) => row !== "")) {
    terminal.line(line.endsWith("  undeclared") ? red(line) : line);
  }
  terminal.line();
  if (undeclared === 0) terminal.line(bold("Every route says who may call it."));
  else {
    const count = undeclared === 1 ? "1 route does" : `${String(undeclared)} routes do`;
    terminal.line(
      red(`${count} not say who may call it`),
      ": put requireUser(), optionalUser() or publicRoute() in front.",
    );
  }
}

/** What the application prints goes to stderr, because stdout is for the table. */
async function askProcess(entry: string): Promise<Told> {
  const own = [...process.execArgv, process.argv[1] ?? "", "describe-routes", entry];
  const child = spawn(process.execPath, own, { stdio: ["ignore", 2, 2, "ipc"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), longestMs);
  let told: Told | undefined;
  child.on("message", (message) => (told ??= toldOf(message)));
  try {
    await once(child, "exit");
  } finally {
    clearTimeout(timer);
  }
  if (told !== undefined) return told;
  const end = child.signalCode === null ? `ended with ${String(child.exitCode)}` : "did not finish within 30 s";
  return {
    what: `The application ${end} before its routes could be read.`,
    fix: "Let the module only make the application; what starts it belongs into another file.",
  };
}

/** The application may send messages of its own. */
function toldOf(message: unknown): Told | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const isTold = ("table" in message && "routes" in message) || ("what" in message && "fix" in message);
  return isTold ? (message as Told) : undefined;
}
