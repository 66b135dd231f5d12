import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudbaseAuth, createMemoryRevocationStore } from "../src/index.ts";
import type { AuthResult, CloudbaseAuth, Revocation, RevocationListener, WarningEvent } from "../src/index.ts";
import { createRevocationList, digestSubject } from "../src/protocol/revocation-list.ts";
import { introspectPath, json, revokePath, startAuthServer } from "./support/auth-server.ts";
import type { AuthServer } from "./support/auth-server.ts";
import { expectInvalidToken, expectUnavailable } from "./support/harness.ts";
import "./support/no-network.ts";
import { issue, nowSeconds, userClaims } from "./support/tokens.ts";

let server: AuthServer;
let nowMs: number;
let warnings: WarningEvent[];
const instances: CloudbaseAuth[] = [];

beforeEach(async () => {
  server = await startAuthServer();
  nowMs = nowSeconds * 1_000;
  warnings = [];
});
afterEach(async () => {
  for (const instance of instances.splice(0)) await instance.close();
  await server.close();
});

function create(options: object = {}): CloudbaseAuth {
  const base = {
    ...{ envId: "demo", endpoint: server.endpoint, now: () => nowMs },
    onWarning: (event: WarningEvent) => warnings.push(event),
  };
  const instance = createCloudbaseAuth({ ...base, ...options });
  instances.push(instance);
  return instance;
}

const present = async (auth: CloudbaseAuth, token: string): Promise<AuthResult> =>
  auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
const stateOf = async (auth: CloudbaseAuth, token: string): Promise<string> => (await present(auth, token)).auth.state;

/** A store that does what a test tells it to. */
function createOddStore() {
  const listeners = new Set<RevocationListener>();
  const odd = {
    added: [] as Revocation[],
    fails: false,
    add(revocation: Revocation): Promise<void> {
      if (odd.fails) return Promise.reject(new Error("READONLY"));
      odd.added.push(revocation);
      return Promise.resolve();
    },
    subscribe(listener: RevocationListener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(revocations: readonly Revocation[]) {
      for (const listener of listeners) listener.revoked(revocations);
    },
    trouble(error: Error | undefined) {
      for (const listener of listeners) listener.trouble(error);
    },
    listeners,
  };
  return odd;
}

describe("revoke(token)", () => {
  it("refuses it here and tells the server; others go on", async () => {
    const auth = create();
    const token = issue();
    expect(await auth.revoke(token)).toEqual({ here: true, server: "revoked" });
    expectInvalidToken(await present(auth, token), "revoked");
    expect(await stateOf(auth, issue({ n: 1 }))).toBe("authenticated");
    expect(server.count(revokePath)).toBe(1);
    expect(auth.status().revocations).toEqual({ entries: 1, store: "none", lastError: undefined, queued: 0 });
  });

  it("holds at once for a token that was answered from memory, without asking anybody", async () => {
    const auth = create();
    const token = issue();
    for (let round = 0; round < 3; round += 1) expect(await stateOf(auth, token)).toBe("authenticated");
    await auth.revoke(token);
    const asked = server.asked.length;
    const refused = auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
    expect(refused).not.toBeInstanceOf(Promise);
    expectInvalidToken(await refused, "revoked");
    expect(server.asked.length).toBe(asked);
  });

  it("leaves other tokens that are kept where they are", async () => {
    const auth = create();
    const other = issue({ n: 1 });
    for (let round = 0; round < 2; round += 1) await present(auth, other);
    const kept = await present(auth, other);
    await auth.revoke(issue());
    expect(await present(auth, other)).toBe(kept);
  });

  it("RV-06: holds for what was signed, not for its spelling", async () => {
    const auth = create();
    const token = issue();
    await auth.revoke(token);
    for (const spelling of [`${token}=`, `${token} `, token.slice(0, -1)]) {
      expect(await stateOf(auth, spelling)).toBe("rejected");
    }
  });

  it.each<[string, () => string]>([
    ["garbage", () => "abc"],
    ["expired", () => issue({ exp: nowSeconds - 60, iat: nowSeconds - 120 })],
    ["of another issuer", () => issue({ iss: "https://elsewhere.example" })],
    ["forged", () => `${issue().slice(0, -8)}AAAAAAAA`],
  ])("a token that is %s is left alone", async (_title, make) => {
    const auth = create();
    expect(await auth.revoke(make())).toEqual({ here: false, server: "not asked" });
    expect(server.count(revokePath)).toBe(0);
    expect(auth.status().revocations.entries).toBe(0);
  });

  it("RV-04: a server that is down is told later; the token is refused here meanwhile", async () => {
    server.revocation = (_request, response) => json(response, { error: "unavailable" }, 503);
    const auth = create({ client: { timeoutMs: 100 } });
    const token = issue();
    expect(await auth.revoke(token)).toEqual({ here: true, server: "queued" });
    expectInvalidToken(await present(auth, token), "revoked");
    expect(auth.status().revocations.queued).toBe(1);
    expect(warnings).toMatchObject([{ code: "revocation_queued", environment: "demo" }]);
    server.revocation = (_request, response) => json(response, {});
    await expect.poll(() => auth.status().revocations.queued, { timeout: 5_000 }).toBe(0);
    expect(server.count(revokePath)).toBe(2);
  });

  it("a server that does not know the token any more has nothing left to revoke", async () => {
    server.revocation = (_request, response) => json(response, { error: "unauthenticated" }, 401);
    expect(await create().revoke(issue())).toEqual({ here: true, server: "revoked" });
  });

  it("a server that refuses for another reason is an AuthApiError, and the token is refused here all the same", async () => {
    server.revocation = (_request, response) => json(response, { error: "invalid_client" }, 401);
    const auth = create();
    const token = issue();
    await expect(auth.revoke(token)).rejects.toMatchObject({ name: "AuthApiError", kind: "client" });
    expectInvalidToken(await present(auth, token), "revoked");
  });

  it("works while the key set is out of reach, and holds when it is back", async () => {
    const away = create({ endpoint: "http://127.0.0.1:1", issuers: userClaims.iss });
    const token = issue();
    expect(await away.revoke(token)).toEqual({ here: true, server: "queued" });
    expect(away.status().revocations.entries).toBe(1);
  });

  it("is judged before the server is asked", async () => {
    const auth = create({ verification: { mode: "introspection" } });
    const token = issue();
    await auth.revoke(token);
    expectInvalidToken(await present(auth, token), "revoked");
    expect(server.count(introspectPath)).toBe(0);
  });
});

describe("revokeUser and revokeEnvironment", () => {
  it("all tokens of a user up to this second, and none that are issued later", async () => {
    const auth = create();
    await auth.revokeUser(userClaims.sub);
    expectInvalidToken(await present(auth, issue()), "revoked");
    expectInvalidToken(await present(auth, issue({ iat: nowSeconds - 100 })), "revoked");
    expect(await stateOf(auth, issue({ iat: nowSeconds + 1 }))).toBe("authenticated");
    expect(await stateOf(auth, issue({ sub: "another" }))).toBe("authenticated");
  });

  it("up to another moment, but never to one in the future", async () => {
    const auth = create();
    await auth.revokeUser(userClaims.sub, { issuedUpToMs: (nowSeconds - 100) * 1_000 });
    expectInvalidToken(await present(auth, issue({ iat: nowSeconds - 100 })), "revoked");
    expect(await stateOf(auth, issue({ iat: nowSeconds - 99 }))).toBe("authenticated");
    await auth.revokeUser(userClaims.sub, { issuedUpToMs: (nowSeconds + 100) * 1_000 });
    expect(await stateOf(auth, issue({ iat: nowSeconds + 1 }))).toBe("authenticated");
  });

  it("a later revocation of less does not undo an earlier one", async () => {
    const auth = create();
    await auth.revokeUser(userClaims.sub);
    await auth.revokeUser(userClaims.sub, { issuedUpToMs: 1_000 });
    expectInvalidToken(await present(auth, issue()), "revoked");
  });

  it("all tokens of an environment, and of no other", async () => {
    const auth = create({
      envId: undefined,
      endpoint: undefined,
      environments: [{ envId: "demo", endpoint: server.endpoint }, { envId: "other" }],
    });
    await auth.revokeEnvironment({ environment: "other" });
    expect(await stateOf(auth, issue())).toBe("authenticated");
    await auth.revokeEnvironment({ environment: "demo" });
    expectInvalidToken(await present(auth, issue()), "revoked");
    await expect(auth.revokeUser("u")).rejects.toThrow("option environment must be one of demo, other");
    await expect(auth.revokeUser("u", { environment: "third" })).rejects.toThrow(TypeError);
  });

  it.each([
    ["", {}, "the user id must be a non-empty string"],
    [7, {}, "the user id must be a non-empty string"],
    ["u", { issuedUpToMs: NaN }, "option issuedUpToMs must be milliseconds since the epoch"],
  ])("%j, %j is a TypeError", async (userId, options, message) => {
    await expect(create().revokeUser(userId as string, options)).rejects.toThrow(message);
  });
});

describe("a store between instances", () => {
  it("RV-08: what one revokes, the other refuses at once; and so does one that starts later", async () => {
    const store = createMemoryRevocationStore({ now: () => nowMs });
    const [first, second] = [create({ revocation: { store } }), create({ revocation: { store } })];
    const token = issue();
    for (let round = 0; round < 3; round += 1) expect(await stateOf(second, token)).toBe("authenticated");
    await first.revoke(token);
    expectInvalidToken(await present(second, token), "revoked");
    expectInvalidToken(await present(create({ revocation: { store } }), token), "revoked");
    expect(second.status().revocations).toMatchObject({ entries: 1, store: "up" });
  });

  it("holds digests and ids, no token", async () => {
    const store = createOddStore();
    const auth = create({ revocation: { store } });
    const token = issue();
    await auth.revoke(token);
    await auth.revokeUser("u");
    await auth.revokeEnvironment();
    const week = 604_800;
    expect(store.added).toEqual([
      {
        kind: "token",
        environment: "demo",
        digest: expect.stringMatching(/^[\w-]{43}$/) as string,
        expiresAt: userClaims.exp + 5,
      },
      {
        kind: "user",
        environment: "demo",
        digest: digestSubject("u"),
        issuedUpTo: nowSeconds,
        expiresAt: nowSeconds + week + 5,
      },
      { kind: "environment", environment: "demo", issuedUpTo: nowSeconds, expiresAt: nowSeconds + week + 5 },
    ]);
    for (const part of token.split(".")) expect(JSON.stringify(store.added)).not.toContain(part);
  });

  it("that cannot be told is told later, and the revocation holds here", async () => {
    const store = createOddStore();
    store.fails = true;
    const auth = create({ revocation: { store } });
    await auth.revokeUser(userClaims.sub);
    expectInvalidToken(await present(auth, issue()), "revoked");
    expect(auth.status().revocations.queued).toBe(1);
    expect(warnings).toMatchObject([{ code: "revocation_store_unavailable" }]);
    store.fails = false;
    await expect.poll(() => store.added.length, { timeout: 5_000 }).toBe(1);
    expect(auth.status().revocations.queued).toBe(0);
  });

  it("what could not be told by the time of close() is said to be lost", async () => {
    const store = createOddStore();
    store.fails = true;
    const auth = create({ revocation: { store } });
    await auth.revokeUser("u");
    await auth.close();
    expect(warnings.map(({ code }) => code)).toEqual(["revocation_store_unavailable", "revocation_lost"]);
    expect(warnings[1]?.message).toContain("1 revocations were not told");
    expect(auth.status().revocations.queued).toBe(0);
  });

  it("RV-09: that is down: the last known list judges, and status says so", async () => {
    const store = createOddStore();
    const auth = create({ revocation: { store } });
    store.tell([
      {
        kind: "user",
        environment: "demo",
        digest: digestSubject("u"),
        issuedUpTo: nowSeconds,
        expiresAt: nowSeconds + 9,
      },
    ]);
    store.trouble(undefined);
    store.trouble(new Error("ECONNREFUSED"));
    expect(await stateOf(auth, issue())).toBe("authenticated");
    expectInvalidToken(await present(auth, issue({ sub: "u" })), "revoked");
    expect(auth.status().revocations).toMatchObject({ store: "down", lastError: "ECONNREFUSED" });
    expect(warnings[0]?.message).toContain("tokens are judged by the last known revocations");
  });

  it('RV-09: that is down, with onUnavailable "fail": 503, kept tokens included, until it is back', async () => {
    const store = createOddStore();
    const auth = create({ revocation: { store, onUnavailable: "fail" } });
    const token = issue();
    expectUnavailable(await present(auth, token), "revocation_store");
    store.trouble(undefined);
    for (let round = 0; round < 3; round += 1) expect(await stateOf(auth, token)).toBe("authenticated");
    store.trouble(new Error("ECONNREFUSED"));
    expectUnavailable(await present(auth, token), "revocation_store");
    expectInvalidToken(await present(auth, "abc"), "malformed");
    store.trouble(undefined);
    expect(await stateOf(auth, token)).toBe("authenticated");
    expect(warnings[0]?.message).toContain("answered 503 until it is back");
  });

  it("is not listened to any more after close()", async () => {
    const store = createOddStore();
    await create({ revocation: { store } }).close();
    expect(store.listeners.size).toBe(0);
  });

  it.each<[unknown, string]>([
    [null, "option revocation must be an object"],
    [{ stor: 1 }, "option revocation: option stor is not known"],
    [{ store: {} }, "option revocation.store must have add() and subscribe()"],
    [{ store: createOddStore(), onUnavailable: "open" }, 'option revocation.onUnavailable must be "serve" or "fail"'],
    [{ onUnavailable: "fail" }, '"fail" needs a store that can be unavailable'],
  ])("option revocation %j", (revocation, message) => {
    expect(() => create({ revocation })).toThrow(message);
  });
});

describe("the list", () => {
  const revoke = (n: number): Revocation => {
    return { kind: "token", environment: "demo", digest: `digest-${String(n)}`, expiresAt: nowSeconds + 60 };
  };

  it("RV-07: lets go of what has expired", () => {
    const list = createRevocationList(() => nowMs);
    for (let n = 0; n < 100_000; n += 1) list.add(revoke(n));
    expect(list.size()).toBe(100_000);
    nowMs += 120_000;
    expect(list.size()).toBe(0);
  });

  it("does not count as new what it knew", () => {
    const list = createRevocationList(() => nowMs);
    list.add(revoke(1));
    const version = list.version();
    list.add(revoke(1));
    expect(list.version()).toBe(version);
    list.add({ kind: "environment", environment: "demo", issuedUpTo: 5, expiresAt: nowSeconds + 9 });
    list.add({ kind: "environment", environment: "demo", issuedUpTo: 4, expiresAt: nowSeconds + 8 });
    expect(list.version()).toBe(version + 1);
  });

  it("no environment and subject make the key of another pair", () => {
    const list = createRevocationList(() => nowMs);
    list.add({
      kind: "user",
      environment: "a",
      digest: digestSubject("b c"),
      issuedUpTo: 5,
      expiresAt: nowSeconds + 9,
    });
    const at = { issuedAt: 1, digest: () => "x" };
    expect(list.covers({ environment: "a", subject: "b c", ...at })).toBe(true);
    expect(list.covers({ environment: "a", subject: "b", ...at })).toBe(false);
  });
});

describe("the memory store", () => {
  it("lets go of what has expired", async () => {
    const store = createMemoryRevocationStore({ now: () => nowMs });
    const told: number[] = [];
    const count = (): void => {
      const stop = store.subscribe({ revoked: ({ length }) => told.push(length), trouble: () => undefined });
      void stop();
    };
    await store.add({
      kind: "user",
      environment: "demo",
      digest: digestSubject("u"),
      issuedUpTo: 1,
      expiresAt: nowSeconds + 60,
    });
    count();
    nowMs += 120_000;
    count();
    expect(told).toEqual([1, 0]);
  });
});
