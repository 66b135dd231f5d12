import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { bars, judge } from "./bars.ts";
import type { Verdict } from "./bars.ts";
import type { Bench, Context, Outcome } from "./bench.ts";
import { authenticateCold, authenticateHot } from "./benches/authenticate.ts";
import { diagnostics } from "./benches/diagnostics.ts";
import { growth } from "./benches/growth.ts";
import { guarded } from "./benches/guarded.ts";
import { importCost } from "./benches/import.ts";
import { installed } from "./benches/installed.ts";
import { memory } from "./benches/memory.ts";
import { rotation } from "./benches/rotation.ts";
import { stampede } from "./benches/stampede.ts";
import { unknownKids } from "./benches/unknown-kids.ts";
import { full, quick } from "./effort.ts";
import { say } from "./progress.ts";
import { formatVerdict } from "./report/markdown.ts";
import { describeMachine } from "./report/machine.ts";
import { writeReport } from "./report/write.ts";
import { frameworks } from "./servers/frameworks.ts";
import { openPool, preparePool } from "./tokens/pool.ts";

const benches: readonly Bench[] = [
  ...[authenticateHot, authenticateCold, diagnostics, ...frameworks.map(guarded), unknownKids, importCost, growth],
  ...[memory, stampede, rotation, installed], // the longest first: they run side by side
];

const { values: options } = parseArgs({
  options: { only: { type: "string", multiple: true }, quick: { type: "boolean", default: false } },
});
const unknown = options.only?.find((name) => !benches.some((bench) => bench.name === name));
if (unknown !== undefined) {
  throw new TypeError(
    `--only ${unknown}: there is no such bench; there are ${benches.map(({ name }) => name).join(", ")}`,
  );
}
const chosen = benches.filter(({ name }) => options.only === undefined || options.only.includes(name));

const started = performance.now();
await preparePool();
const pool = openPool();
const context: Context = { effort: options.quick ? quick : full, pool, keys: [pool.publicJwk] };

const outcomes = new Map<string, Outcome>();
const failures = new Map<string, string>();
for (const bench of chosen.filter(({ timed }) => timed)) await runOne(bench);
// Two at a time, one for each core of the smallest machine.
const untimed = chosen.filter(({ timed }) => !timed);
await Promise.all([workOff(untimed), workOff(untimed)]);

const verdicts: readonly Verdict[] = bars
  .filter((bar) => chosen.some(({ name }) => name === bar.bench))
  .map((bar) => judge(bar, outcomes.get(bar.bench)?.measures[bar.measure]));

// What is not the whole, or not in earnest, does not replace the report that the README shows.
const whole = options.only === undefined && !options.quick;
const folder = new URL(whole ? "../" : "../.cache/report/", import.meta.url);
mkdirSync(folder, { recursive: true });
const seconds = (performance.now() - started) / 1_000;
const ordered = chosen.flatMap(({ name }) => outcomes.get(name) ?? []);
writeReport(folder, {
  machine: describeMachine(),
  seconds,
  verdicts,
  outcomes: ordered,
  failures,
  quick: options.quick,
});

for (const verdict of verdicts) console.log(formatVerdict(verdict));
for (const [name, message] of failures) console.log(`FAILED  ${name}: ${message}`);
const missed = verdicts.filter(({ held }) => !held).length;
console.log(`${String(verdicts.length - missed)} bars held, ${String(missed)} missed, in ${seconds.toFixed(0)} s`);
console.log(`${folder.pathname}report.md`);
process.exitCode = missed > 0 || failures.size > 0 ? 1 : 0;

async function workOff(queue: Bench[]): Promise<void> {
  for (let bench = queue.shift(); bench !== undefined; bench = queue.shift()) await runOne(bench);
}

async function runOne(bench: Bench): Promise<void> {
  say(`${bench.name}: ${bench.about}`);
  try {
    outcomes.set(bench.name, await bench.run(context));
  } catch (error) {
    failures.set(bench.name, error instanceof Error ? error.message : String(error));
    say(`${bench.name} FAILED: ${error instanceof Error ? (error.stack ?? "") : String(error)}`);
  }
}
