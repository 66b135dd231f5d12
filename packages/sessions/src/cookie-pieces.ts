import { createHash } from "node:crypto";

/** One of the cookies that a value was cut into. All pieces of one value have its digest. */
export interface Piece {
  readonly count: number;
  readonly index: number;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** Digest, count and index stand in front of the bytes. They get sealed with them, so nobody can mix pieces. */
export const pieceOverhead = 18;
const digestLength = 16;

/** Cuts a value into pieces of about the same length. */
export function cut(value: Uint8Array, count: number): readonly Uint8Array[] {
  const digest = digestOf(value);
  const length = Math.ceil(value.length / count);
  return Array.from({ length: count }, (_, index) => {
    return Buffer.concat([digest, Uint8Array.of(count, index), value.subarray(index * length, (index + 1) * length)]);
  });
}

export function parsePiece(bytes: Uint8Array): Piece | undefined {
  const [count, index] = bytes.subarray(digestLength, pieceOverhead);
  if (count === undefined || index === undefined) return undefined;
  const digest = Buffer.from(bytes.subarray(0, digestLength)).toString("base64url");
  return { count, index, digest, bytes: bytes.subarray(pieceOverhead) };
}

/** The values of which all pieces are there, each once. */
export function join(pieces: readonly Piece[]): readonly Pick<Piece, "digest" | "bytes">[] {
  return [...Map.groupBy(pieces, ({ digest }) => digest)].flatMap(([digest, group]) => {
    const ordered = new Map(group.map((piece) => [piece.index, piece.bytes]));
    const count = group[0]?.count ?? 0;
    const parts = Array.from({ length: count }, (_, index) => ordered.get(index));
    if (!parts.every((part) => part !== undefined)) return [];
    const bytes = Buffer.concat(parts);
    return digestOf(bytes).toString("base64url") === digest ? [{ digest, bytes }] : [];
  });
}

function digestOf(value: Uint8Array): Buffer {
  return createHash("sha256").update(value).digest().subarray(0, digestLength);
}
