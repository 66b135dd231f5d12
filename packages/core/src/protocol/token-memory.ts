/** What is remembered of one token. */
export interface Remembered {
  readonly token: string;
}

export interface TokenMemoryLimits {
  readonly maxTokens: number;
  readonly maxBytes: number;
}

/** A bounded memory of tokens; what was not asked for lately is forgotten first. */
export interface TokenMemory<Entry extends Remembered> {
  /** The entry of exactly this token. */
  get(token: string): Entry | undefined;
  set(entry: Entry): void;
  size(): { readonly tokens: number; readonly bytes: number };
}

// 43 letters of base64url are 258 bits. Of a token they are the end of its signature, which nobody can choose freely for
// two tokens that both verify; and the whole token is compared besides. Hashing all of a token costs more than that.
const tailLength = 43;
// A claims object, a user and a result take about five times the token's length, and a few objects more.
const bytesPerCharacter = 6;
const bytesPerEntry = 1_500;

/**
 * Two generations: entries are written to the young one; when that holds half of what is allowed it becomes the old one,
 * and what the old one still had is forgotten. Whatever is found in the old one moves over. So no entry is ever moved
 * just to keep an order, and a look costs one or two map look-ups.
 */
export function createTokenMemory<Entry extends Remembered>(limits: TokenMemoryLimits): TokenMemory<Entry> {
  const youngTokens = limits.maxTokens / 2;
  const youngBytes = limits.maxBytes / 2;
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  let bytes = 0;
  let oldBytes = 0;

  function set(entry: Entry): void {
    const tail = entry.token.slice(-tailLength);
    const cost = bytesOf(entry);
    const replaced = young.get(tail);
    if (replaced !== undefined) {
      bytes -= bytesOf(replaced);
      young.delete(tail);
    }
    if (young.size + 1 > youngTokens || bytes + cost > youngBytes) {
      if (cost > youngBytes || youngTokens < 1) return;
      old = young;
      oldBytes = bytes;
      young = new Map();
      bytes = 0;
    }
    young.set(tail, entry);
    bytes += cost;
  }

  return {
    get(token) {
      const tail = token.slice(-tailLength);
      const entry = young.get(tail);
      if (entry !== undefined) return entry.token === token ? entry : undefined;
      const older = old.get(tail);
      if (older === undefined || older.token !== token) return undefined;
      old.delete(tail);
      oldBytes -= bytesOf(older);
      set(older);
      return older;
    },
    set,
    size: () => ({ tokens: young.size + old.size, bytes: bytes + oldBytes }),
  };
}

function bytesOf({ token }: Remembered): number {
  return token.length * bytesPerCharacter + bytesPerEntry;
}
