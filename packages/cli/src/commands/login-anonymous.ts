import type { Command } from "commander";
import { addEnvironmentFlags } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { atDesk } from "../signed-in.ts";
import { keepTokens } from "../keep-tokens.ts";

interface Flags extends EnvironmentFlags {
  readonly print?: boolean;
}

export function addLoginAnonymous(login: Command): void {
  const command = login
    .command("anonymous")
    .summary("as an anonymous user")
    .description("Signs in as the anonymous user of this device: the same one each time, by an id that is kept.")
    .option("--print", "print the access token on stdout");
  addEnvironmentFlags(command).action(run);
}

async function run({ print = false, ...flags }: Flags): Promise<void> {
  await atDesk(flags, async (desk) => {
    const tokens = await desk.ask("signing in", desk.auth.client.signInAnonymously());
    keepTokens(desk, tokens, { print });
  });
}
