import { failed, ok, skipped } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";
import { formatDuration } from "../terminal/times.ts";
import type { Samples } from "./samples.ts";

/** How far the server's clock is ahead of ours: between these, in seconds. */
export interface Skew {
  readonly least: number;
  readonly most: number;
}

/**
 * Each answer's Date is a whole second that began at the server between the question and the answer, or less than a second
 * before: that bounds the difference from both sides, and all answers together bound it best.
 */
export function skewOf(samples: Extract<Samples, { answered: true }>["all"]): Skew | undefined {
  const bounds = samples.flatMap(({ date, askedAt, heardAt }) =>
    date === undefined ? [] : { least: (date - heardAt) / 1_000, most: (date + 1_000 - askedAt) / 1_000 },
  );
  const [first] = bounds;
  if (first === undefined) return undefined;
  const skew = {
    least: Math.max(...bounds.map(({ least }) => least)),
    most: Math.min(...bounds.map(({ most }) => most)),
  };
  // Several servers behind one name, each with a clock of its own: then one of them.
  return skew.least <= skew.most ? skew : first;
}

export function judgeClock(samples: Samples, toleranceSeconds: number): Outcome {
  const skew = samples.answered ? skewOf(samples.all) : undefined;
  if (skew === undefined) return skipped("the server says no time in its answers, so there is nothing to compare with");
  const distance = skew.least > 0 ? skew.least : skew.most < 0 ? -skew.most : 0;
  const tolerance = `${String(toleranceSeconds)} s are tolerated`;
  if (distance < 1) return ok(`agrees with the server's to within a second or two (${tolerance})`);
  const side = skew.least > 0 ? "behind" : "ahead of";
  const words = `this machine is ${formatDuration(distance)} ${side} the server`;
  if (distance <= toleranceSeconds) return ok(`${words} (${tolerance})`);
  const consequence =
    side === "behind"
      ? "fresh tokens are refused as not valid yet"
      : "tokens are refused as expired before their time has come";
  return failed(
    `${words}, and only ${tolerance}: ${consequence}`,
    "Yours to fix: switch on time synchronisation (Linux: timedatectl set-ntp true), then run this again.",
  );
}
