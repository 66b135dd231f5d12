import type { Emulator } from "@cloudbase-auth/emulator";
import { run } from "./command.ts";
import type { Variables } from "./command.ts";
import { variablesFor } from "./stage.ts";

/** What README.md shows of the command, by the line that is typed there. */
export async function exampleOutputs(emulator: Emulator): Promise<ReadonlyMap<string, string>> {
  const variables: Variables = variablesFor(emulator.endpoint);
  const shop = { ...variables, CLOUDBASE_ENV_ID: "shop-1a2b3c" };
  const client = { CLOUDBASE_CLIENT_ID: "backend", CLOUDBASE_CLIENT_SECRET: "an old one" };
  const app = new URL("../apps/express.ts", import.meta.url).pathname;
  const token = await emulator.issueToken();
  return new Map([
    ["cloudbase-auth --help", (await run(["--help"])).out],
    ["cloudbase-auth doctor", (await run(["doctor"], { ...variables, ...client })).out],
    ["cloudbase-auth explain", (await run(["explain"], shop, token)).out],
    ["cloudbase-auth routes app.ts", (await run(["routes", app], variables)).out],
  ]);
}

/** The same for every run: without what a run makes up, and what the clock says. */
export function lasting(output: string): string {
  return output
    .replaceAll(/\d+ (?:day|hour|minute|second)s?(?: \d+ (?:hour|minute|second)s?)?|less than a second/g, "DURATION")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/^( {2}(?:sub|at_hash) +)\S+$/gm, "$1ID")
    .replaceAll(/\d+(?:\.\d+)? m?s\b/g, "TIME")
    .replaceAll(/\d+/g, "N")
    .trimEnd();
}
