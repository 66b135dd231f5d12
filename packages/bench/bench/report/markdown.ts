import type { Verdict } from "../bars.ts";
import type { Table } from "../bench.ts";
import { formatNumber } from "./timings.ts";
import type { Machine } from "./machine.ts";
import type { Report } from "./write.ts";

const explanation = `Ratios are taken round by round within this run and given as median (lower–upper quartile). What is judged is CPU time:
that of the whole process that checks, all its threads, user and system, for one check or request. It moves little with what
else the machine does; throughput stands beside it. A ratio of routes is bare ÷ guarded CPU, so 1 means that guarding is free.`;

export function formatReport(report: Report, hasChart: boolean): string {
  const { machine, seconds, verdicts, outcomes, failures, quick } = report;
  const parts = [
    "# What verification costs",
    formatMachine(machine, seconds),
    ...(quick ? ["**A smoke run: the numbers mean nothing.**"] : []),
    explanation,
    ...(hasChart ? ["![What is left of the bare route, by framework and middleware](chart.svg)"] : []),
    "## Bars",
    formatTable({
      title: "",
      head: ["bar", "", "wanted", "measured", "margin"],
      rows: verdicts.map((verdict) => [
        verdict.bar.says,
        verdict.held ? "held" : "**missed**",
        wanted(verdict),
        measured(verdict),
        margin(verdict),
      ]),
    }),
    ...[...failures].map(([name, message]) => `**${name} stopped:** ${message.split("\n")[0] ?? ""}`),
    ...outcomes
      .flatMap(({ tables }) => tables)
      .flatMap((table) => [`## ${table.title}`, formatTable(table), ...note(table)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function formatVerdict(verdict: Verdict): string {
  const word = verdict.held ? "held  " : "MISSED";
  return `${word}  ${verdict.bar.says}: ${measured(verdict)}, wanted ${wanted(verdict)} (${margin(verdict)})`;
}

export function formatMachine({ cpu, cores, memoryGiB, node, platform, date, load }: Machine, seconds: number): string {
  return `${cpu}, ${String(cores)} cores, ${String(memoryGiB)} GiB, ${platform}, Node ${node}, ${date}; ${seconds.toFixed(0)} s, load average ${String(load)}.`;
}

function wanted({ bar: { atLeast, atMost, unit } }: Verdict): string {
  const bounds = [
    ...(atLeast === undefined ? [] : [`≥ ${formatNumber(atLeast)}`]),
    ...(atMost === undefined ? [] : [`≤ ${formatNumber(atMost)}`]),
  ];
  return `${bounds.join(" and ")} ${unit}`;
}

function measured({ measure, bar: { unit } }: Verdict): string {
  if (measure === undefined) return "nothing";
  const { value, low, high, detail } = measure;
  const range = low === undefined || high === undefined ? "" : ` (${formatNumber(low)}–${formatNumber(high)})`;
  return `${formatNumber(value)}${range} ${unit}${detail === undefined ? "" : `, ${detail}`}`;
}

function margin({ marginPercent, held }: Verdict): string {
  if (marginPercent === undefined) return held ? "held" : "missed";
  return `${held ? "held" : "missed"} by ${Math.abs(marginPercent).toFixed(0)} %`;
}

function formatTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function note({ note: text }: Table): readonly string[] {
  return text === undefined ? [] : [text];
}
