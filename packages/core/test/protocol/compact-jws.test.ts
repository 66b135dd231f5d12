import { describe, expect, it } from "vitest";
import { createJwsParser } from "../../src/protocol/compact-jws.ts";
import type { ParsedJws } from "../../src/protocol/compact-jws.ts";

const header = { alg: "RS256", kid: "key-1" };
const claims = { sub: "user-1" };
const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString(
    "base64url",
  );
const tokenOf = (head: unknown, payload: unknown = claims, signature: unknown = "sig"): string =>
  [head, payload, signature].map(encode).join(".");

// A new one each time: it remembers headers.
const parse = (token: string): ParsedJws => createJwsParser(["RS256", "PS256", "ES256", "EdDSA"])(token);
const outcome = (token: string, parser = parse): string => {
  const parsed = parser(token);
  return parsed.ok ? "ok" : parsed.reason;
};

describe("RFC 7515 §7.1: a token taken apart", () => {
  it("into everything that there is of it", () => {
    const token = tokenOf(header, { sub: "user-1", nested: { list: [1] } });
    const parsed = parse(token);
    if (!parsed.ok) throw new Error(parsed.reason);
    const { jws } = parsed;
    expect({ ...jws, claims: undefined }).toEqual({
      ...{ algorithm: "RS256", keyId: "key-1", claims: undefined },
      ...{ signingInput: token.slice(0, token.lastIndexOf(".")), signature: Buffer.from("sig") },
    });
    expect(jws.claims["sub"]).toBe("user-1");
    expect(jws.claims["nested"]).toEqual({ list: [1] });
  });

  it("a header that was seen before says the same again, and the rest is the token's own", () => {
    const parser = createJwsParser(["RS256"]);
    for (const sub of ["user-1", "user-2"]) {
      const parsed = parser(tokenOf(header, { sub }, sub));
      if (!parsed.ok) throw new Error(parsed.reason);
      expect([parsed.jws.keyId, parsed.jws.claims["sub"], parsed.jws.signature.toString()]).toEqual([
        "key-1",
        sub,
        sub,
      ]);
    }
    for (let round = 0; round < 2; round += 1)
      expect(outcome(tokenOf({ ...header, alg: "none" }), parser)).toBe("algorithm");
    for (let index = 0; index < 200; index += 1)
      expect(outcome(tokenOf({ ...header, kid: `k${String(index)}` }), parser)).toBe("ok");
    expect(outcome(tokenOf(header), parser)).toBe("ok");
  });

  it.each([
    ["nothing", ""],
    ["no point", encode(header)],
    ["one point", `${encode(header)}.${encode(claims)}`],
    ["an empty header", `.${encode(claims)}.c2ln`],
    ["an empty payload", `${encode(header)}..c2ln`],
    ["an empty signature (RFC 7519 §6)", `${encode(header)}.${encode(claims)}.`],
    ["four segments", `${tokenOf(header)}.c2ln`],
    ["five, as a JWE has (RFC 7516 §9)", `${tokenOf(header)}.c2ln.c2ln`],
    ["a point at the end", `${tokenOf(header)}.`],
    ["three points alone", "..."],
  ])("%s is malformed", (_title, token) => {
    expect(outcome(token)).toBe("malformed");
  });

  it("a token may have 8,192 characters, and its header 2,048", () => {
    const notes = ["", "x", "xx", "xxx"].map((note) => tokenOf({ ...header, note }, claims, ""));
    for (const characters of [8_191, 8_192, 8_193]) {
      // Base64url has no text of 4n + 1 characters.
      const fitting = notes.filter((bare) => (characters - bare.length) % 4 !== 1);
      expect(fitting).not.toEqual([]);
      for (const bare of fitting) {
        const token = bare + "A".repeat(characters - bare.length);
        expect([token.length, outcome(token)]).toEqual([characters, characters > 8_192 ? "malformed" : "ok"]);
      }
    }
    const padded = (length: number): string => {
      const empty = JSON.stringify({ ...header, note: "" }).length;
      return encode({ ...header, note: "x".repeat((length * 3) / 4 - empty) });
    };
    expect(padded(2_048)).toHaveLength(2_048);
    expect(outcome(`${padded(2_048)}.${encode(claims)}.c2ln`)).toBe("ok");
    expect(padded(2_052)).toHaveLength(2_052);
    expect(outcome(`${padded(2_052)}.${encode(claims)}.c2ln`)).toBe("malformed");
    const one = encode(`${JSON.stringify({ ...header, note: "x".repeat(1_536) }).slice(0, 1_536)}"}`);
    expect(one.length).toBeGreaterThan(2_048);
    expect(outcome(`${one}.${encode(claims)}.c2ln`)).toBe("malformed");
  });
});

describe("RFC 4648 §3.5, §5: one spelling of the same bytes", () => {
  const inPlace = [0, 1, 2].map((place) => (segment: string) => {
    const parts = tokenOf(header).split(".");
    parts[place] = segment;
    return parts.join(".");
  });

  it.each([
    ["padding", "YQ=="],
    ["padding that another letter completes", "YWI="],
    ["one letter over", "YWJjY"],
    ["one letter alone", "Y"],
    ["+ of the other alphabet", "ab+d"],
    ["/ of the other alphabet", "ab/d"],
    ["a letter of no alphabet", "ab!d"],
    ["a blank", "ab d"],
    ["a line break", "abcd\n"],
    ["a letter beyond ASCII", "abcé"],
    ["two letters with bits left over", "YR"],
    ["three letters with bits left over", "YWJ"],
  ])("%s", (_title, segment) => {
    for (const put of inPlace) expect(outcome(put(segment))).toBe("malformed");
  });

  it("of all endings those with no bits left over", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const put = inPlace[2] ?? String;
    for (const [index, letter] of alphabet.split("").entries()) {
      expect([letter, outcome(put(`A${letter}`))]).toEqual([letter, index % 16 === 0 ? "ok" : "malformed"]);
      expect([letter, outcome(put(`AA${letter}`))]).toEqual([letter, index % 4 === 0 ? "ok" : "malformed"]);
      expect([letter, outcome(put(`AAA${letter}`))]).toEqual([letter, "ok"]);
    }
  });
});

describe("RFC 7515 §4.1, RFC 8725 §3: what a header may say", () => {
  it.each<[string, unknown, string]>([
    ["what CloudBase writes", header, "ok"],
    ["PS256", { ...header, alg: "PS256" }, "ok"],
    ["ES256", { ...header, alg: "ES256" }, "ok"],
    ["EdDSA", { ...header, alg: "EdDSA" }, "ok"],
    ["none", { ...header, alg: "none" }, "algorithm"],
    ["HS256", { ...header, alg: "HS256" }, "algorithm"],
    ["another case", { ...header, alg: "rs256" }, "algorithm"],
    ["an empty alg", { ...header, alg: "" }, "algorithm"],
    ["no alg", { kid: "key-1" }, "malformed"],
    ["a list of algorithms", { ...header, alg: ["RS256"] }, "malformed"],
    ["no kid", { alg: "RS256" }, "malformed"],
    ["an empty kid", { ...header, kid: "" }, "malformed"],
    ["a kid that is a number", { ...header, kid: 7 }, "malformed"],
    ["a kid with a blank in front", { ...header, kid: " a" }, "malformed"],
    ["a kid with a blank behind", { ...header, kid: "a " }, "malformed"],
    ["a kid with a line break", { ...header, kid: "a\n" }, "malformed"],
    ["a kid beyond ASCII", { ...header, kid: "é" }, "malformed"],
    ["a kid of all visible ASCII", { ...header, kid: "!a~" }, "ok"],
    ["a kid of 256 characters", { ...header, kid: "k".repeat(256) }, "ok"],
    ["a kid of 257", { ...header, kid: "k".repeat(257) }, "malformed"],
    ["typ JWT", { ...header, typ: "JWT" }, "ok"],
    ["typ in lower case", { ...header, typ: "jwt" }, "ok"],
    ["RFC 9068 §2.1", { ...header, typ: "at+jwt" }, "ok"],
    ["RFC 9068 §4: with application/", { ...header, typ: "Application/AT+JWT" }, "ok"],
    ["application/jwt", { ...header, typ: "application/jwt" }, "ok"],
    ["application/ alone", { ...header, typ: "application/" }, "type"],
    ["application/ twice", { ...header, typ: "application/application/jwt" }, "type"],
    ["application/ behind", { ...header, typ: "jwtapplication/" }, "type"],
    ["an ID token's or anything else", { ...header, typ: "id+jwt" }, "type"],
    ["an empty typ", { ...header, typ: "" }, "type"],
    ["a typ that is a list", { ...header, typ: ["JWT"] }, "malformed"],
    ["a typ that is null", { ...header, typ: null }, "malformed"],
    ...["jku", "jwk", "x5u", "x5c", "crit", "b64"].map((name): [string, unknown, string] => [
      name,
      { ...header, [name]: null },
      "malformed",
    ]),
    ["what nobody knows", { ...header, cty: "JWT", x: 1 }, "ok"],
    ["U+FFFD that somebody wrote himself", { ...header, x: "\ufffd" }, "ok"],
    ["no JSON", "{", "malformed"],
    ["a list", "[]", "malformed"],
    ["null", "null", "malformed"],
    ["a member twice", '{"alg":"RS256","alg":"RS256","kid":"key-1"}', "malformed"],
    ["no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "malformed"],
  ])("%s", (_title, head, expected) => {
    expect(outcome(tokenOf(head))).toBe(expected);
  });

  it("an algorithm is taken if it is allowed, and not because it exists", () => {
    expect(outcome(tokenOf(header), createJwsParser(["ES256"]))).toBe("algorithm");
    expect(outcome(tokenOf({ ...header, alg: "ES256" }), createJwsParser(["ES256"]))).toBe("ok");
    // Were HS256 ever put on the list, it would still be none that signs.
    const symmetric = createJwsParser(["HS256"] as unknown as ["RS256"]);
    expect(outcome(tokenOf({ ...header, alg: "HS256" }), symmetric)).toBe("algorithm");
  });

  it("the header is judged before the payload, and the payload before the signature is", () => {
    expect(outcome(`${encode({ ...header, alg: "none" })}.!.!`)).toBe("algorithm");
    expect(outcome(tokenOf(header, "[]"))).toBe("malformed");
    expect(outcome(tokenOf(header, "{"))).toBe("malformed");
    expect(outcome(tokenOf(header, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])))).toBe("malformed");
  });

  it("both may be 32 levels deep and have 1,000 members", () => {
    const deep = (levels: number): unknown => (levels === 0 ? {} : { a: deep(levels - 1) });
    const many = (count: number): unknown => Array.from({ length: count }, () => 0);
    expect(outcome(tokenOf({ ...header, a: deep(30) }, { a: deep(30) }))).toBe("ok");
    expect(outcome(tokenOf({ ...header, a: deep(31) }))).toBe("malformed");
    expect(outcome(tokenOf(header, { a: deep(31) }))).toBe("malformed");
    expect(outcome(tokenOf(header, { a: many(999) }))).toBe("ok");
    expect(outcome(tokenOf(header, { a: many(1_000) }))).toBe("malformed");
  });
});
