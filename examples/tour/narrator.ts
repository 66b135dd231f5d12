import { styleText } from "node:util";
import type { WriteStream } from "node:tty";

/** Prints the tour; colours only where the stream shows them, and never against NO_COLOR. */
export interface Narrator {
  readonly say: (line: string) => void;
  /** A step of the story: what is done, and what came of it. */
  readonly step: (deed: string, outcome: string) => void;
  readonly style: (format: "green" | "red" | "bold" | "dim", text: string) => string;
}

export function createNarrator(stream: WriteStream): Narrator {
  const style: Narrator["style"] = (format, text) => styleText(format, text, { stream });
  const say = (line: string): void => {
    stream.write(`${line}\n`);
  };
  return { say, style, step: (deed, outcome) => say(`${style("dim", "·")} ${deed.padEnd(58)} ${outcome}`) };
}
