import { CompactEncrypt, compactDecrypt } from "jose";
import { deriveKeys } from "./key-ring.ts";
import type { Purpose } from "./key-ring.ts";

/** What was sealed, and whether that was under a key that is no longer the newest. */
export interface Unsealed {
  readonly bytes: Uint8Array;
  readonly isOld: boolean;
}

/** Seals and opens for one purpose. */
export interface Sealer {
  /** A compact JWE (RFC 7516 §7.1), `dir` with A256GCM, under the newest key. */
  readonly seal: (bytes: Uint8Array) => Promise<string>;
  /** `undefined` for everything that was not sealed for this purpose under a key of the ring; it never rejects. */
  readonly open: (sealed: string) => Promise<Unsealed | undefined>;
  /** How long the seal of so many bytes is. */
  readonly lengthOf: (bytes: number) => number;
}

const parts = /^([\w-]+)\.\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/;

export function createSealer(secrets: readonly string[], purpose: Purpose): Sealer {
  const keys = deriveKeys(secrets, purpose);
  const [newest] = keys;
  if (newest === undefined) throw new TypeError("there is no key to seal with");
  // By the header as it is written: nothing of a sealed value is decoded before its key is known, and no other way of
  // writing the same header is taken.
  const byHeader = new Map(keys.map((key) => [key.writtenHeader, key]));

  return {
    seal: (bytes) => new CompactEncrypt(bytes).setProtectedHeader(newest.header).encrypt(newest.bytes),
    async open(sealed) {
      const [, header, ...encoded] = parts.exec(sealed) ?? [];
      const key = header === undefined ? undefined : byHeader.get(header);
      if (key === undefined || !encoded.every(isCanonical)) return undefined;
      try {
        const { plaintext } = await compactDecrypt(sealed, key.bytes, {
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
        });
        return { bytes: plaintext, isOld: key !== newest };
      } catch {
        return undefined;
      }
    },
    lengthOf: (bytes) => newest.writtenHeader.length + Math.ceil((bytes * 4) / 3) + 42,
  };
}

/** The bits that the last character has to spare are part of no byte, so nothing else would see that they changed. */
function isCanonical(encoded: string): boolean {
  return Buffer.from(encoded, "base64url").toString("base64url") === encoded;
}
