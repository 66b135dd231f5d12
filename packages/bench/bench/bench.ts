import type { JsonWebKey } from "node:crypto";
import type { Effort } from "./effort.ts";
import type { Pool } from "./tokens/pool.ts";

/** One number that a bar can be laid on. */
export interface Measure {
  readonly value: number;
  /** Quartiles of the rounds, where there were rounds. */
  readonly low?: number;
  readonly high?: number;
  /** Who or what was the worst case. */
  readonly detail?: string;
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note?: string;
}

/** A bar of the chart: what is left of the bare route. */
export interface Share {
  readonly group: string;
  readonly label: string;
  readonly hot: number;
  readonly cold: number;
}

export interface Outcome {
  readonly measures: Readonly<Record<string, Measure>>;
  readonly tables: readonly Table[];
  readonly shares?: readonly Share[];
}

export interface Context {
  readonly effort: Effort;
  readonly pool: Pool;
  readonly keys: readonly JsonWebKey[];
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  /** Whether it measures time; those that only count, or wait for seconds, run side by side. */
  readonly timed: boolean;
  readonly run: (context: Context) => Promise<Outcome>;
}
