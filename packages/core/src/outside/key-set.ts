import type { ParsedJwkSet } from "../protocol/jwk-set.ts";
import { sameKey } from "../protocol/verification-key.ts";
import type { VerificationKey } from "../protocol/verification-key.ts";
import type { KeySetTimes, SignatureAlgorithm } from "../words/options.ts";
import type { KeySetStatus } from "../words/status.ts";
import { UnavailableError } from "../words/unavailable.ts";
import type { WarningEvent } from "../words/warning.ts";
import { createBackoff } from "./backoff.ts";
import { tell } from "./diagnostics.ts";
import type { HttpClient } from "./http.ts";
import { fetchKeySet } from "./key-set-source.ts";

/** The keys of one environment. */
export interface KeySet {
  /** The key with this id if it may be judged by right now. Asks nobody that a caller would have to wait for. */
  current(keyId: string): VerificationKey | undefined;
  /**
   * The key with this id, fetched if need be; `undefined` if the environment has none.
   *
   * Rejects with UnavailableError if it could not be found out.
   */
  find(keyId: string): Promise<VerificationKey | undefined>;
  /** Whether there is a key with this id among those at hand, however old. */
  knows(keyId: string): boolean;
  /** Whether an answer of the last 5 seconds, says that there is no such key. Asks nobody. */
  lacks(keyId: string): boolean;
  /** Fetches the set if it is missing or due. @throws UnavailableError */
  load(): Promise<void>;
  /** Takes over a set that another process fetched `ageMs` ago, unless the one at hand is younger. */
  adopt(set: ParsedJwkSet, ageMs: number): void;
  /** The keys at hand and their age; `undefined` if there are none. */
  snapshot(): { readonly keys: readonly VerificationKey[]; readonly ageMs: number } | undefined;
  status(): KeySetStatus;
}

interface KeySetParts extends KeySetTimes {
  readonly url: string;
  readonly environment: string;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly http: HttpClient;
  readonly warn: (event: WarningEvent) => void;
  /** Monotonic milliseconds: a step of the wall clock must neither empty nor extend anything. */
  readonly monotonic: () => number;
  readonly random: () => number;
}

// With the fetch itself, a key that is published during a flood of unknown ones works within 5 seconds.
const unknownKeyPauseMs = 4_500;
// While nobody can be let in, somebody has to look whether the endpoint is back.
const longestColdWaitMs = 5_000;

/**
 * Keeps the key set of one environment (RFC 7517 §5): fetched at first use, renewed in the background at 80 % of its
 * time, one request at a time however many wait. The last good keys serve for up to `maxStaleSeconds` more while the
 * endpoint is down. An unknown kid asks again, at most every 4.5 seconds.
 */
export function createKeySet(parts: KeySetParts): KeySet {
  const { url, environment, algorithms, http, warn, monotonic, random } = parts;
  let keys: ReadonlyMap<string, VerificationKey> = new Map();
  let ttlMs = parts.ttlSeconds * 1_000;
  let fetchedAt = -Infinity;
  let unknownAskedAt = -Infinity;
  let answeredSince = false;
  let inFlight: Promise<void> | undefined;
  let fetches = 0;
  let failures = 0;
  let lastError: unknown;
  const backoff = createBackoff(monotonic, random);

  const ageMs = (): number => monotonic() - fetchedAt;
  const isDue = (): boolean => ageMs() > ttlMs * 0.8;
  const isServing = (): boolean => ageMs() < ttlMs + parts.maxStaleSeconds * 1_000;
  /** Past its time, and not because the endpoint is down: nobody asked. Whoever comes first waits for the answer. */
  const isForgotten = (): boolean => ageMs() >= ttlMs && lastError === undefined;

  function current(keyId: string): VerificationKey | undefined {
    if (isDue()) {
      if (!isServing() || isForgotten()) return undefined;
      // Nobody waits for it; a failure is warned of and seen in status().
      if (inFlight === undefined && backoff.waitMs() === 0) refresh().catch(() => undefined);
    }
    return keys.get(keyId);
  }

  async function find(keyId: string): Promise<VerificationKey | undefined> {
    const key = current(keyId);
    if (key !== undefined) return key;
    if (isServing() && !isForgotten()) return findUnknown(keyId);
    try {
      await fetchNow();
    } catch (error) {
      const stale = isServing() ? keys.get(keyId) : undefined;
      if (stale === undefined) throw error;
      return stale;
    }
    return keys.get(keyId);
  }

  /** Stale keys are judged by, but "no such key" is said only on the word of an answer that is at most 5 seconds old. */
  async function findUnknown(keyId: string): Promise<VerificationKey | undefined> {
    if (lacks(keyId)) return undefined;
    if (inFlight === undefined && backoff.waitMs() === 0) {
      unknownAskedAt = monotonic();
      answeredSince = false;
    }
    await fetchNow();
    return keys.get(keyId);
  }

  function lacks(keyId: string): boolean {
    if (inFlight !== undefined || !answeredSince || keys.has(keyId)) return false;
    return monotonic() - unknownAskedAt < unknownKeyPauseMs && isServing() && !isForgotten();
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
    const askedAt = monotonic();
    fetches += 1;
    try {
      const { maxAgeSeconds = Infinity, ...set } = await fetchKeySet({ url, environment }, algorithms, http);
      // Shortened at random, so that processes that started together do not ask together for ever.
      ttlMs = Math.min(parts.ttlSeconds, maxAgeSeconds) * 1_000 * (1 - random() / 10);
      take(set, monotonic());
      // In one warning: of several, all but the first would be held back for the same minute, each time anew.
      const message = set.alarms.map((alarm) => `In the key set of environment ${environment}, ${alarm}.`).join(" ");
      tellOf("fetched", askedAt);
      if (message !== "") warn({ code: "key_dropped", environment, message });
    } catch (error) {
      failures += 1;
      lastError = error;
      backoff.failed(isServing() ? undefined : longestColdWaitMs);
      tellOf("failed", askedAt);
      warn({ code: "key_set_unavailable", environment, message: unavailableMessage(error), cause: error });
      throw error;
    }
  }

  function tellOf(outcome: "fetched" | "failed", askedAt: number): void {
    tell("cloudbase-auth:key_set_fetch", () => {
      return {
        environment,
        outcome,
        durationMs: monotonic() - askedAt,
        keyIds: [...keys.keys()],
        error: lastMessage(),
      };
    });
  }

  const lastMessage = (): string | undefined => (lastError === undefined ? undefined : messageOf(lastError));

  /** A key that is published again stays the same object: what was verified with it need not be verified anew. */
  function take(set: ParsedJwkSet, at: number): void {
    const known = keys;
    keys = new Map([...set.keys].map(([id, key]) => [id, sameKey(known.get(id), key) ?? key]));
    fetchedAt = at;
    answeredSince = true;
    lastError = undefined;
    backoff.succeeded();
  }

  function unavailable(): UnavailableError {
    return new UnavailableError("key_set", backoff.waitMs() / 1_000, lastError);
  }

  function unavailableMessage(error: unknown): string {
    const consequence = isServing()
      ? `tokens are judged by the last good keys for up to ${String(parts.maxStaleSeconds)} seconds past their time`
      : "requests that present a token are answered 503 until it is back";
    return `The key set of environment ${environment} could not be fetched (${messageOf(error)}); ${consequence}. Check the network and the endpoint.`;
  }

  return {
    current,
    find,
    lacks,
    knows: (keyId) => isServing() && keys.has(keyId),
    async load() {
      if (isDue()) await fetchNow();
    },
    adopt(set, age) {
      if (age < ageMs()) take(set, monotonic() - age);
    },
    snapshot: () => (fetchedAt === -Infinity ? undefined : { keys: [...keys.values()], ageMs: ageMs() }),
    status: () => ({
      url,
      keyIds: [...keys.keys()],
      ageSeconds: fetchedAt === -Infinity ? undefined : Math.floor(ageMs() / 1_000),
      fetches,
      failures,
      lastError: lastMessage(),
    }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown error";
}
