import type { Command } from "commander";
import { addEnvironmentFlags, text } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { atDesk } from "../signed-in.ts";
import { ask, askHidden } from "../terminal/prompt.ts";
import { keepTokens } from "../keep-tokens.ts";

interface Flags extends EnvironmentFlags {
  readonly username?: string;
  readonly print?: boolean;
}

export function addLoginPassword(login: Command): void {
  const command = login
    .command("password")
    .summary("with user name and password")
    .description(
      "Signs in with a user name (or phone number, or e-mail address) and a password. The password is asked for without showing it; without a terminal it is the first line of stdin.",
    )
    .option("--username <name>", "who signs in (asked for on a terminal)", text)
    .option("--print", "print the access token on stdout");
  addEnvironmentFlags(command).action(run);
}

async function run({ username, print = false, ...flags }: Flags): Promise<void> {
  await atDesk(flags, async (desk) => {
    const name = username ?? (await ask("User name: "));
    const password = await askHidden("Password (not shown): ");
    const signingIn = desk.auth.client.signIn({ username: name, password });
    keepTokens(desk, await desk.ask("signing in", signingIn), { print });
  });
}
