import type { Measure, Table } from "../bench.ts";
import { ratioOf, spreadOf } from "../statistics.ts";
import type { Spread } from "../statistics.ts";

/** Microseconds for one check or request, round by round, by the contender's name. */
export type Timings = ReadonlyMap<string, { readonly cpu: number[]; readonly wall: number[] }>;

export function measureOf({ median, low, high }: Spread): Measure {
  return { value: median, low, high };
}

export function timesTable(title: string, timings: Timings, reference: string): Table {
  const base = timings.get(reference)?.cpu ?? [];
  const rows = [...timings].map(([name, { cpu, wall }]) => [
    name,
    formatSpread(spreadOf(cpu)),
    formatSpread(spreadOf(wall)),
    `${formatSpread(ratioOf(cpu, base))} ×`,
  ]);
  return { title, head: ["", "CPU µs", "wall µs", `CPU, ${reference} = 1`], rows };
}

/** The median, and the quartiles in brackets. */
export function formatSpread({ median, low, high }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(low)}–${formatNumber(high)})`;
}

export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(Math.abs(value) < 100 ? 1 : 0);
}
