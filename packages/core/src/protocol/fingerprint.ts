const sampledCharacters = 10;

/**
 * A small integer for a text that ends in a signature: FNV-1a over its last ten letters, of which 60 bits cannot be told
 * beforehand. Two texts may well share one.
 */
export function fingerprintOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = text.length - sampledCharacters; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // 31 bits: the engine keeps such an integer without an object of its own.
  return hash >> 1;
}
