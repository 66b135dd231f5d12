import { createTokenMemory } from "../protocol/token-memory.ts";
import type { Remembered } from "../protocol/token-memory.ts";
import type { AuthResult } from "../words/auth.ts";

interface Refused extends Remembered {
  readonly result: AuthResult;
  readonly until: number;
  readonly stillHolds: (() => boolean) | undefined;
}

/** Tokens that were refused for good, so that a client that does not give up costs little. */
export interface RefusedTokens {
  recall(credentials: string, fingerprint: number): AuthResult | undefined;
  /** `stillHolds` says whether what the refusal rests on has not changed. */
  remember(credentials: string, result: AuthResult, stillHolds?: () => boolean): void;
}

const rememberedMs = 10_000;
const limits = { maxTokens: 2_000, maxBytes: 8 * 1_048_576 };

/** Never for a verdict that another fetch or a moment's wait could change; `monotonic` is in milliseconds. */
export function createRefusedTokens(monotonic: () => number): RefusedTokens {
  const memory = createTokenMemory<Refused>(limits);
  return {
    recall(credentials, fingerprint) {
      const entry = memory.get(credentials, fingerprint);
      if (entry === undefined || monotonic() >= entry.until || entry.stillHolds?.() === false) return undefined;
      return entry.result;
    },
    remember(credentials, result, stillHolds) {
      memory.set({ credentials, result, until: monotonic() + rememberedMs, stillHolds });
    },
  };
}
