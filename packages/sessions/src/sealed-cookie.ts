import type { AuthRequest } from "@cloudbase-auth/core";
import { parseCookies } from "@cloudbase-auth/core/adapter";
import type { RequestCookies } from "@cloudbase-auth/core/adapter";
import { cut, join, parsePiece, pieceOverhead } from "./cookie-pieces.ts";
import type { CookieWriter } from "./cookie-writer.ts";
import type { Sealer } from "./sealer.ts";
import { SessionTooLargeError } from "./session-too-large.ts";

/** What a request's cookies of one name hold. */
export type ReadCookie =
  /** Nothing that we sealed. */
  | { readonly kind: "none" }
  /** Nothing whole. */
  | { readonly kind: "broken" }
  | { readonly kind: "one"; readonly bytes: Uint8Array; readonly isOld: boolean }
  /** Two that are both good and not the same, or more. */
  | { readonly kind: "several"; readonly all: readonly Uint8Array[] };

/** A value that is sealed and kept in one cookie, or in two if it is long. */
export interface SealedCookie {
  /** Whether the request has such a cookie, good or not. */
  readonly isPresent: (request: AuthRequest) => boolean;
  readonly read: (request: AuthRequest) => Promise<ReadCookie>;
  /** `request`: whose surplus cookies are taken away; without one, those that there may be. @throws SessionTooLargeError */
  readonly write: (
    request: AuthRequest | undefined,
    value: Uint8Array,
    maxAgeSeconds: number,
  ) => Promise<readonly string[]>;
  readonly expire: (request: AuthRequest | undefined) => readonly string[];
}

/** As many as the most bytes need. */
const mostPieces = 2;
/** Name, value and attributes (RFC 6265 §6.1). */
const longestCookie = 4_096;
/** Of what comes back with each request: nginx takes 8 KiB a header line. */
const mostBytes = 7_168;
const mostValues = 4;
/** Of names that somebody else made up; as many as would not make an answer too long. */
const mostSurplus = 20;

export function createSealedCookie(name: string, sealer: Sealer, writer: CookieWriter): SealedCookie {
  const nameOf = (index: number): string => (index === 0 ? name : `${name}.${String(index)}`);
  const names = Array.from({ length: mostPieces }, (_, index) => nameOf(index));
  const attributesLength = writer.set(name, "", 99_999_999_999).length - name.length;

  async function openPieces(cookies: RequestCookies) {
    const opening = names.flatMap((known, index) => {
      const values = new Set(cookies.get(known)?.slice(0, mostValues));
      return [...values].map(async (value) => ({ index, unsealed: await sealer.open(value) }));
    });
    return (await Promise.all(opening)).flatMap(({ index, unsealed }) => {
      const piece = unsealed && parsePiece(unsealed.bytes);
      return piece?.index === index ? [{ ...piece, isOld: unsealed?.isOld === true }] : [];
    });
  }

  /** Which cookies of ours there are, or may be, from `first` on. */
  function surplus(request: AuthRequest | undefined, first: number): readonly string[] {
    if (request === undefined) return names.slice(first);
    const present = [...parseCookies(request).keys()].filter((known) => {
      if (known === name) return first === 0;
      const index = known.startsWith(`${name}.`) ? known.slice(name.length + 1) : "";
      return /^[1-9]\d{0,3}$/.test(index) && Number(index) >= first;
    });
    return present.slice(0, mostSurplus);
  }

  const lengthOf = (pieces: readonly Uint8Array[]): number => {
    const lengths = pieces.map((piece, index) => `${nameOf(index)}=; `.length + sealer.lengthOf(piece.length));
    return lengths.reduce((sum, length) => sum + length, 0);
  };

  return {
    isPresent(request) {
      const { cookie } = request.headers;
      // Most requests without a session end here.
      if (cookie === undefined || (typeof cookie === "string" && !cookie.includes(name))) return false;
      const cookies = parseCookies(request);
      return names.some((known) => cookies.has(known));
    },
    async read(request) {
      const pieces = await openPieces(parseCookies(request));
      const joined = join(pieces);
      const [value, second] = joined;
      if (value === undefined) return { kind: pieces.length === 0 ? "none" : "broken" };
      if (second !== undefined) return { kind: "several", all: joined.map(({ bytes }) => bytes) };
      const isOld = pieces.some((piece) => piece.isOld && piece.digest === value.digest);
      return { kind: "one", bytes: value.bytes, isOld };
    },
    async write(request, value, maxAgeSeconds) {
      const room = longestCookie - attributesLength - nameOf(mostPieces).length;
      const count = [1, mostPieces].find((pieces) => {
        return sealer.lengthOf(pieceOverhead + Math.ceil(value.length / pieces)) <= room;
      });
      const pieces = cut(value, count ?? mostPieces);
      const total = lengthOf(pieces);
      if (count === undefined || total > mostBytes) throw new SessionTooLargeError(total, mostBytes);
      const sealed = await Promise.all(pieces.map((piece) => sealer.seal(piece)));
      return [
        ...sealed.map((text, index) => writer.set(nameOf(index), text, maxAgeSeconds)),
        ...surplus(request, count).map((known) => writer.expire(known)),
      ];
    },
    expire: (request) => surplus(request, 0).map((known) => writer.expire(known)),
  };
}
