import { writeFileSync } from "node:fs";
import type { Verdict } from "../bars.ts";
import type { Outcome } from "../bench.ts";
import { formatChart } from "./chart.ts";
import type { Machine } from "./machine.ts";
import { formatReport } from "./markdown.ts";

export interface Report {
  readonly machine: Machine;
  readonly seconds: number;
  readonly quick: boolean;
  readonly verdicts: readonly Verdict[];
  readonly outcomes: readonly Outcome[];
  /** Benches that stopped, by name. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Writes report.json, report.md and, if routes were measured, chart.svg. */
export function writeReport(folder: URL, report: Report): void {
  const { machine, seconds, verdicts, outcomes, failures } = report;
  const bars = verdicts.map(({ bar, measure, held, marginPercent }) => ({ ...bar, ...measure, held, marginPercent }));
  const json = { machine, seconds: Math.round(seconds), bars, failures: Object.fromEntries(failures), outcomes };
  writeFileSync(new URL("report.json", folder), `${JSON.stringify(json, null, 2)}\n`);
  const shares = outcomes.flatMap((outcome) => outcome.shares ?? []);
  writeFileSync(new URL("report.md", folder), formatReport(report, shares.length > 0));
  if (shares.length > 0) writeFileSync(new URL("chart.svg", folder), formatChart(shares, machine));
}
