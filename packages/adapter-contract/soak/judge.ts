import type { Measured } from "./servers-process.ts";
import type { Counts } from "./traffic.ts";

export interface Sample extends Measured {
  readonly atSeconds: number;
}

interface SoakRecord {
  readonly samples: readonly Sample[];
  readonly counts: Counts;
  readonly ended: string | undefined;
  readonly interrupted: boolean;
}

/** How much the heap may grow in ten minutes. */
const mostHeapPerTenMinutes = 1_048_576;
/** What one line through so few points says of a heap that is flat: no more exactly than this. */
const noise = 524_288;
/** Connections that happen to be open. */
const mostFiles = 10;
/** Until then caches fill and code is compiled. */
const settlesInSeconds = 40;

/** Whether the servers came through, and a table that says so. */
export function judge({ samples, counts, ended, interrupted }: SoakRecord) {
  const settled = samples.filter(({ atSeconds }) => atSeconds > settlesInSeconds);
  const [first, last] = [settled[0], settled.at(-1)];
  const seconds = (last?.atSeconds ?? 0) - (first?.atSeconds ?? 0);
  const growth = slope(withoutReleases(settled)) * seconds;
  const mostGrowth = Math.max(noise, (mostHeapPerTenMinutes * seconds) / 600);
  const files = settled.map((sample) => sample.files);
  const filesMore = Math.max(...files.slice(files.length / 2)) - Math.max(...files.slice(0, files.length / 2));
  const unhandled = samples.at(-1)?.unhandled ?? 0;

  const checks = [
    check("long enough to tell", settled.length >= 6 && !interrupted, `${String(settled.length)} samples`),
    check("servers up", ended === undefined, ended ?? "yes"),
    check(
      "heap flat",
      growth <= mostGrowth,
      `${kilobytes(growth)} in ${seconds.toFixed(0)} s, at most ${kilobytes(mostGrowth)}`,
    ),
    check("files flat", filesMore <= mostFiles, `${signed(filesMore)}, at most +${String(mostFiles)}`),
    check("unhandled rejections", unhandled === 0, String(unhandled)),
    check(
      "unexpected statuses",
      counts.unexpected.length === 0,
      `${String(counts.unexpected.length)} of ${String(counts.sent)}`,
    ),
  ];
  const lines = [
    ...[...counts.statuses.keys()]
      .toSorted()
      .map((place) => `${String(counts.statuses.get(place)).padStart(7)}  ${place}`),
    ...counts.unexpected.slice(0, 20).map((line) => `unexpected  ${line}`),
    "",
    ...checks.map(({ isGood, line }) => `${isGood ? "ok    " : "FAILED"}  ${line}`),
  ];
  return { isGood: checks.every(({ isGood }) => isGood), lines };
}

function check(name: string, isGood: boolean, found: string) {
  return { isGood, line: `${name.padEnd(22)}${found}` };
}

/** V8 lets go of some megabytes at once after minutes, and what grows must not hide behind that. */
function withoutReleases(samples: readonly Sample[]): readonly (readonly [number, number])[] {
  let released = 0;
  return samples.map(({ atSeconds, heap }, index) => {
    const drop = (samples[index - 1]?.heap ?? heap) - heap;
    if (drop > noise) released += drop;
    return [atSeconds, heap + released] as const;
  });
}

/** Of the line that lies closest to the points (least squares). */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const under = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

function kilobytes(bytes: number): string {
  return `${signed(Math.round(bytes / 1_024))} KB`;
}

function signed(value: number): string {
  return value > 0 ? `+${String(value)}` : String(value);
}
