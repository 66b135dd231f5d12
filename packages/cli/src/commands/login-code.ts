import type { Recipient } from "@cloudbase-auth/core";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { addEnvironmentFlags, text } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { exitCodes } from "../exit-codes.ts";
import { atDesk } from "../signed-in.ts";
import { ask } from "../terminal/prompt.ts";
import { terminal } from "../terminal/terminal.ts";
import { formatDuration } from "../terminal/times.ts";
import { keepTokens } from "../keep-tokens.ts";

interface Flags extends EnvironmentFlags {
  readonly phone?: string;
  readonly email?: string;
  readonly print?: boolean;
}

export function addLoginCode(login: Command): void {
  const command = login
    .command("code")
    .summary("with a code by SMS or e-mail")
    .description("Has a code sent, asks for it (or reads it from stdin), and signs in with it.")
    .option("--phone <number>", 'phone number with country code: "+86 13800000000"', text)
    .option("--email <address>", "e-mail address", text)
    .option("--print", "print the access token on stdout");
  addEnvironmentFlags(command).action(run);
}

async function run({ phone, email, print = false, ...flags }: Flags): Promise<void> {
  const recipient = recipientOf(phone, email);
  await atDesk(flags, async (desk) => {
    const { verification } = desk.auth.client;
    const sent = await desk.ask("having a code sent", verification.send({ ...recipient, usage: "SIGN_IN" }));
    if (sent.isUser === false) {
      throw new CommandError(
        exitCodes.no,
        `Environment ${desk.envId} has no user with ${phone ?? email ?? ""}; the code that came is of no use.`,
        "Sign up in your application first.",
      );
    }
    const { verificationId, expiresInSeconds } = sent;
    const life = expiresInSeconds === undefined ? "" : `; it is good for ${formatDuration(expiresInSeconds)}`;
    terminal.note(`A code is on its way to ${phone ?? email ?? ""}${life}.`);
    const verificationCode = (await ask("Code: ")).trim();
    const verifying = verification.verify({ verificationId, verificationCode });
    const { verificationToken } = await desk.ask("checking the code", verifying);
    const signingIn = desk.auth.client.signIn({ verificationToken });
    keepTokens(desk, await desk.ask("signing in", signingIn), { print });
  });
}

function recipientOf(phone: string | undefined, email: string | undefined): Recipient {
  if (phone !== undefined && email === undefined) return { phoneNumber: phone };
  if (email !== undefined && phone === undefined) return { email };
  throw new CommandError(exitCodes.usage, "Where should the code go?", "Give one of --phone and --email.");
}
