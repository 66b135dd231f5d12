import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseJwkSet } from "../src/protocol/jwk-set.ts";
import { encode, publishedKey, signingKey } from "./support/tokens.ts";

const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
const exponent3 = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 }).publicKey.export({
  format: "jwk",
});
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
const good = { ...publishedKey, kid: "good" };
const parse = (...keys: readonly unknown[]) => parseJwkSet(JSON.stringify({ keys }), ["RS256", "ES256"]);

describe("RFC 7517 §5: a key that cannot be used spoils none of the others", () => {
  it.each<[string, unknown, string | undefined]>([
    ["JK-03: null", null, undefined],
    ["JK-03: a number", 7, undefined],
    ["JK-03: a list", [good], undefined],
    ["JK-03: an unknown kty", { kty: "XYZ", kid: "bad" }, undefined],
    ["JK-03: no kty", { kid: "bad" }, undefined],
    ["JK-03: an unknown algorithm", { ...publishedKey, kid: "bad", alg: "RS512" }, undefined],
    ["JK-03: EC without y (CVE-2023-25653)", { ...ec, y: undefined, kid: "bad" }, undefined],
    ["JK-03: EC off the curve", { ...ec, y: ec.x, kid: "bad" }, undefined],
    ["JK-03: RSA without n", { kty: "RSA", e: "AQAB", kid: "bad" }, undefined],
    ["JK-03: RSA with a number as n", { kty: "RSA", n: 7, e: "AQAB", kid: "bad" }, undefined],
    ["no kid", { ...publishedKey, kid: undefined }, undefined],
    ["a kid that is no string", { ...publishedKey, kid: 7 }, undefined],
    ["JK-04: use enc", { ...publishedKey, kid: "bad", use: "enc" }, undefined],
    ["JK-04: key_ops without verify", { ...publishedKey, kid: "bad", use: undefined, key_ops: ["encrypt"] }, undefined],
    [
      "JK-06: a private key",
      { ...signingKey.export({ format: "jwk" }), kid: "bad", alg: "RS256" },
      "private or symmetric",
    ],
    ["JF-11, F16: oct", { kty: "oct", k: encode("secret"), kid: "bad" }, "private or symmetric"],
    ["JF-18, F16: 1024 bits", { ...small, kid: "bad", alg: "RS256" }, "shorter than 2048 bits"],
    ["JF-19, F16: exponent 3", { ...exponent3, kid: "bad", alg: "RS256" }, "public exponent"],
    ["JF-19, F16: exponent 1", { ...publishedKey, e: "AQ", kid: "bad" }, "public exponent"],
    ["JF-19, F16: an even exponent", { ...publishedKey, e: "AQAC", kid: "bad" }, "public exponent"],
    ["JF-19, F16: no exponent", { ...publishedKey, e: "", kid: "bad" }, "public exponent"],
  ])("%s", async (_title, bad, alarm) => {
    const { keys, alarms } = await parse(bad, good);
    expect([...keys.keys()]).toEqual(["good"]);
    expect(alarms).toHaveLength(alarm === undefined ? 0 : 1);
    if (alarm === undefined) return;
    expect(alarms[0]).toContain(alarm);
    expect(alarms[0]).toContain('"bad"');
  });

  it("F16: an exponent of 1 is never accepted, however it is refused", async () => {
    await expect(parse({ ...publishedKey, e: "AQ" })).rejects.toThrow("no key that can be used");
  });

  it("JK-05, F14: of keys that share a kid none is used, and it is said", async () => {
    const { keys, alarms } = await parse({ ...publishedKey, kid: "twin" }, good, { ...ec, kid: "twin" });
    expect([...keys.keys()]).toEqual(["good"]);
    expect(alarms).toEqual(['several keys share the kid "twin"; none of them is used']);
  });

  it.each(["d", "p", "q", "dp", "dq", "qi", "oth", "k"])(
    "JK-06: the member %s alone drops the key, and is told without its value",
    async (name) => {
      const { keys, alarms } = await parse({ ...publishedKey, kid: "bad", [name]: "c2VudGluZWw" }, good);
      expect([...keys.keys()]).toEqual(["good"]);
      expect(alarms).toEqual(['the key with kid "bad" is not used: it carries private or symmetric key material']);
    },
  );

  it("key_ops with verify, and kids that are names of Object.prototype", async () => {
    const { keys } = await parse(
      { ...publishedKey, use: undefined, key_ops: ["verify"], kid: "constructor" },
      { ...good, kid: "__proto__" },
    );
    expect([...keys.keys()]).toEqual(["constructor", "__proto__"]);
  });

  it("nothing of a key but its public members is read", async () => {
    const { keys } = await parse({ ...good, ext: false, x5u: "http://127.0.0.1:1/", alg: "RS256" });
    expect(keys.get("good")?.algorithm).toBe("RS256");
  });
});

describe("what is no JWK Set", () => {
  it.each([
    "",
    "null",
    "[]",
    "{}",
    '{"keys":{}}',
    '{"keys":null}',
    '{"keys":"x"}',
    "<html>",
    '{"keys":[]',
    '{"keys":[],"keys":[]}',
    `{"keys":[${"[".repeat(9)}${"]".repeat(9)}]}`,
  ])("%s", async (text) => {
    await expect(parseJwkSet(text, ["RS256"])).rejects.toThrow(
      /^the (?:answer is not a JWK Set|JWK Set has no key that can be used)$/,
    );
  });
  it("JK-02: 8 levels are read, 9 are not, whatever else is in the set", async () => {
    const beside = (levels: number): string =>
      JSON.stringify({ keys: [good] }).replace("{", `{"note":${"[".repeat(levels)}${"]".repeat(levels)},`);
    expect((await parseJwkSet(beside(7), ["RS256"])).keys.size).toBe(1);
    await expect(parseJwkSet(beside(8), ["RS256"])).rejects.toThrow("the answer is not a JWK Set");
  });
  it("JK-02: 100 keys are read, 101 are not", async () => {
    const keys = Array.from({ length: 100 }, (_, index) => ({ ...publishedKey, kid: `k${String(index)}` }));
    expect((await parse(...keys)).keys.size).toBe(100);
    await expect(parse(...keys, good)).rejects.toThrow("more than 100 keys");
  });
});
