import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { addEnvironmentFlags } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { exitCodes } from "../exit-codes.ts";
import { atDesk, requireSignIn } from "../signed-in.ts";
import { keepTokens } from "../keep-tokens.ts";

interface Flags extends EnvironmentFlags {
  readonly print?: boolean;
}

export function addRefresh(program: Command): void {
  const command = program
    .command("refresh")
    .summary("renew the tokens of the sign-in")
    .description("Exchanges the refresh token that is kept for new tokens, and keeps those.")
    .option("--print", "print the new access token on stdout");
  addEnvironmentFlags(command).action(run);
}

async function run({ print = false, ...flags }: Flags): Promise<void> {
  await atDesk(flags, async (desk) => {
    const { refreshToken, userId } = requireSignIn(desk);
    if (refreshToken === undefined) {
      throw new CommandError(
        exitCodes.no,
        "This sign-in has no refresh token.",
        "Sign in again: cloudbase-auth login. Anonymous users stay the same on this device.",
      );
    }
    const tokens = await desk.ask("renewing the tokens", desk.auth.client.refresh({ refreshToken }));
    // The old one is dead at once; an answer without a new one leaves none.
    keepTokens(desk, { ...(userId !== undefined && { sub: userId }), ...tokens }, { print });
  });
}
