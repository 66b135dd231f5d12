/** What `status()` tells of a key set; safe to log. */
export interface KeySetStatus {
  readonly url: string;
  /** The ids of the keys that tokens are checked with; empty before the first fetch. */
  readonly keyIds: readonly string[];
  /** Seconds since the last good answer; `undefined` before it. */
  readonly ageSeconds: number | undefined;
  readonly fetches: number;
  readonly failures: number;
  /** One sentence on the last failure since the last good answer. */
  readonly lastError: string | undefined;
}

/** What `status()` tells of the verified tokens that are kept. */
export interface TokenCacheStatus {
  readonly tokens: number;
  /** An estimate. */
  readonly bytes: number;
  readonly hits: number;
  /** Signature checks that found the token good. */
  readonly misses: number;
}

/** What `status()` tells of revocations. */
export interface RevocationStatus {
  /** How many are in force here. */
  readonly entries: number;
  readonly store: "none" | "up" | "down";
  /** One sentence on why the store is down. */
  readonly lastError: string | undefined;
  /** How many the store or the server has yet to be told. */
  readonly queued: number;
}

/** What `status()` tells; safe to log and to show to operators. */
export interface CloudbaseAuthStatus {
  readonly environments: readonly {
    readonly envId: string;
    readonly keySet: KeySetStatus;
    readonly tokens: TokenCacheStatus;
  }[];
  readonly revocations: RevocationStatus;
}
