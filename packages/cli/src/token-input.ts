import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { askHidden, readInput } from "./terminal/prompt.ts";

/**
 * The token that a command is about: its argument; `-`, or no argument without a terminal, is stdin; on a terminal it is
 * asked for. What people copy along with it is taken off: `Authorization: Bearer`, quotes, white space.
 */
export async function tokenOf(argument: string | undefined): Promise<string> {
  const token = bare(await givenBy(argument));
  if (token === "")
    throw new CommandError(exitCodes.usage, "There is no token.", "Give it as the argument or on stdin.");
  return token;
}

/** The same for a token that is sent somewhere. @throws CommandError for what no header can carry */
export async function sendableTokenOf(argument: string): Promise<string> {
  const token = await tokenOf(argument);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CommandError(
    exitCodes.usage,
    "That is no token: it has white space or other characters that a header cannot carry.",
    "cloudbase-auth explain says what it is.",
  );
}

async function givenBy(argument: string | undefined): Promise<string> {
  if (argument !== undefined && argument !== "-") return argument;
  const typed = argument === undefined && process.stdin.isTTY;
  return typed ? askHidden("Token (not shown): ") : readInput();
}

function bare(text: string): string {
  return text
    .trim()
    .replace(/^["']|["']$/g, "")
    .replace(/^(?:authorization\s*:\s*)?bearer(?:\s+|$)/i, "")
    .trim();
}
