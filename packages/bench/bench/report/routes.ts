import type { Table } from "../bench.ts";
import { ratioOf, spreadOf } from "../statistics.ts";
import { formatNumber, formatSpread } from "./timings.ts";

/** What was seen of one contestant, round by round. */
export interface RouteSeries {
  /** Microseconds of the server's CPU time for one request. */
  readonly cpu: (number | undefined)[];
  readonly perSecond: (number | undefined)[];
  /** Which part of one core the load maker needed; near 1 it, and not the server, limits the throughput. */
  readonly busy: (number | undefined)[];
}

/** By the contestant's name. */
export type RouteSamples = ReadonlyMap<string, RouteSeries>;

export function routesTable(title: string, samples: RouteSamples): Table {
  const bare = samples.get("bare");
  const rows = [...samples].map(([name, { cpu, perSecond, busy }]) => [
    name,
    formatSpread(spreadOf(cpu)),
    formatSpread(ratioOf(bare?.cpu ?? [], cpu)),
    formatNumber(Math.round(spreadOf(perSecond).median)),
    formatSpread(ratioOf(perSecond, bare?.perSecond ?? [])),
    `${(spreadOf(busy).median * 100).toFixed(0)} %`,
  ]);
  const head = [
    "",
    "CPU µs a request",
    "bare ÷ guarded, CPU",
    "requests/s",
    "guarded ÷ bare, requests/s",
    "load maker busy",
  ];
  return { title, head, rows };
}
