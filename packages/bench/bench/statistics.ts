/** The middle of a series, and the quartiles around it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Numbers round by round; `undefined` where somebody had no turn. */
export type Series = readonly (number | undefined)[];

export function spreadOf(series: Series): Spread {
  const sorted = series.filter((sample) => sample !== undefined).toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Round by round, of those in which both had a turn: what disturbs the machine for a while disturbs both sides. */
export function ratioOf(numerators: Series, denominators: Series): Spread {
  return spreadOf(
    numerators.map((numerator, round) => {
      const denominator = denominators[round];
      return numerator === undefined || denominator === undefined ? undefined : numerator / denominator;
    }),
  );
}

function quantile(sorted: readonly number[], at: number): number {
  const position = (sorted.length - 1) * at;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
