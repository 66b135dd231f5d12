import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createRevocationList, digestSubject, digestToken } from "../../src/protocol/revocation-list.ts";
import type { RevocableToken } from "../../src/protocol/revocation-list.ts";

const start = 1_000_000;

function createList() {
  const clock = { seconds: start };
  const list = createRevocationList(() => clock.seconds * 1_000);
  return { list, clock };
}

function token(changes: Partial<RevocableToken> = {}): RevocableToken {
  return { environment: "demo", subject: "user-1", issuedAt: start, digest: () => "digest-1", ...changes };
}

const ofToken = (digest = "digest-1", expiresAt = start + 100) =>
  ({ kind: "token", environment: "demo", digest, expiresAt }) as const;
const ofUser = (issuedUpTo: number, expiresAt = start + 100) =>
  ({ kind: "user", environment: "demo", digest: digestSubject("user-1"), issuedUpTo, expiresAt }) as const;
const ofEnvironment = (issuedUpTo: number, expiresAt = start + 100) =>
  ({ kind: "environment", environment: "demo", issuedUpTo, expiresAt }) as const;

describe("what is revoked", () => {
  it("nothing at first, and nobody asks for a digest", () => {
    const { list } = createList();
    const asked = token({
      digest: () => {
        throw new Error("asked");
      },
    });
    expect([list.covers(asked), list.size(), list.version()]).toEqual([false, 0, 0]);
    list.add(ofUser(start - 1));
    list.add(ofEnvironment(start - 1));
    expect(list.covers(asked)).toBe(false);
  });

  it("one token, in its environment alone", () => {
    const { list } = createList();
    list.add(ofToken());
    expect(list.covers(token())).toBe(true);
    expect(list.covers(token({ environment: "other" }))).toBe(false);
    expect(list.covers(token({ digest: () => "digest-2" }))).toBe(false);
  });

  it("a user's tokens up to a time, and nobody else's", () => {
    const { list } = createList();
    list.add(ofUser(start));
    expect(list.covers(token({ issuedAt: start - 1 }))).toBe(true);
    expect(list.covers(token({ issuedAt: start }))).toBe(true);
    expect(list.covers(token({ issuedAt: start + 1 }))).toBe(false);
    expect(list.covers(token({ subject: "user-2" }))).toBe(false);
    expect(list.covers(token({ environment: "other" }))).toBe(false);
  });

  it("an environment's tokens up to a time", () => {
    const { list } = createList();
    list.add(ofEnvironment(start));
    expect(list.covers(token({ issuedAt: start }))).toBe(true);
    expect(list.covers(token({ issuedAt: start + 1 }))).toBe(false);
    expect(list.covers(token({ environment: "other" }))).toBe(false);
  });

  it("an environment, a user and a token are counted together", () => {
    const { list } = createList();
    for (const revocation of [ofToken(), ofToken("digest-2"), ofUser(1), ofEnvironment(1)]) list.add(revocation);
    expect([list.size(), list.version()]).toEqual([4, 4]);
  });
});

describe("what was revoked before", () => {
  it("a token again changes nothing", () => {
    const { list } = createList();
    list.add(ofToken());
    list.add(ofToken());
    expect([list.version(), list.size()]).toEqual([1, 1]);
  });

  it.each([
    ["the same", start, start + 100, 1],
    ["an earlier time and an earlier end", start - 1, start + 99, 1],
    ["a later time", start + 1, start + 100, 2],
    ["a later end", start, start + 101, 2],
    ["a later time with an earlier end", start + 1, start + 50, 2],
    ["an earlier time with a later end", start - 1, start + 150, 2],
  ])("a user or an environment with %s", (_title, issuedUpTo, expiresAt, version) => {
    for (const of of [ofUser, ofEnvironment]) {
      const { list, clock } = createList();
      list.add(of(start, start + 100));
      list.add(of(issuedUpTo, expiresAt));
      expect([list.version(), list.size()]).toEqual([version, 1]);
      // Neither the time nor the end ever goes back.
      expect(list.covers(token({ issuedAt: Math.max(start, issuedUpTo) }))).toBe(true);
      expect(list.covers(token({ issuedAt: Math.max(start, issuedUpTo) + 1 }))).toBe(false);
      clock.seconds = Math.max(start + 100, expiresAt);
      expect(list.size()).toBe(1);
      clock.seconds += 61;
      expect(list.size()).toBe(0);
    }
  });
});

describe("what has expired", () => {
  it("is let go of, each kind, and no second before", () => {
    for (const revocation of [ofToken("d", start + 100), ofUser(1, start + 100), ofEnvironment(1, start + 100)]) {
      const { list, clock } = createList();
      list.add(revocation);
      clock.seconds = start + 100;
      expect(list.size()).toBe(1);
      clock.seconds = start + 160;
      expect(list.size()).toBe(0);
      expect(list.version()).toBe(1);
    }
  });

  it("is looked for once a minute, whichever way the clock goes", () => {
    const { list, clock } = createList();
    list.add(ofToken("d", start - 10));
    expect(list.size()).toBe(1);
    clock.seconds = start + 59.9;
    expect(list.size()).toBe(1);
    clock.seconds = start + 60;
    expect(list.size()).toBe(0);
    list.add(ofToken("e", start - 200));
    expect(list.size()).toBe(1);
    clock.seconds = start - 100;
    expect(list.size()).toBe(0);
  });

  it("goes also when another is added", () => {
    const { list, clock } = createList();
    list.add(ofToken("d", start + 1));
    clock.seconds = start + 60;
    list.add(ofToken("e", start + 500));
    expect(list.covers(token({ digest: () => "d" }))).toBe(false);
    expect(list.covers(token({ digest: () => "e" }))).toBe(true);
  });
});

it("digests: SHA-256 in base64url, of the subject, and of what is signed of a token", () => {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");
  expect(digestSubject("ü")).toBe(sha256("ü"));
  expect(digestToken("aaa.bbb.ccc")).toBe(sha256("aaa.bbb"));
  expect(digestToken("aaa.bbb.ddd")).toBe(digestToken("aaa.bbb.ccc"));
});
