const polynomial = 0x1021;
const slotCount = 16_384;

/** The slot of a key in a Cluster: CRC-16 (XMODEM) of what stands in its first braces, or of all of it. */
export function slotOf(key: string): number {
  const open = key.indexOf("{");
  const end = open === -1 ? -1 : key.indexOf("}", open + 1);
  const tag = end > open + 1 ? key.slice(open + 1, end) : key;
  let crc = 0;
  for (const byte of new TextEncoder().encode(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ polynomial : crc << 1) & 0xffff;
  }
  return crc % slotCount;
}
