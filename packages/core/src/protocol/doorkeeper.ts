import { fingerprintOf } from "./fingerprint.ts";

/** Tells tokens that come back from those that are seen once. */
export interface Doorkeeper {
  /** Whether the token was here before, as far as is remembered; from now on it was. */
  wasHere(token: string): boolean;
}

const groups = 1 << 14;
const places = 4;

/**
 * Remembers four bytes of each of the last tokens, in a table of fixed size: a flood of one-time tokens neither grows it
 * nor gets past it. A mistake costs a place in the cache and decides nothing.
 *
 * A fingerprint belongs to a group of four places, of which the newest takes the oldest's: with one place each, two that
 * take turns would drive each other out for ever.
 */
export function createDoorkeeper(): Doorkeeper {
  let seen: Int32Array | undefined;
  return {
    wasHere(token) {
      seen ??= new Int32Array(groups * places);
      // Never 0, which is an empty place.
      const fingerprint = fingerprintOf(token) || 1;
      const first = (fingerprint & (groups - 1)) * places;
      for (let place = first; place < first + places; place += 1) if (seen[place] === fingerprint) return true;
      for (let place = first + places - 1; place > first; place -= 1) seen[place] = seen[place - 1] ?? 0;
      seen[first] = fingerprint;
      return false;
    },
  };
}
