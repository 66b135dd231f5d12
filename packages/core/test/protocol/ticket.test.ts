import { generateKeyPairSync } from "node:crypto";
import { decodeProtectedHeader, compactVerify } from "jose";
import { describe, expect, it } from "vitest";
import { createTicket } from "../../src/protocol/ticket.ts";
import type { TicketInput } from "../../src/protocol/ticket.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const now = 1_800_000_000_000;
const base: TicketInput = {
  key: { private_key_id: "key-1", private_key: pem, env_id: "demo" },
  ...{ uid: "user-1", envId: "demo", now },
};
const create = (changes: object = {}) => createTicket({ ...base, ...changes });

async function claimsOf(ticket: string): Promise<unknown> {
  const { payload } = await compactVerify(ticket.slice("key-1/@@/".length), publicKey);
  return JSON.parse(new TextDecoder().decode(payload));
}

describe("a custom login ticket", () => {
  it("has the form of the official SDK: the key's id, a mark, and a JWT that a foreign library verifies", async () => {
    const ticket = create();
    expect(ticket.startsWith("key-1/@@/")).toBe(true);
    expect(decodeProtectedHeader(ticket.slice("key-1/@@/".length))).toEqual({ alg: "RS256", typ: "JWT" });
    expect(await claimsOf(ticket)).toEqual({
      ...{ alg: "RS256", env: "demo", iat: now, exp: now + 600_000, uid: "user-1" },
      ...{ refresh: 3_600_000, expire: now + 604_800_000 },
    });
  });

  it("says what it was told about its times", async () => {
    expect(await claimsOf(create({ refreshMs: 5, expireAt: 6 }))).toMatchObject({ refresh: 5, expire: 6 });
  });

  it("a key file without an environment is taken", () => {
    expect(create({ key: { ...base.key, env_id: undefined } })).toMatch(/^key-1\/@@\//);
  });

  it.each(["abcd", "a".repeat(32), "aZ09_-#@~=*(){}[]:.,<>+"])("uid %s", async (uid) => {
    expect(await claimsOf(create({ uid }))).toMatchObject({ uid });
  });
});

describe("refused where it is made", () => {
  const uid = "uid must be 4 to 32 characters of letters, digits and _-#@~=*(){}[]:.,<>+";
  const key = "key must be the custom login key file, with private_key_id and private_key";
  it.each<[string, object, string]>([
    ["a uid of three characters", { uid: "abc" }, uid],
    ["a uid of 33", { uid: "a".repeat(33) }, uid],
    ["a blank in front", { uid: " abcd" }, uid],
    ["a blank behind", { uid: "abcd " }, uid],
    ["a uid that is a number", { uid: 12_345 }, uid],
    ["no key", { key: undefined }, key],
    ["a key that is null", { key: null }, key],
    ["no id of the key", { key: { private_key: pem } }, key],
    ["no private key", { key: { private_key_id: "key-1" } }, key],
    [
      "a key of another environment",
      { key: { ...base.key, env_id: "other" } },
      "key is of the environment other, not of demo",
    ],
    [
      "a private key that is none",
      { key: { ...base.key, private_key: "secret" } },
      "key.private_key is not a private key in PEM form",
    ],
  ])("%s", (_title, changes, message) => {
    let thrown: unknown;
    try {
      create(changes);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    // What a key parser says may quote the key.
    expect(thrown).toMatchObject({ message });
    expect(thrown).not.toHaveProperty("cause");
  });
});
