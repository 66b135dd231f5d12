import type { VerifiedTokens } from "./verified-tokens.ts";

// A byte for each: twice as many as the tokens that eight environments keep by default.
const places = 1 << 18;
const maxEnvironments = 256;

/**
 * Finds a token among those that were verified before, in whatever environment that was: what it says of its issuer
 * would have to be decoded first.
 *
 * It looks first where the last token of the same fingerprint was, so that a known one costs the same among eight
 * environments as in one; a wrong guess costs a look and decides nothing.
 */
export function createRecall(memories: readonly VerifiedTokens[]): VerifiedTokens["recall"] {
  const [only, second] = memories;
  if (only !== undefined && second === undefined) return only.recall;
  let guesses: Uint8Array | undefined;

  return function recall(credentials, fingerprint) {
    guesses ??= new Uint8Array(places);
    const place = fingerprint & (places - 1);
    const guess = guesses[place] ?? 0;
    const known = memories[guess]?.recall(credentials, fingerprint);
    if (known !== undefined) return known;
    for (let index = 0; index < memories.length; index += 1) {
      if (index === guess) continue;
      const found = memories[index]?.recall(credentials, fingerprint);
      if (found === undefined) continue;
      if (index < maxEnvironments) guesses[place] = index;
      return found;
    }
    return undefined;
  };
}
