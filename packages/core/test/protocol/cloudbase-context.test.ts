import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { fromCloudbaseContext } from "../../src/protocol/cloudbase-context.ts";
import type { AuthRequest } from "../../src/words/auth.ts";

const absent = { kind: "absent" };
const malformed = { kind: "refused", reason: "malformed_header" };
const repeated = { kind: "refused", reason: "repeated_header" };
const token = { kind: "token", credentials: "Bearer t" };
const source = fromCloudbaseContext();
const pack = (value: unknown): string =>
  gzipSync(typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString("base64");
const read = (header: unknown, rawHeaders?: readonly string[]): object =>
  source.read({ headers: { "x-cloudbase-context": header }, rawHeaders } as AuthRequest);

/** Packed so that it has exactly this many characters, by a comment in the head of gzip (RFC 1952 §2.3). */
function packedTo(characters: number): string {
  const plain = gzipSync('{"accessToken":"t"}');
  const comment = Buffer.alloc((characters * 3) / 4 - plain.length - 1, 0x78);
  const head = Buffer.from(plain.subarray(0, 10));
  head[3] = 0x10;
  return Buffer.concat([head, comment, Buffer.from([0]), plain.subarray(10)]).toString("base64");
}

it("says its name, does not read the body, and cannot be changed", () => {
  expect([source.name, source.readsBody, Object.isFrozen(source)]).toEqual(["cloudbase context", false, true]);
});

describe("the token in the context", () => {
  it.each<[string, unknown, object]>([
    ["no header", undefined, absent],
    ["a token", pack({ accessToken: "t", userId: "u" }), token],
    ["none", pack({ userId: "u" }), absent],
    ["an empty one", pack({ accessToken: "" }), absent],
    ["a number", pack({ accessToken: 7 }), malformed],
    ["null", pack({ accessToken: null }), malformed],
    ["a list", pack([{ accessToken: "t" }]), malformed],
    ["no JSON", pack("{"), malformed],
    ["no UTF-8", pack(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), malformed],
    ["a name twice", pack('{"accessToken":"t","accessToken":"t"}'), malformed],
    ["eight levels", pack(`{"accessToken":"t","a":${"[".repeat(7)}${"]".repeat(7)}}`), token],
    ["nine", pack(`{"accessToken":"t","a":${"[".repeat(8)}${"]".repeat(8)}}`), malformed],
    ["200 members", pack({ accessToken: "t", a: Array.from({ length: 198 }, () => 0) }), token],
    ["201", pack({ accessToken: "t", a: Array.from({ length: 199 }, () => 0) }), malformed],
    ["an empty header", "", malformed],
    ["no gzip", Buffer.from('{"accessToken":"t"}').toString("base64"), malformed],
    ["16 KiB unpacked", pack('{"accessToken":"t"}'.padEnd(16_384, " ")), token],
    ["a byte more", pack('{"accessToken":"t"}'.padEnd(16_385, " ")), malformed],
    ["16 KiB packed", packedTo(16_384), token],
    ["more", packedTo(16_388), malformed],
  ])("%s", (_title, header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it("RFC 4648 §3.5: base64 in its one spelling", () => {
    const found = new Set<number>();
    for (let length = 0; length < 12; length += 1) {
      const header = pack({ accessToken: "t", pad: "x".repeat(length) });
      const padding = header.length - header.replace(/=+$/, "").length;
      found.add(padding);
      expect(read(header)).toEqual(token);
      expect(read(` ${header}`)).toEqual(malformed);
      expect(read(`${header.slice(0, 8)} ${header.slice(9)}`)).toEqual(malformed);
      expect(read(`${header.slice(0, 8)}-${header.slice(9)}`)).toEqual(malformed);
      expect(read(`${header}====`)).toEqual(malformed);
      if (padding === 0) continue;
      expect(read(header.slice(0, -padding))).toEqual(malformed);
      const last = header.charAt(header.length - padding - 1);
      const next = String.fromCharCode(last.charCodeAt(0) + 1);
      const dirty = `${header.slice(0, -padding - 1)}${next}${"=".repeat(padding)}`;
      expect([dirty, read(dirty)]).toEqual([dirty, malformed]);
    }
    expect(found).toEqual(new Set([0, 1, 2]));
  });
});

describe("RFC 9110 §5.3: repeated lines", () => {
  const header = pack({ accessToken: "t" });
  const name = "X-Cloudbase-Context";
  it.each<[string, unknown, readonly string[] | undefined, object]>([
    ["a list", [header], undefined, repeated],
    ["joined by a comma, as Node does", `${header}, ${header}`, undefined, repeated],
    ["one line", header, ["Host", "h", name, header], token],
    ["two lines", header, [name, header, name.toLowerCase(), header], repeated],
    ["the name as a value", header, [name, header, "X-Note", name.toLowerCase()], token],
    ["names that look like it", header, [name, header, `${name}s`, "x", "y-cloudbase-context", "x"], token],
    ["no lines", header, [], token],
  ])("%s", (_title, value, rawHeaders, expected) => {
    expect(read(value, rawHeaders)).toEqual(expected);
  });
});
