/** Tells tokens that come back from those that are seen once. */
export interface Doorkeeper {
  /** Whether the token was here before, as far as is remembered; from now on it was. */
  wasHere(token: string): boolean;
}

const slots = 1 << 16;
const sampledCharacters = 16;

/**
 * Remembers four bytes of each of the last tokens, in a table of fixed size: a flood of one-time tokens neither grows it
 * nor gets past it. A mistake costs a place in the cache and decides nothing.
 */
export function createDoorkeeper(): Doorkeeper {
  let seen: Uint32Array | undefined;
  return {
    wasHere(token) {
      seen ??= new Uint32Array(slots);
      // FNV-1a over the end of the signature; never 0, which is an empty slot.
      let hash = 0x811c9dc5;
      for (let index = token.length - sampledCharacters; index < token.length; index += 1) {
        hash = Math.imul(hash ^ token.charCodeAt(index), 0x01000193);
      }
      const mark = (hash | 1) >>> 0;
      const slot = (hash >>> 8) & (slots - 1);
      if (seen[slot] === mark) return true;
      seen[slot] = mark;
      return false;
    },
  };
}
