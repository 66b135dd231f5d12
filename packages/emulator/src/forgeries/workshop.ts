import { createHmac, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { SigningKey } from "../state/keys.ts";

/** What a forger has at hand: what is public, a key of its own, and (to show one wrong member alone) the real key. */
export interface Workshop {
  /** The header of a genuine token: `{ alg, kid }`. */
  readonly header: Members;
  /** The claims of a genuine token. */
  readonly claims: Members;
  /** Epoch seconds. */
  readonly now: number;
  /** The environment's key that signs now. */
  readonly genuine: SigningKey;
  /** A key that nobody published. */
  readonly attacker: SigningKey;
  /** The attacker's key as an X.509 certificate, DER. */
  readonly certificate: Buffer;
  /** Where the attacker's key set can really be fetched; every request to it shows in the log. */
  readonly keySetUrl: string;
  /** Where the attacker's certificate can really be fetched. */
  readonly certificateUrl: string;
}

export type Members = Readonly<Record<string, unknown>>;

export interface Forgery {
  /** Why it must be refused. */
  readonly why: string;
  readonly make: (workshop: Workshop) => string;
}

export type Forgeries = Readonly<Record<string, Forgery>>;

/** Signs the signing input (RFC 7515 §5.1). */
export type Signer = (input: string) => Buffer;

/** A JOSE header or claims set: as an object, or as the exact bytes. */
export type Part = Members | string | Buffer;

export const base64url = (part: Part): string => bytesOf(part).toString("base64url");

/** A compact JWS (RFC 7515 §7.1). */
export function compact(header: Part, payload: Part, signer: Signer): string {
  return overText(`${base64url(header)}.${base64url(payload)}`, signer);
}

/** The same over two segments that are encoded already, rightly or not. */
export function overText(input: string, signer: Signer): string {
  return `${input}.${signer(input).toString("base64url")}`;
}

export const rs256 =
  ({ privateKey }: { readonly privateKey: KeyObject }): Signer =>
  (input) =>
    sign("sha256", Buffer.from(input), privateKey);

export const hs256 =
  (key: string | Buffer): Signer =>
  (input) =>
    createHmac("sha256", key).update(input).digest();

/** Really signed, but for members of header and claims that are laid over; `undefined` removes one. */
export function genuinelySigned(workshop: Workshop, header: Members, claims: Members = {}): string {
  const { genuine } = workshop;
  return compact({ ...workshop.header, ...header }, { ...workshop.claims, ...claims }, rs256(genuine));
}

/** A JSON object with a member in front whose text is given: what JSON.stringify would never write. */
export function withRawMember(members: Members, name: string, text: string): string {
  const others = JSON.stringify({ ...members, [name]: undefined }).slice(1);
  return `{${JSON.stringify(name)}:${text}${others === "}" ? "" : ","}${others}`;
}

function bytesOf(part: Part): Buffer {
  if (Buffer.isBuffer(part)) return part;
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part));
}
