import type { Command } from "commander";
import { addLoginAnonymous } from "./login-anonymous.ts";
import { addLoginCode } from "./login-code.ts";
import { addLoginPassword } from "./login-password.ts";
import { addLoginTicket } from "./login-ticket.ts";

export function addLogin(program: Command): void {
  const login = program
    .command("login")
    .summary("sign in, and keep the tokens in a file that only you can read")
    .description(
      "Signs in. The tokens are kept in a file that only you can read, one for each environment and endpoint, and are not shown. Passwords and codes are asked for, or read from stdin; they are never arguments, which the shell's history keeps.",
    )
    .helpCommand(false);
  for (const add of [addLoginPassword, addLoginCode, addLoginAnonymous, addLoginTicket]) add(login);
}
