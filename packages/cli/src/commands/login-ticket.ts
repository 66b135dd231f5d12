import { parseStrictObject } from "@cloudbase-auth/core/adapter";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { addEnvironmentFlags, read, text } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { exitCodes } from "../exit-codes.ts";
import { atDesk } from "../signed-in.ts";
import type { Desk } from "../signed-in.ts";
import { askHidden } from "../terminal/prompt.ts";
import { keepTokens } from "../keep-tokens.ts";

interface Flags extends EnvironmentFlags {
  readonly keyFile?: string;
  readonly uid?: string;
  readonly print?: boolean;
}

export function addLoginTicket(login: Command): void {
  const command = login
    .command("ticket")
    .summary("with a custom login ticket")
    .description(
      "Signs in with a custom login ticket: one that your backend made, asked for or read from stdin; or one that is made here, with the key file of the console and your own id of the user.",
    )
    .option("--key-file <file>", "custom login key file of the console (JSON)", text)
    .option("--uid <id>", "your own id of the user, with --key-file", text)
    .option("--print", "print the access token on stdout");
  addEnvironmentFlags(command).action(run);
}

async function run({ keyFile, uid, print = false, ...flags }: Flags): Promise<void> {
  if ((keyFile === undefined) !== (uid === undefined)) {
    throw new CommandError(exitCodes.usage, "--key-file and --uid belong together.", "Give both, or neither.");
  }
  await atDesk(flags, async (desk) => {
    const ticket =
      keyFile === undefined || uid === undefined
        ? (await askHidden("Ticket (not shown): ")).trim()
        : makeTicket(desk, keyFile, uid);
    const tokens = await desk.ask("signing in", desk.auth.client.signInWithTicket({ ticket }));
    keepTokens(desk, tokens, { print });
  });
}

function makeTicket({ auth }: Desk, keyFile: string, uid: string): string {
  const key = parseStrictObject(read(keyFile), { maxDepth: 3, maxMembers: 50 }) ?? {};
  const { private_key_id, private_key, env_id } = key;
  if (typeof private_key_id !== "string" || typeof private_key !== "string") {
    throw new CommandError(
      exitCodes.usage,
      `${keyFile} is no custom login key.`,
      "Take the JSON file that the console gives for custom login, with private_key_id and private_key.",
    );
  }
  const owner = typeof env_id === "string" ? env_id : undefined;
  try {
    return auth.client.createTicket({ key: { private_key_id, private_key, env_id: owner }, uid });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(exitCodes.usage, `${error.message}.`, "Check --key-file, --uid and --env.");
  }
}
