import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { commandLine, launch } from "./command.ts";
import type { Variables } from "./command.ts";

/** The command in a pseudo-terminal, made by `script` of util-linux, which every Debian has. */
export interface Terminal {
  /** All that was written to the terminal so far, by the command and as echo of what was typed. */
  readonly raw: () => string;
  /** The same without styles. */
  readonly text: () => string;
  /** What is left on it: without the lines that were wiped out. */
  readonly screen: () => string;
  readonly type: (keys: string) => void;
  /** Waits until the text matches. @throws Error if the command ended before */
  readonly shows: (pattern: RegExp) => Promise<void>;
  readonly exit: Promise<unknown>;
}

const wipe = "\r\u001b[K";
export const ctrlC = "\u0003";

export function inTerminal(args: readonly string[], variables: Variables = {}): Terminal {
  return shellInTerminal(`exec ${[...commandLine, ...args].map(quote).join(" ")}`, variables);
}

/** The same for a line of a shell. */
export function shellInTerminal(line: string, variables: Variables = {}): Terminal {
  const child = launch("script", ["-qefc", line, "/dev/null"], { TERM: "xterm-256color", ...variables });
  let raw = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (raw += chunk));
  child.stdin?.on("error", () => undefined);
  let ended = false;
  const exit = once(child, "close").then(([code]: unknown[]) => {
    ended = true;
    return code;
  });
  const plain = (shown: string): string => stripVTControlCharacters(shown).replaceAll("\r\n", "\n");
  const text = (): string => plain(raw);
  return {
    ...{ raw: () => raw, text, screen: () => plain(raw.split("\n").map(unwiped).join("\n")), exit },
    type: (keys) => void child.stdin?.write(keys),
    async shows(pattern) {
      while (!pattern.test(text())) {
        if (ended) throw new Error(`ended before it showed ${String(pattern)}:\n${text()}`);
        await Promise.race([child.stdout === null ? exit : once(child.stdout, "data"), exit]);
      }
    },
  };
}

/** Of a line, what came after it was wiped out the last time. */
function unwiped(line: string): string {
  return line.split(wipe).at(-1) ?? "";
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
