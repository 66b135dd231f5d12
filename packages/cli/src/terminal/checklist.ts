import { dim, terminal } from "./terminal.ts";
import type { Piece } from "./terminal.ts";

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

/** Prints a line of a check list, and below it the fix. */
export function printFinding({ name, outcome, detail, fix }: Finding): void {
  terminal.line(marks[outcome], ` ${name.padEnd(nameWidth)}`, outcome === "skipped" ? dim(detail) : detail);
  if (fix !== undefined) terminal.line(" ".repeat(nameWidth + 2), "→ ", fix);
}
