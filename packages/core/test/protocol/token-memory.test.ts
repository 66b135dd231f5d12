import { describe, expect, it } from "vitest";
import { createDoorkeeper } from "../../src/protocol/doorkeeper.ts";
import { fingerprintOf } from "../../src/protocol/fingerprint.ts";
import { createTokenMemory } from "../../src/protocol/token-memory.ts";

const entry = (name: string) => ({ credentials: `${name}-0123456789`.slice(-12) });
const bytesOf = 12 * 2 + 1_500;
// Texts that share their last ten letters share a fingerprint.
const twins = ["one-0123456789", "two-0123456789"].map((credentials) => ({ credentials }));
const differing = (index: number) => ({ credentials: `c${String(index).padStart(11, "0")}` });

describe("memory of tokens", () => {
  it("gives back what was put in, to exactly these credentials", () => {
    const memory = createTokenMemory({ maxTokens: 10, maxBytes: 1_000_000 });
    const [one = entry("a"), two = entry("b")] = twins;
    memory.set(one);
    expect(memory.get(one.credentials)).toBe(one);
    expect(memory.get(two.credentials)).toBeUndefined();
    expect(memory.get("absent-text-1")).toBeUndefined();
  });

  it("two that share a fingerprint take turns, and are counted once", () => {
    const memory = createTokenMemory({ maxTokens: 10, maxBytes: 1_000_000 });
    const [one = entry("a"), two = entry("b")] = twins;
    memory.set(one);
    memory.set(two);
    expect(memory.get(two.credentials)).toBe(two);
    expect(memory.get(one.credentials)).toBeUndefined();
    expect(memory.size()).toEqual({ tokens: 1, bytes: 14 * 2 + 1_500 });
  });

  it("holds half of what is allowed young, and as much old", () => {
    const memory = createTokenMemory({ maxTokens: 4, maxBytes: 1_000_000 });
    const entries = [0, 1, 2, 3, 4].map(differing);
    for (const one of entries.slice(0, 4)) memory.set(one);
    expect(memory.size()).toEqual({ tokens: 4, bytes: 4 * bytesOf });
    const [first, second, third, fourth, fifth] = entries;
    if (!first || !second || !third || !fourth || !fifth) throw new Error("five");
    memory.set(fifth);
    expect(memory.size()).toEqual({ tokens: 3, bytes: 3 * bytesOf });
    expect(memory.get(first.credentials)).toBeUndefined();
    expect(memory.get(second.credentials)).toBeUndefined();
    // Found in the old generation, it moves over and outlives those beside it.
    expect(memory.get(third.credentials)).toBe(third);
    expect(memory.size()).toEqual({ tokens: 3, bytes: 3 * bytesOf });
    memory.set(first);
    expect(memory.get(third.credentials)).toBe(third);
    expect(memory.get(fourth.credentials)).toBeUndefined();
    expect(memory.get(fifth.credentials)).toBe(fifth);
  });

  it("of the old generation too, only exactly these credentials are found", () => {
    const memory = createTokenMemory({ maxTokens: 2, maxBytes: 1_000_000 });
    const [one = entry("a"), two = entry("b")] = twins;
    memory.set(one);
    memory.set(differing(1));
    expect(memory.get(two.credentials)).toBeUndefined();
    expect(memory.size().tokens).toBe(2);
    expect(memory.get(one.credentials)).toBe(one);
  });

  it("keeps within its bytes, and leaves out what alone is more than half of them", () => {
    const memory = createTokenMemory({ maxTokens: 100, maxBytes: 4 * bytesOf });
    for (let index = 0; index < 3; index += 1) memory.set(differing(index));
    expect(memory.size()).toEqual({ tokens: 3, bytes: 3 * bytesOf });
    memory.set(differing(3));
    memory.set(differing(4));
    expect(memory.size()).toEqual({ tokens: 3, bytes: 3 * bytesOf });
    const exact = createTokenMemory({ maxTokens: 100, maxBytes: 2 * bytesOf });
    exact.set(differing(1));
    expect(exact.size().tokens).toBe(1);
    const tight = createTokenMemory({ maxTokens: 100, maxBytes: 2 * bytesOf - 1 });
    tight.set(differing(1));
    expect(tight.size()).toEqual({ tokens: 0, bytes: 0 });
  });

  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
  ])("of %d tokens it holds %d young", (maxTokens, tokens) => {
    const memory = createTokenMemory({ maxTokens, maxBytes: 1_000_000 });
    memory.set(differing(1));
    expect(memory.size().tokens).toBe(tokens);
  });

  it("what is put in again replaces itself", () => {
    const memory = createTokenMemory({ maxTokens: 4, maxBytes: 1_000_000 });
    const first = differing(1);
    const again = { ...first };
    memory.set(first);
    memory.set(differing(2));
    memory.set(again);
    expect(memory.size()).toEqual({ tokens: 2, bytes: 2 * bytesOf });
    expect(memory.get(first.credentials)).toBe(again);
  });
});

describe("fingerprint", () => {
  it("is FNV-1a of the last ten letters, halved", () => {
    let hash = 0x811c9dc5;
    for (const letter of "0123456789") hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    expect(fingerprintOf("0123456789")).toBe(hash >> 1);
    expect(fingerprintOf("x.y0123456789")).toBe(hash >> 1);
    expect(fingerprintOf("1123456789")).not.toBe(hash >> 1);
    expect(fingerprintOf("0123456780")).not.toBe(hash >> 1);
  });
});

describe("doorkeeper", () => {
  /** Texts whose fingerprints belong to one group. */
  function ofOneGroup(count: number): readonly string[] {
    const group = fingerprintOf("text-0000000") & 0x3fff;
    const found: string[] = [];
    for (let index = 0; found.length < count; index += 1) {
      const text = `text-${String(index).padStart(7, "0")}`;
      if ((fingerprintOf(text) & 0x3fff) === group) found.push(text);
    }
    return found;
  }

  it("lets in who comes back, and not who comes first", () => {
    const doorkeeper = createDoorkeeper();
    expect(doorkeeper.wasHere("token-0000001")).toBe(false);
    expect(doorkeeper.wasHere("token-0000001")).toBe(true);
    expect(doorkeeper.wasHere("token-0000002")).toBe(false);
    expect(createDoorkeeper().wasHere("token-0000001")).toBe(false);
  });

  it("a group has four places, of which the newest takes the oldest's", () => {
    const doorkeeper = createDoorkeeper();
    const [first = "", ...others] = ofOneGroup(5);
    expect(doorkeeper.wasHere(first)).toBe(false);
    for (const text of others.slice(0, 3)) expect(doorkeeper.wasHere(text)).toBe(false);
    for (const text of [first, ...others.slice(0, 3)]) expect(doorkeeper.wasHere(text)).toBe(true);
    expect(doorkeeper.wasHere(others[3] ?? "")).toBe(false);
    for (const text of others) expect(doorkeeper.wasHere(text)).toBe(true);
    expect(doorkeeper.wasHere(first)).toBe(false);
  });

  it("groups do not drive each other out", () => {
    const doorkeeper = createDoorkeeper();
    const texts = Array.from({ length: 500 }, (_, index) => `other-${String(index).padStart(7, "0")}`);
    for (const text of texts) doorkeeper.wasHere(text);
    expect(texts.filter((text) => doorkeeper.wasHere(text)).length).toBeGreaterThan(490);
  });
});
