import { parseJwkSet } from "../protocol/jwk-set.ts";
import type { VerificationKey } from "../protocol/verification-key.ts";
import type { SignatureAlgorithm } from "../words/options.ts";
import type { WarningEvent } from "../words/warning.ts";
import { createBackoff } from "./backoff.ts";
import { HttpError } from "./http.ts";
import type { HttpClient } from "./http.ts";

/** The set could not be fetched, and the keys at hand are none or too old to judge by. */
export class KeySetUnavailableError extends Error {
  override readonly name = "KeySetUnavailableError";
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, cause: unknown) {
    super("the key set is out of reach", { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

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

/** The keys of one environment. */
export interface KeySet {
  /**
   * The key with this id; `undefined` if the environment has none. Synchronous if the answer is at hand.
   *
   * @throws KeySetUnavailableError (or rejects with it) if it could not be found out
   */
  find(keyId: string): VerificationKey | undefined | Promise<VerificationKey | undefined>;
  /** The key with this id among those at hand; asks nobody. */
  peek(keyId: string): VerificationKey | undefined;
  /** Fetches the set if it is missing or due. @throws KeySetUnavailableError */
  load(): Promise<void>;
  status(): KeySetStatus;
}

interface KeySetParts {
  readonly url: string;
  readonly environment: string;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly http: HttpClient;
  readonly warn: (event: WarningEvent) => void;
  /** Monotonic milliseconds: a step of the wall clock must neither empty nor extend anything. */
  readonly monotonic: () => number;
  readonly random: () => number;
}

const limits = { connectTimeoutMs: 1_000, totalTimeoutMs: 2_000, maxBodyBytes: 256 * 1_024 };
const ttlMs = 600_000;
// Asked for ahead of its end, so that no request waits for a refresh.
const refreshAfterMs = ttlMs * 0.8;
const maxStaleMs = 3_600_000;
const unknownKeyPauseMs = 5_000;

/**
 * Keeps the key set of one environment (RFC 7517 §5): fetched at first use, renewed in the background, one request at a
 * time however many wait. The last good keys serve for up to an hour while the endpoint is down. An unknown kid asks
 * again, at most every 5 seconds.
 */
export function createKeySet({ url, environment, algorithms, http, warn, monotonic, random }: KeySetParts): KeySet {
  let keys: ReadonlyMap<string, VerificationKey> = new Map();
  let fetchedAt = -Infinity;
  let unknownAskedAt = -Infinity;
  let inFlight: Promise<void> | undefined;
  let fetches = 0;
  let failures = 0;
  let lastError: unknown;
  const backoff = createBackoff(monotonic, random);

  function isServing(): boolean {
    return monotonic() - fetchedAt < ttlMs + maxStaleMs;
  }

  function find(keyId: string): VerificationKey | undefined | Promise<VerificationKey | undefined> {
    if (!isServing()) return findAfterFetch(keyId);
    const key = keys.get(keyId);
    if (key === undefined) return findUnknown(keyId);
    if (monotonic() - fetchedAt > refreshAfterMs && inFlight === undefined && backoff.waitMs() === 0) {
      // Nobody waits for it; a failure is warned of and seen in status().
      refresh().catch(() => undefined);
    }
    return key;
  }

  /** Stale keys are judged by, but "no such key" is said only on the word of an answer that is at most 5 seconds old. */
  async function findUnknown(keyId: string): Promise<VerificationKey | undefined> {
    if (inFlight === undefined && monotonic() - unknownAskedAt < unknownKeyPauseMs) {
      if (lastError !== undefined) throw unavailable();
      return undefined;
    }
    if (inFlight === undefined) unknownAskedAt = monotonic();
    await fetchNow();
    return keys.get(keyId);
  }

  async function findAfterFetch(keyId: string): Promise<VerificationKey | undefined> {
    await fetchNow();
    return keys.get(keyId);
  }

  /** Waits for an answer; asks only if nobody does yet and no failure just told us to wait. */
  async function fetchNow(): Promise<void> {
    if (inFlight === undefined && backoff.waitMs() > 0) throw unavailable();
    try {
      await refresh();
    } catch {
      throw unavailable();
    }
  }

  function refresh(): Promise<void> {
    inFlight ??= fetchSet().finally(() => {
      inFlight = undefined;
    });
    return inFlight;
  }

  async function fetchSet(): Promise<void> {
    fetches += 1;
    try {
      const { status, body } = await http.send({ method: "GET", url, limits });
      if (status !== 200) throw new HttpError(`GET ${url} was answered with status ${String(status)} instead of 200`);
      const parsed = await parseJwkSet(body, algorithms);
      keys = parsed.keys;
      fetchedAt = monotonic();
      lastError = undefined;
      backoff.succeeded();
      // In one warning: of several, all but the first would be held back for the same minute, each time anew.
      const message = parsed.alarms.map((alarm) => `In the key set of environment ${environment}, ${alarm}.`).join(" ");
      if (message !== "") warn({ code: "key_dropped", environment, message });
    } catch (error) {
      failures += 1;
      lastError = error;
      backoff.failed();
      warn({ code: "key_set_unavailable", environment, message: unavailableMessage(error), cause: error });
      throw error;
    }
  }

  function unavailable(): KeySetUnavailableError {
    return new KeySetUnavailableError(backoff.waitMs() / 1_000, lastError);
  }

  function unavailableMessage(error: unknown): string {
    const consequence = isServing()
      ? "tokens are judged by the last good keys for up to an hour"
      : "requests that present a token are answered 503 until it is back";
    return `The key set of environment ${environment} could not be fetched (${messageOf(error)}); ${consequence}. Check the network and the endpoint.`;
  }

  return {
    find,
    peek: (keyId) => (isServing() ? keys.get(keyId) : undefined),
    async load() {
      if (monotonic() - fetchedAt > refreshAfterMs) await fetchNow();
    },
    status: () => ({
      url,
      keyIds: [...keys.keys()],
      ageSeconds: fetchedAt === -Infinity ? undefined : Math.floor((monotonic() - fetchedAt) / 1_000),
      fetches,
      failures,
      lastError: lastError === undefined ? undefined : messageOf(lastError),
    }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown error";
}
