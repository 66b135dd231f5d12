import { sign } from "node:crypto";
import type { SigningKey } from "../state/keys.ts";

/** A self-signed X.509 certificate (RFC 5280 §4.1) in DER: what a forger puts behind `x5c` and `x5u`. */
export function createCertificate({ privateKey, publicKey }: SigningKey): Buffer {
  const name = sequence(set(sequence(oid("550403"), der(0x0c, Buffer.from("forger")))));
  const algorithm = sequence(oid("2a864886f70d01010b"), der(0x05, Buffer.alloc(0)));
  const version = der(0xa0, integer(2));
  const validity = sequence(utcTime("200101000000Z"), utcTime("491231235959Z"));
  const subjectKey = publicKey.export({ type: "spki", format: "der" });
  const body = sequence(version, integer(1), algorithm, name, validity, name, subjectKey);
  return sequence(body, algorithm, bitString(sign("sha256", body, privateKey)));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = Buffer.from(length.toString(16).padStart(length < 0x100 ? 2 : 4, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const set = (part: Buffer): Buffer => der(0x31, part);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));
const bitString = (bits: Buffer): Buffer => der(0x03, Buffer.concat([Buffer.from([0]), bits]));
