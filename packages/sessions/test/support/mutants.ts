/** Numbers of 32 bits from a seed (mulberry32), so that a run can be repeated. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const characters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/%"~!`;

/** Values that differ from the original by a small change each. */
export function* mutate(original: string, count: number, seed: number): Generator<string> {
  const random = createRandom(seed);
  const character = (): string => characters[random(characters.length)] ?? "A";
  const changes: readonly ((at: number) => string)[] = [
    (at) => original.slice(0, at) + character() + original.slice(at + 1),
    (at) =>
      original.slice(0, at) + String.fromCharCode(original.charCodeAt(at) ^ (1 << random(7))) + original.slice(at + 1),
    (at) => original.slice(0, at) + original.slice(at + 1),
    (at) => original.slice(0, at) + character() + original.slice(at),
    (at) => original.slice(0, at),
    (at) => original.slice(0, at) + original.slice(at, at + 1 + random(8)) + original.slice(at),
    (at) => original.slice(at) + original.slice(0, at),
    (at) => original.slice(0, at) + original.slice(at).toLowerCase(),
  ];
  for (let made = 0; made < count;) {
    const mutant = changes[random(changes.length)]?.(random(original.length)) ?? "";
    // What a header's reader takes for the same value, or for another cookie behind it, is no mutant of this one.
    const value = mutant.split(";", 1)[0]?.replaceAll(/^[ \t]+|[ \t]+$/g, "") ?? "";
    if (value === original) continue;
    made += 1;
    yield mutant;
  }
}

/** What other libraries fell for, or fell over. */
export function nasties(original: string): readonly string[] {
  const [header = "", , iv = "", text = "", tag = ""] = original.split(".");
  const protectedBy = (members: object): string => Buffer.from(JSON.stringify(members)).toString("base64url");
  const known = JSON.parse(Buffer.from(header, "base64url").toString()) as Readonly<Record<string, string>>;
  const headers = [
    { ...known, alg: "none" },
    { ...known, enc: "A128CBC-HS256" },
    { ...known, zip: "DEF" },
    { ...known, typ: "cb-other" },
    { ...known, typ: undefined },
    { ...known, kid: undefined },
    { ...known, kid: "__proto__" },
    { ...known, kid: ["a"] },
    { ...known, crit: ["x"], x: 1 },
    { ...known, alg: "RSA-OAEP" },
    { ...known, alg: "PBES2-HS256+A128KW", p2c: 1_000_000_000, p2s: "AA" },
    { typ: known["typ"], kid: known["kid"], enc: known["enc"], alg: known["alg"] },
  ];
  const inHeader = headers.map((members) => [protectedBy(members), "", iv, text, tag].join("."));
  return [
    ...inHeader,
    [header, "AAAA", iv, text, tag].join("."),
    [header, "", "", text, tag].join("."),
    [header, "", iv, "", tag].join("."),
    [header, "", iv, text, ""].join("."),
    [header, "", iv, text, tag.slice(0, 16)].join("."),
    [header, "", iv, text, `${tag}AA`].join("."),
    [header, "", iv, text].join("."),
    [header, text, tag].join("."),
    `${original}.`,
    `.${original}`,
    `"${original}"`,
    `${original}=`,
    `${original}==`,
    encodeURIComponent(`${original} `),
    original.replaceAll(".", "%2E"),
    original.toUpperCase(),
    `${original},${original}`,
    JSON.stringify({ protected: header, iv, ciphertext: text, tag }),
    "%E0%A4%A",
    "%",
    "{}",
    "null",
    "undefined",
    "[object Object]",
    "j:{}",
    "s:x.y",
    "....",
    ".",
    "0",
    "a".repeat(100_000),
    `${header}..${iv}.${"A".repeat(100_000)}.${tag}`,
    "\u0000",
    "\ud800",
    "é",
    "__proto__",
  ];
}
