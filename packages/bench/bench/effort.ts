/** How much is done for a number. */
export interface Effort {
  readonly quick: boolean;
  /** How often the servers that are held to a twentieth are started anew. */
  readonly generations: number;
  /** Rounds of requests in a generation; many short ones, as whatever else the machine does comes in bursts. */
  readonly rounds: number;
  /** The peers have a turn in one of so many rounds. */
  readonly peersEvery: number;
  /** Rounds of checks in processes. */
  readonly shortRounds: number;
  /** Passes over the 1,000 hot tokens in a round of `authenticate`. */
  readonly hotPasses: number;
  readonly coldChecks: number;
  /** Requests to a server in a round. */
  readonly requests: number;
  /** Requests ahead of them. */
  readonly runUp: number;
  /** Ahead of the rounds of `authenticate`. */
  readonly warmChecks: number;
  /** As many as V8 needs to be done with compiling: a server that runs for a day is past them in its first minute. */
  readonly warmRequests: number;
  readonly peerWarmRequests: number;
  readonly flood: number;
  readonly distinct: number;
  readonly imports: number;
  readonly liveTokens: number;
  readonly growthRounds: number;
  readonly growthRequests: number;
}

export const full: Effort = {
  quick: false,
  generations: 3,
  rounds: 10,
  peersEvery: 3,
  shortRounds: 30,
  hotPasses: 20,
  coldChecks: 500,
  requests: 500,
  runUp: 200,
  warmChecks: 20_000,
  warmRequests: 8_000,
  peerWarmRequests: 3_000,
  flood: 5_000,
  distinct: 1_000_000,
  imports: 15,
  liveTokens: 100_000,
  growthRounds: 7,
  growthRequests: 2_000,
};

/** A smoke run: everything works, no number means much. */
export const quick: Effort = {
  quick: true,
  generations: 2,
  rounds: 1,
  peersEvery: 2,
  shortRounds: 2,
  hotPasses: 3,
  coldChecks: 300,
  requests: 400,
  runUp: 100,
  warmChecks: 500,
  warmRequests: 500,
  peerWarmRequests: 100,
  flood: 1_000,
  distinct: 20_000,
  imports: 2,
  liveTokens: 5_000,
  growthRounds: 2,
  growthRequests: 500,
};

/** The tokens of the pool by use: those that only warm up are never measured cold. */
export const hotTokens = 1_000;
export const warmFrom = 1_000;
export const coldFrom = 21_000;
