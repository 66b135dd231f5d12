import { createInterface } from "node:readline";
import type { Interface } from "node:readline";
import { Writable } from "node:stream";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "./printable.ts";

// A token has at most 8192 characters; a key file is a few thousand.
const longestInput = 65_536;

/** Asks for a line that is shown as it is typed; without a terminal, the next line of stdin is taken. */
export function ask(question: string): Promise<string> {
  return process.stdin.isTTY ? askOnTerminal(question, process.stderr) : readLine(question);
}

/** The same for what nobody may see: nothing is shown as it is typed. */
export function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return process.stdin.isTTY ? askOnTerminal(question, nowhere) : readLine(question);
}

async function askOnTerminal(question: string, output: Writable): Promise<string> {
  const { stdin, stderr } = process;
  const lines = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  const text = printable(question);
  if (output === stderr) lines.setPrompt(text);
  else stderr.write(text);
  if (output === stderr) lines.prompt();
  try {
    return await firstLine(lines);
  } finally {
    lines.close();
    if (output !== stderr) stderr.write("\n");
  }
}

// One for all questions: what comes with the first line may hold the answer to the second.
let pipedLines: AsyncIterator<string> | undefined;

async function readLine(question: string): Promise<string> {
  const { stdin } = process;
  pipedLines ??= createInterface({ input: stdin })[Symbol.asyncIterator]();
  stdin.resume();
  const next = await pipedLines.next();
  stdin.pause(); // or a stdin that nobody ends would keep the command
  if (next.done !== true) return next.value;
  throw new CommandError(
    exitCodes.usage,
    `stdin ended before an answer to "${question.trim()}" came.`,
    "Give what has a flag by its flag (see --help), and each other answer as a line of stdin.",
  );
}

function firstLine(lines: Interface): Promise<string> {
  return new Promise((resolve, reject) => {
    lines.once("line", resolve);
    lines.once("SIGINT", () => reject(new CommandError(exitCodes.interrupted, "Interrupted; nothing was changed.")));
    lines.once("close", () => reject(new CommandError(exitCodes.usage, "Nothing was typed.")));
  });
}

/** All of stdin. @throws CommandError if it is longer than anything that belongs there */
export async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > longestInput) {
      throw new CommandError(exitCodes.usage, `stdin has more than ${String(longestInput)} bytes; that is no token.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}
