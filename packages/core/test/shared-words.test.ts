import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type { AuthResult, CloudbaseAuth, CloudbaseAuthOptions, IntrospectionCache, SharedWord } from "../src/index.ts";
import { active, inactive, introspectPath, startAuthServer } from "./support/auth-server.ts";
import type { AuthServer } from "./support/auth-server.ts";
import { expectInvalidToken, expectUnavailable } from "./support/harness.ts";
import "./support/no-network.ts";
import { issue, nowSeconds, userClaims } from "./support/tokens.ts";

let server: AuthServer;
let nowMs: number;
let kept: Map<string, SharedWord & { readonly ttlMs: number }>;
let cache: IntrospectionCache;
const instances: CloudbaseAuth[] = [];

beforeEach(async () => {
  server = await startAuthServer();
  nowMs = nowSeconds * 1_000;
  kept = new Map();
  cache = {
    load(key) {
      const { active: isActive, askedAt } = kept.get(key) ?? {};
      return Promise.resolve(
        isActive === undefined || askedAt === undefined ? undefined : { active: isActive, askedAt },
      );
    },
    save: (key, word, ttlMs) => Promise.resolve(void kept.set(key, { ...word, ttlMs })),
  };
});
afterEach(async () => {
  for (const instance of instances.splice(0)) await instance.close();
  await server.close();
});

/** A process of its own, as far as introspection goes. */
function startProcess(changes: object = {}, verification: object = { mode: "introspection" }): CloudbaseAuth {
  const options: object = {
    ...{ envId: "demo", endpoint: server.endpoint, now: () => nowMs, onWarning: () => undefined },
    verification: { ...verification, cache },
    ...changes,
  };
  const instance = createCloudbaseAuth(options as CloudbaseAuthOptions);
  instances.push(instance);
  return instance;
}

const askNow = (auth: CloudbaseAuth, token: string): AuthResult | Promise<AuthResult> =>
  auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
const ask = async (auth: CloudbaseAuth, token: string): Promise<AuthResult> => askNow(auth, token);
const stateOf = async (auth: CloudbaseAuth, token = issue()): Promise<string> => (await ask(auth, token)).auth.state;
const questions = (): number => server.count(introspectPath);
const digestOf = (token: string): string =>
  createHash("sha256")
    .update(JSON.stringify(["demo", token]))
    .digest("base64url");
const leave = (token: string, word: SharedWord): unknown => kept.set(digestOf(token), { ...word, ttlMs: 60_000 });

describe("option verification.cache: what one process was told, all know", () => {
  it.each([{ mode: "introspection" }, { mode: "hybrid", introspectAfterSeconds: 30, onUnavailable: "fail" }])(
    "$mode: one question for all processes",
    async (verification) => {
      const token = issue({ iat: nowSeconds - 100 });
      for (let n = 0; n < 4; n += 1) expect(await stateOf(startProcess({}, verification), token)).toBe("authenticated");
      expect(questions()).toBe(1);
    },
  );

  it("an inactive token is refused by all, and its word is kept for 10 seconds at most", async () => {
    server.introspection = inactive;
    for (let n = 0; n < 4; n += 1) expectInvalidToken(await ask(startProcess(), issue()), "inactive");
    expect(questions()).toBe(1);
    expect([...kept.values()]).toMatchObject([{ active: false, ttlMs: 10_000 }]);
  });

  it("keeps a digest, the word and its time, and nothing of the token or its user", async () => {
    const token = issue();
    await ask(startProcess(), token);
    await expect.poll(() => kept.size).toBe(1);
    expect([...kept.keys()]).toEqual([digestOf(token)]);
    expect(Object.keys(kept.get(digestOf(token)) ?? {}).sort()).toEqual(["active", "askedAt", "ttlMs"]);
    expect(Math.abs((kept.get(digestOf(token))?.askedAt ?? 0) - nowMs)).toBeLessThan(5_000);
    expect(JSON.stringify([...kept])).not.toContain(userClaims.sub);
  });

  it("a word counts from when it was asked for, not from when it was found", async () => {
    const token = issue();
    leave(token, { active: true, askedAt: nowMs - 59_000 });
    expect(await stateOf(startProcess(), token)).toBe("authenticated");
    expect(questions()).toBe(0);
    leave(token, { active: true, askedAt: nowMs - 60_000 });
    expect(await stateOf(startProcess(), token)).toBe("authenticated");
    expect(questions()).toBe(1);
  });

  it("freshSeconds: a word that is too old is asked for anew, however many ask", async () => {
    const token = issue();
    leave(token, { active: true, askedAt: nowMs - 20_000 });
    const auth = startProcess();
    const result = await ask(auth, token);
    server.introspection = inactive;
    const verdicts = await Promise.all(
      [30, 10, 10].map(async (freshSeconds) => auth.authorize(result, { freshSeconds })),
    );
    expect(verdicts.map((error) => error?.reason)).toEqual([undefined, "inactive", "inactive"]);
    expect(questions()).toBe(1);
  });

  it("a word of the time to come is none", async () => {
    const token = issue();
    server.introspection = inactive;
    leave(token, { active: true, askedAt: nowMs + 2_000 });
    expectInvalidToken(await ask(startProcess(), token), "inactive");
  });

  it("the word on one token is never taken for another's", async () => {
    await stateOf(startProcess());
    server.introspection = inactive;
    expectInvalidToken(await ask(startProcess(), issue({ n: 2 })), "inactive");
  });

  it("100 requests with one token look once and ask once", async () => {
    let looks = 0;
    const inner = cache;
    cache = { ...inner, load: (key) => ((looks += 1), inner.load(key)) };
    const auth = startProcess();
    await Promise.all(Array.from({ length: 100 }, () => ask(auth, issue())));
    expect([looks, questions()]).toEqual([1, 1]);
  });

  it("answers at once what this process knows", async () => {
    const auth = startProcess();
    await ask(auth, issue());
    await ask(auth, issue());
    expect(askNow(auth, issue())).toMatchObject({ auth: { state: "authenticated" } });
  });

  it("a word at hand counts while the server is away, and 503 without one", async () => {
    server.introspection = (request) => request.socket.resetAndDestroy();
    const token = issue();
    leave(token, { active: true, askedAt: nowMs - 1_000 });
    const auth = startProcess();
    expect(await stateOf(auth, token)).toBe("authenticated");
    expectUnavailable(await ask(auth, issue({ n: 2 })), "introspection");
  });
});

describe("a cache that is no good is as if there were none", () => {
  const garbage: readonly unknown[] = [null, "true", {}, [], 1, { active: "true", askedAt: 1 }, { active: true }];

  it.each<[string, () => unknown]>([
    ["rejects", () => Promise.reject(new Error("down"))],
    [
      "throws",
      () => {
        throw new Error("down");
      },
    ],
    ["is no promise", () => undefined],
    ...garbage.map((word): [string, () => unknown] => [`answers ${JSON.stringify(word)}`, () => Promise.resolve(word)]),
    ["answers no time", () => Promise.resolve({ active: true, askedAt: NaN })],
  ])("%s: the server is asked", async (_title, answer) => {
    cache = { load: answer, save: answer } as unknown as IntrospectionCache;
    const auth = startProcess();
    expect(await stateOf(auth)).toBe("authenticated");
    server.introspection = inactive;
    expectInvalidToken(await ask(auth, issue({ n: 2 })), "inactive");
    expect(questions()).toBe(2);
  });

  it("hangs: costs 250 ms once, and then nothing for a second", async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    cache = { load: never, save: never };
    const auth = startProcess();
    await auth.ready();
    const startedAt = performance.now();
    expect(await stateOf(auth)).toBe("authenticated");
    const waitedMs = performance.now() - startedAt;
    expect(waitedMs).toBeGreaterThanOrEqual(240);
    expect(waitedMs).toBeLessThan(1_000);
    let looks = 0;
    cache.load = () => ((looks += 1), never());
    for (let n = 0; n < 10; n += 1) expect(await stateOf(auth, issue({ n }))).toBe("authenticated");
    expect(looks).toBe(0);
    await expect
      .poll(async () => (await stateOf(auth, issue({ n: Math.random() })), looks), { timeout: 3_000 })
      .toBeGreaterThan(0);
  });

  it.each([null, {}, { load: 1, save: 1 }, "redis"])("%j is a TypeError where it is set", (wrong) => {
    for (const verification of [
      { mode: "introspection" },
      { mode: "hybrid", introspectAfterSeconds: 1, onUnavailable: "fail" },
    ]) {
      const create = (): unknown => startProcess({ verification: { ...verification, cache: wrong } });
      expect(create).toThrow("option verification.cache must have load() and save()");
    }
    const local = (): unknown => startProcess({ verification: { mode: "local", cache } });
    expect(local).toThrow('mode "local": option cache is not known');
  });

  it("takes the server's word for what it is when the cache says otherwise but is older", async () => {
    const auth = startProcess({}, { mode: "introspection" });
    const token = issue();
    server.introspection = active;
    const result = await ask(auth, token);
    leave(token, { active: false, askedAt: nowMs - 5_000 });
    expect(await auth.authorize(result, { freshSeconds: 60 })).toBeUndefined();
    nowMs += 1;
    expect(await stateOf(auth, token)).toBe("authenticated");
  });
});
