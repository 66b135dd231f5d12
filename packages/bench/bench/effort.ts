/** How much is done for a number. */
export interface Effort {
  readonly quick: boolean;
  /** Rounds of requests to servers. */
  readonly rounds: number;
  /** Rounds of checks in processes; many short ones, as whatever else the machine does comes in bursts. */
  readonly shortRounds: number;
  /** Passes over the 1,000 hot tokens in a round of `authenticate`. */
  readonly hotPasses: number;
  readonly coldChecks: number;
  readonly hotRequests: number;
  readonly coldRequests: number;
  /** Requests ahead of each measured lot. */
  readonly runUp: number;
  /** As many as V8 needs to be done with compiling: a server that runs for a day is past them in its first minute. */
  readonly warmRequests: number;
  readonly flood: number;
  readonly distinct: number;
  readonly imports: number;
  readonly liveTokens: number;
}

export const full: Effort = {
  quick: false,
  rounds: 7,
  shortRounds: 30,
  hotPasses: 20,
  coldChecks: 500,
  hotRequests: 2_000,
  coldRequests: 2_000,
  runUp: 400,
  warmRequests: 20_000,
  flood: 5_000,
  distinct: 1_000_000,
  imports: 15,
  liveTokens: 100_000,
};

/** A smoke run: everything works, no number means much. */
export const quick: Effort = {
  quick: true,
  rounds: 2,
  shortRounds: 2,
  hotPasses: 3,
  coldChecks: 300,
  hotRequests: 500,
  coldRequests: 400,
  runUp: 100,
  warmRequests: 500,
  flood: 1_000,
  distinct: 20_000,
  imports: 2,
  liveTokens: 5_000,
};

/** The tokens of the pool by use: those that only warm up are never measured cold. */
export const hotTokens = 1_000;
export const warmFrom = 1_000;
export const coldFrom = 21_000;
