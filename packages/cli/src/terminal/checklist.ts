import { dim, terminal } from "./terminal.ts";
import type { Piece } from "./terminal.ts";
import { wrap } from "./wrap.ts";

/** What a check came to; `skipped` where there was nothing to check, or no way to. */
export interface Outcome {
  readonly outcome: "ok" | "failed" | "skipped";
  /** What was found. */
  readonly detail: string;
  /** Whose turn it is and what to do; of what failed. */
  readonly fix?: string;
}

/** A line of a check list. */
export interface Finding extends Outcome {
  readonly name: string;
}

export const ok = (detail: string): Outcome => ({ outcome: "ok", detail });
export const failed = (detail: string, fix: string): Outcome => ({ outcome: "failed", detail, fix });
export const skipped = (detail: string): Outcome => ({ outcome: "skipped", detail });

const marks: Readonly<Record<Outcome["outcome"], Piece>> = {
  ok: { style: "green", text: "✓" },
  failed: { style: "red", text: "✗" },
  skipped: { style: "dim", text: "–" },
};
const nameWidth = 15;

const margin = nameWidth + 2;

/** Prints a line of a check list, and below it the fix; what is longer than the terminal is wide goes on below itself. */
export function printFinding({ name, outcome, detail, fix }: Finding): void {
  const shown = (line: string): Piece => (outcome === "skipped" ? dim(line) : line);
  const [first = "", ...more] = wrap(detail, margin);
  terminal.line(marks[outcome], ` ${name.padEnd(nameWidth)}`, shown(first));
  for (const line of more) terminal.line(" ".repeat(margin), shown(line));
  if (fix === undefined) return;
  for (const [index, line] of wrap(fix, margin + 2).entries()) {
    terminal.line(" ".repeat(margin), index === 0 ? "→ " : "  ", line);
  }
}
