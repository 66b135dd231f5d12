import type { Command } from "commander";
import { addEnvironmentFlags } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { atDesk, requireSignIn } from "../signed-in.ts";
import type { Desk } from "../signed-in.ts";
import { terminal } from "../terminal/terminal.ts";
import { sendableTokenOf } from "../token-input.ts";

const consequence = "Servers with verification local accept it until it expires.";

export function addRevoke(program: Command): void {
  const command = program
    .command("revoke")
    .summary("end the sign-in, or revoke a token")
    .description(
      "Without an argument: signs out at the server, which ends the refresh token too, and forgets the tokens here. With a token: has the server revoke that access token.",
    )
    .argument("[token]", "an access token; - for stdin");
  addEnvironmentFlags(command).action(run);
}

async function run(argument: string | undefined, flags: EnvironmentFlags): Promise<void> {
  await atDesk(flags, (desk) => (argument === undefined ? signOut(desk) : revoke(desk, argument)));
}

async function signOut(desk: Desk): Promise<void> {
  const { accessToken } = requireSignIn(desk);
  await desk.ask("signing out", desk.auth.client.signOut({ accessToken }));
  desk.keep(undefined);
  terminal.note(`Signed out of environment ${desk.envId}; the tokens are gone from ${desk.file}. ${consequence}`);
}

async function revoke(desk: Desk, argument: string): Promise<void> {
  const accessToken = await sendableTokenOf(argument);
  await desk.ask("revoking the token", desk.auth.client.revoke({ accessToken }));
  terminal.note(`The server has revoked the token. ${consequence}`);
}
