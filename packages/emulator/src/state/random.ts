import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** Where everything unguessable comes from. */
export interface Random {
  uuid(): string;
  /** `length` decimal digits. */
  digits(length: number): string;
  /** `length` of these characters. */
  pick(characters: string, length: number): string;
  /** `byteLength` random bytes as base64url. */
  base64url(byteLength: number): string;
}

export function createRandom(): Random {
  return {
    uuid: () => randomUUID(),
    digits: (length) => Array.from({ length }, () => randomInt(10)).join(""),
    pick: (characters, length) =>
      Array.from({ length }, () => characters.charAt(randomInt(characters.length))).join(""),
    base64url: (byteLength) => randomBytes(byteLength).toString("base64url"),
  };
}
