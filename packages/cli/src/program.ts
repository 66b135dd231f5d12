import { readFileSync } from "node:fs";
import { parseStrictObject } from "@cloudbase-auth/core/adapter";
import { Command } from "commander";
import { addDescribeRoutes } from "./commands/describe-routes.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEmulator } from "./commands/emulator.ts";
import { addExplain } from "./commands/explain.ts";
import { addIntrospect } from "./commands/introspect.ts";
import { addLogin } from "./commands/login.ts";
import { addRefresh } from "./commands/refresh.ts";
import { addRevoke } from "./commands/revoke.ts";
import { addRoutes } from "./commands/routes.ts";
import { addWhoami } from "./commands/whoami.ts";

const footer = `
Examples:
  cloudbase-auth doctor --dotenv .env
  pbpaste | cloudbase-auth explain --env my-env-1a2b3c
  cloudbase-auth login password --env my-env-1a2b3c
  curl -H "Authorization: Bearer $(cloudbase-auth whoami --print --env my-env-1a2b3c)" http://localhost:3000/me

Exit codes:
  0    done, and every check said yes
  1    a check said no: refused, not valid, not signed in, a route that says nothing
  2    wrong usage or configuration; nothing was tried
  3    it could not be found out, because somebody else did not answer; try again
  70   a fault of this command
  130  Ctrl-C

Results go to stdout, everything else to stderr. NO_COLOR switches colours off.`;

/** The command with all its commands. */
export function createProgram(): Command {
  const program = new Command("cloudbase-auth")
    .description("Finds out why a CloudBase access token is refused, and what is wrong with a set-up.")
    .version(readVersion(), "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .showSuggestionAfterError()
    .addHelpText("after", footer)
    .exitOverride();
  program.commandsGroup("Finding out:");
  for (const add of [addDoctor, addExplain, addRoutes]) add(program);
  program.commandsGroup("As a user:");
  for (const add of [addLogin, addWhoami, addRefresh, addIntrospect, addRevoke]) add(program);
  program.commandsGroup("Without a cloud account:");
  addEmulator(program);
  addDescribeRoutes(program);
  return program;
}

function readVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version } = parseStrictObject(manifest, { maxDepth: 5, maxMembers: 200 }) ?? {};
  return typeof version === "string" ? version : "unknown";
}
