// In every key, so that a version with another format finds its own keys and leaves these alone.
const format = 1;

/** Names of keys. What stands in braces is all that decides on the slot in a Cluster. */
export interface Keys {
  /** Of one thing, by its digest. */
  of(purpose: string, digest: string): string;
  /** What the keys of a purpose begin with. */
  stem(purpose: string): string;
}

export function createKeys(prefix: string): Keys {
  const stem = (purpose: string): string => `${prefix}:${String(format)}:${purpose}`;
  return { stem, of: (purpose, digest) => `${stem(purpose)}:{${digest}}` };
}
