import { createHash } from "node:crypto";
import type { IntrospectionCache } from "../words/verification.ts";
import { startTimeout } from "./timeout.ts";

/** `askedAt` in monotonic milliseconds of this process. */
interface Word {
  readonly active: boolean;
  readonly askedAt: number;
}

/** The server's words as other processes left them. Neither call ever fails, or takes longer than the cache is given. */
export interface SharedWords {
  load(token: string): Promise<Word | undefined>;
  save(token: string, word: Word, ttlMs: number): void;
}

interface SharedWordsParts {
  readonly environment: string;
  readonly cache: IntrospectionCache;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

const patienceMs = 250;
// A cache that failed is left alone for so long: the server is asked at once, as if there were none.
const restMs = 1_000;
// Between two clocks; a word from further ahead would count for longer than it should.
const toleranceMs = 1_000;

/** Reads words from a cache, and takes none for younger than it may be. */
export function createSharedWords({ environment, cache, now, monotonic }: SharedWordsParts): SharedWords {
  let restsUntil = -Infinity;

  const keyOf = (token: string): string =>
    createHash("sha256")
      .update(JSON.stringify([environment, token]))
      .digest("base64url");

  async function attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (monotonic() < restsUntil) return undefined;
    try {
      return await within(patienceMs, call);
    } catch {
      restsUntil = monotonic() + restMs;
      return undefined;
    }
  }

  return {
    async load(token) {
      const word: unknown = await attempt(() => cache.load(keyOf(token)));
      const { active, askedAt } = readWord(word) ?? {};
      if (active === undefined || askedAt === undefined) return undefined;
      const ageMs = now() - askedAt;
      return ageMs >= -toleranceMs ? { active, askedAt: monotonic() - Math.max(0, ageMs) } : undefined;
    },
    save(token, { active, askedAt }, ttlMs) {
      const word = { active, askedAt: now() - (monotonic() - askedAt) };
      void attempt(() => cache.save(keyOf(token), word, ttlMs));
    },
  };
}

function readWord(word: unknown): { readonly active: boolean; readonly askedAt: number } | undefined {
  if (typeof word !== "object" || word === null || !("active" in word) || !("askedAt" in word)) return undefined;
  const { active, askedAt } = word;
  if (typeof active !== "boolean" || typeof askedAt !== "number" || !Number.isFinite(askedAt)) return undefined;
  return { active, askedAt };
}

async function within<T>(totalMs: number, call: () => Promise<T>): Promise<T> {
  const { signal, stop } = startTimeout(totalMs);
  const timeout = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("the cache did not answer in time")));
  });
  try {
    return await Promise.race([call(), timeout]);
  } finally {
    stop();
  }
}
