import { styleText } from "node:util";
import { printable, printableJson } from "./printable.ts";

type Style = "bold" | "dim" | "green" | "red" | "yellow";

/** A piece of a line: plain, or in a style where there is a terminal that shows it. */
export type Piece = string | { readonly style: Style; readonly text: string };

/** Where the command writes. Everything goes through here, and nothing of it can move the cursor. */
export interface Terminal {
  /** A line of the result, on stdout. */
  readonly line: (...pieces: readonly Piece[]) => void;
  /** A line beside the result, on stderr. */
  readonly note: (...pieces: readonly Piece[]) => void;
  /** The result as JSON, on stdout. */
  readonly json: (value: unknown) => void;
}

/** Colours only on a terminal; `NO_COLOR`, `FORCE_COLOR` and `NODE_DISABLE_COLORS` are obeyed, for each stream alone. */
function createTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  const write = (stream: NodeJS.WriteStream, pieces: readonly Piece[]): void => {
    const text = pieces.map((piece) =>
      typeof piece === "string" ? printable(piece) : styleText(piece.style, printable(piece.text), { stream }),
    );
    stream.write(`${text.join("")}\n`);
  };
  return {
    line: (...pieces) => write(stdout, pieces),
    note: (...pieces) => write(stderr, pieces),
    json: (value) => void stdout.write(`${printableJson(value)}\n`),
  };
}

export const terminal = createTerminal(process.stdout, process.stderr);

export const bold = (text: string): Piece => ({ style: "bold", text });
export const dim = (text: string): Piece => ({ style: "dim", text });
export const red = (text: string): Piece => ({ style: "red", text });

/** Says an error on stderr: what happened, then what to do. */
export function complain(what: string, fix?: string): void {
  terminal.note(red("✗ "), what);
  if (fix !== undefined) terminal.note(`  → ${fix}`);
}
