import { AuthApiError } from "@cloudbase-auth/core";
import type { Command } from "commander";
import { addEnvironmentFlags } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { signInOf } from "../keep-tokens.ts";
import type { SignIn } from "../sign-in-file.ts";
import { atDesk, requireSignIn } from "../signed-in.ts";
import type { Desk } from "../signed-in.ts";
import { terminal } from "../terminal/terminal.ts";
import { sendableTokenOf } from "../token-input.ts";

const consequence = "Servers with verification local accept the access token until it expires.";

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
  const wasThere = await desk.ask("signing out", endAtServer(desk, requireSignIn(desk)));
  desk.keep(undefined);
  const what = wasThere
    ? `Signed out of environment ${desk.envId}`
    : `The sign-in to environment ${desk.envId} had ended at the server already`;
  terminal.note(`${what}; the tokens are gone from ${desk.file}. ${consequence}`);
}

/**
 * Whether there was anything left to end. An access token that has ended signs nobody out, but its session may live on by
 * the refresh token: that gets another one, which is kept until the session has ended.
 */
async function endAtServer(desk: Desk, { accessToken, refreshToken, userId }: SignIn): Promise<boolean> {
  const { client } = desk.auth;
  if ((await unlessEnded(client.signOut({ accessToken }))) !== undefined) return true;
  if (refreshToken === undefined) return false;
  const renewed = await unlessEnded(client.refresh({ refreshToken }));
  if (renewed === undefined) return false;
  desk.keep(signInOf({ ...(userId !== undefined && { sub: userId }), ...renewed }));
  return (await unlessEnded(client.signOut(renewed))) !== undefined;
}

/** What a call answers; nothing if the server says that its token has ended. */
async function unlessEnded<Value>(call: Promise<Value>): Promise<Value | undefined> {
  try {
    return await call;
  } catch (error) {
    const isEnded = error instanceof AuthApiError && ["unauthenticated", "invalid_grant"].includes(error.kind);
    if (isEnded) return undefined;
    throw error;
  }
}

async function revoke(desk: Desk, argument: string): Promise<void> {
  const accessToken = await sendableTokenOf(argument);
  await desk.ask("revoking the token", desk.auth.client.revoke({ accessToken }));
  terminal.note(`The server has revoked the token. ${consequence}`);
}
