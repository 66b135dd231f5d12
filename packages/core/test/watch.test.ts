import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCloudbaseAuth, createMemoryRevocationStore, isAuthError } from "../src/index.ts";
import type { AuthResult, CloudbaseAuth, RevocationListener, Watch } from "../src/index.ts";
import { startAuthServer } from "./support/auth-server.ts";
import type { AuthServer } from "./support/auth-server.ts";
import { issue, nowSeconds, userClaims } from "./support/tokens.ts";

let server: AuthServer;
let nowMs: number;
const instances: CloudbaseAuth[] = [];

beforeEach(async () => {
  server = await startAuthServer();
  nowMs = nowSeconds * 1_000;
});
afterEach(async () => {
  vi.useRealTimers();
  for (const instance of instances.splice(0)) await instance.close();
  await server.close();
});

async function create(options: object = {}): Promise<CloudbaseAuth> {
  const base = { envId: "demo", endpoint: server.endpoint, now: () => nowMs, onWarning: () => undefined };
  const instance = createCloudbaseAuth({ ...base, ...options });
  instances.push(instance);
  await instance.ready();
  return instance;
}

const present = async (auth: CloudbaseAuth, token: string): Promise<AuthResult> =>
  auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
const watchToken = async (auth: CloudbaseAuth, token: string): Promise<Watch> => auth.watch(await present(auth, token));

/** Only the timers, and only now: the sockets of this file's server want the real ones. */
const stopTimers = (): unknown => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

/** Lets what has been woken up look. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Moves both clocks, as time does. */
function pass(seconds: number): void {
  nowMs += seconds * 1_000;
  vi.advanceTimersByTime(seconds * 1_000);
}

function endOf({ signal }: Watch): string | undefined {
  if (!signal.aborted) return undefined;
  const reason: unknown = signal.reason;
  if (!isAuthError(reason)) throw new Error("the reason is no AuthError");
  expect(reason).toMatchObject({ code: "invalid_token", status: 401 });
  return reason.reason;
}

describe("expiry", () => {
  it.each([
    ["with the usual tolerance", {}, 7_205],
    ["with none", { clockToleranceSeconds: 0 }, 7_200],
  ])("aborts when requests are refused too, %s", async (_title, options, seconds) => {
    const auth = await create(options);
    const token = issue();
    stopTimers();
    const watch = await watchToken(auth, token);
    pass(seconds - 1);
    expect(endOf(watch)).toBeUndefined();
    expect((await present(auth, token)).auth.state).toBe("authenticated");
    pass(1);
    expect(endOf(watch)).toBe("expired");
    expect((await present(auth, token)).auth).toMatchObject({ state: "rejected", error: { reason: "expired" } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is seen within a minute when the clock is set forward, or the machine slept", async () => {
    const auth = await create();
    stopTimers();
    const watch = await watchToken(auth, issue());
    await turn();
    nowMs += 86_400_000;
    vi.advanceTimersByTime(60_000);
    expect(endOf(watch)).toBe("expired");
  });

  it("holds for a life of more than 2^31 ms, which no timer can wait for", async () => {
    const life = 3_000_000;
    const auth = await create({ maxTokenLifetimeSeconds: life });
    const token = issue({ exp: nowSeconds + life });
    stopTimers();
    const watch = await watchToken(auth, token);
    await turn();
    vi.advanceTimersByTime(1);
    pass(life);
    expect(endOf(watch)).toBeUndefined();
    pass(60);
    expect(endOf(watch)).toBe("expired");
  });

  it("ends with a clock that gives no time", async () => {
    let broken = false;
    const auth = await create({ now: () => (broken ? Number.NaN : nowMs) });
    stopTimers();
    const watch = await watchToken(auth, issue());
    await turn();
    broken = true;
    vi.advanceTimersByTime(60_000);
    expect(endOf(watch)).toBe("expired");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("of a token that ended on the way here is told to listeners that come with the watch", async () => {
    const auth = await create();
    const result = await present(auth, issue());
    nowMs += 86_400_000;
    const watch = auth.watch(result);
    const told = vi.fn<() => void>();
    watch.signal.addEventListener("abort", told);
    await turn();
    expect(told).toHaveBeenCalledTimes(1);
    expect(endOf(watch)).toBe("expired");
  });
});

describe("revocation", () => {
  it("of the token, the user or everybody aborts at once; others go on", async () => {
    const auth = await create();
    const watches = {
      token: await watchToken(auth, issue({ n: 1 })),
      user: await watchToken(auth, issue({ sub: "second" })),
      other: await watchToken(auth, issue({ sub: "third" })),
    };
    const ends = () => Object.values(watches).map(endOf);
    await auth.revoke(issue({ n: 2 }));
    await turn();
    expect(ends()).toEqual([undefined, undefined, undefined]);
    await auth.revoke(watches.token.auth.token);
    expect(ends()).toEqual(["revoked", undefined, undefined]);
    await auth.revokeUser("second");
    await turn();
    expect(ends()).toEqual(["revoked", "revoked", undefined]);
    await auth.revokeEnvironment();
    await turn();
    expect(ends()).toEqual(["revoked", "revoked", "revoked"]);
  });

  it("made in another instance that shares the store", async () => {
    const store = createMemoryRevocationStore({ now: () => nowMs });
    const [here, there] = [await create({ revocation: { store } }), await create({ revocation: { store } })];
    const watch = await watchToken(here, issue());
    await there.revokeUser(userClaims.sub);
    await turn();
    expect(endOf(watch)).toBe("revoked");
  });

  it("on the way from the request to the watch", async () => {
    const auth = await create();
    const result = await present(auth, issue());
    await auth.revokeUser(userClaims.sub);
    const watch = auth.watch(result);
    await turn();
    expect(endOf(watch)).toBe("revoked");
  });

  it("is looked for when a store that was away is back; while it is away nothing ends", async () => {
    const listeners: RevocationListener[] = [];
    const store = {
      add: () => Promise.resolve(),
      subscribe: (listener: RevocationListener) => {
        listeners.push(listener);
        listener.trouble(undefined);
        return () => undefined;
      },
    };
    const auth = await create({ revocation: { store, onUnavailable: "fail" } });
    const watch = await watchToken(auth, issue());
    listeners[0]?.trouble(new Error("gone"));
    await turn();
    expect(endOf(watch)).toBeUndefined();
    const digest = createHash("sha256").update(userClaims.sub).digest("base64url");
    const at = { environment: "demo", digest, issuedUpTo: nowSeconds, expiresAt: nowSeconds + 9_000 };
    listeners[0]?.revoked([{ kind: "user", ...at }]);
    await turn();
    expect(endOf(watch)).toBeUndefined();
    listeners[0]?.trouble(undefined);
    await turn();
    expect(endOf(watch)).toBe("revoked");
  });

  it("of many at once makes each watch look once, and an error in a listener ends no other watch", async () => {
    const thrown: unknown[] = [];
    const keep = (error: unknown): void => void thrown.push(error);
    const before = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", keep);
    try {
      const auth = await create();
      const [first, second] = [await watchToken(auth, issue({ n: 1 })), await watchToken(auth, issue({ n: 2 }))];
      const told = vi.fn<() => void>();
      first.signal.addEventListener("abort", () => {
        throw new Error("of the listener");
      });
      second.signal.addEventListener("abort", told);
      await Promise.all(Array.from({ length: 50 }, () => auth.revokeUser(userClaims.sub)));
      await turn();
      expect([endOf(first), endOf(second)]).toEqual(["revoked", "revoked"]);
      expect(told).toHaveBeenCalledTimes(1);
      await turn();
      expect(thrown).toHaveLength(1);
    } finally {
      process.removeListener("uncaughtException", keep);
      for (const listener of before) process.on("uncaughtException", listener);
    }
  });
});

describe("extend(token)", () => {
  it("goes on with a new token of the same user, and from then on with that alone", async () => {
    const auth = await create();
    const [old, fresh] = [issue(), issue({ exp: nowSeconds + 10_000, name: "New Name" })];
    stopTimers();
    const watch = await watchToken(auth, old);
    expect(await watch.extend(fresh)).toBeUndefined();
    expect(watch.auth.token).toBe(fresh);
    expect(watch.user.name).toBe("New Name");
    await auth.revoke(old);
    pass(7_300);
    expect(endOf(watch)).toBeUndefined();
    pass(2_705);
    expect(endOf(watch)).toBe("expired");
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, () => string, object]>([
    ["another user's", () => issue({ sub: "somebody-else" }), { code: "invalid_token", reason: "claim" }],
    ["expired", () => issue({ exp: nowSeconds - 60, iat: nowSeconds - 90 }), { reason: "expired", status: 401 }],
    ["forged", () => `${issue({ n: 9 }).slice(0, -8)}AAAAAAAA`, { reason: "signature" }],
    ["garbage", () => "abc", { reason: "malformed" }],
    ["empty", () => "", { code: "invalid_request" }],
    ["several", () => `${issue()} ${issue()}`, { code: "invalid_request" }],
    ["no text at all", () => ({ token: issue() }) as unknown as string, { code: "invalid_request" }],
  ])("a token that is %s changes nothing", async (_title, make, refusal) => {
    const auth = await create();
    const watch = await watchToken(auth, issue());
    const before = watch.auth;
    expect(await watch.extend(make())).toMatchObject(refusal);
    expect(watch.auth).toBe(before);
    expect(endOf(watch)).toBeUndefined();
  });

  it("a token of the same subject in another environment is refused", async () => {
    const { endpoint } = server;
    const environments = [
      { envId: "demo", endpoint, issuers: "https://demo.example" },
      { envId: "other", endpoint, issuers: "https://other.example" },
    ];
    const auth = createCloudbaseAuth({ environments, now: () => nowMs });
    instances.push(auth);
    const watch = await watchToken(auth, issue({ iss: "https://demo.example" }));
    const other = issue({ iss: "https://other.example", aud: "other" });
    expect((await present(auth, other)).auth).toMatchObject({ state: "authenticated", environment: "other" });
    expect(await watch.extend(other)).toMatchObject({ code: "invalid_token", reason: "claim" });
  });

  it("while nobody can tell is 503, and changes nothing", async () => {
    const auth = await create({ verification: { mode: "introspection" } });
    const watch = await watchToken(auth, issue());
    server.introspection = (_request, response) => void response.writeHead(500).end();
    expect(await watch.extend(issue({ n: 1 }))).toMatchObject({ code: "service_unavailable", status: 503 });
    expect(endOf(watch)).toBeUndefined();
  });

  it("comes too late for what has ended, also meanwhile", async () => {
    const auth = await create();
    const watch = await watchToken(auth, issue());
    const fresh = issue({ iat: nowSeconds + 1, exp: nowSeconds + 9_000 });
    const extended = watch.extend(fresh);
    await auth.revokeUser(userClaims.sub);
    await turn();
    await extended;
    const late = await watchToken(auth, issue({ n: 3, iat: nowSeconds + 1 }));
    await auth.revoke(late.auth.token);
    expect(await late.extend(fresh)).toMatchObject({ reason: "revoked" });
    expect(endOf(late)).toBe("revoked");
  });
});

describe("costs", () => {
  /** With keys and without a connection, whose timers would be counted too. */
  async function createOffline(): Promise<CloudbaseAuth> {
    const online = await create();
    const keySets = online.exportKeySets();
    await online.close();
    const offline = createCloudbaseAuth({ envId: "demo", endpoint: server.endpoint, now: () => nowMs });
    instances.push(offline);
    await offline.importKeySets(keySets);
    return offline;
  }

  it("one timer each, which keeps no process alive and is gone with stop()", async () => {
    const auth = await createOffline();
    stopTimers();
    const watches = await Promise.all([1, 2, 3].map((n) => watchToken(auth, issue({ n }))));
    await turn();
    expect(vi.getTimerCount()).toBe(3);
    for (const { stop } of watches) stop();
    expect(vi.getTimerCount()).toBe(0);
    pass(9_000);
    await auth.revokeUser(userClaims.sub);
    await turn();
    expect(watches.map(endOf)).toEqual([undefined, undefined, undefined]);
  });

  it("a watch that is stopped is not wound up again, by its own start or by a new token", async () => {
    const auth = await createOffline();
    stopTimers();
    const watch = await watchToken(auth, issue());
    watch.stop();
    await turn();
    expect(await watch.extend(issue({ n: 1 }))).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("a process whose only business is a watch ends", async () => {
    const auth = await createOffline();
    const real = globalThis.setTimeout;
    const made: NodeJS.Timeout[] = [];
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, ms: number) => {
      const timer = real(run, ms);
      made.push(timer);
      return timer;
    }) as typeof setTimeout);
    const watch = await watchToken(auth, issue());
    await turn();
    vi.restoreAllMocks();
    expect(made.map((timer) => timer.hasRef())).toEqual([false]);
    watch.stop();
  });
});

it.each<[string, object]>([
  ["nobody", { auth: { state: "absent" } }],
  ["a request that cloudbaseAuth() has not seen", {}],
  ["a copy, which has no token", { auth: { state: "authenticated", claims: {} } }],
])("%s cannot be watched", async (_title, caller) => {
  const auth = await create();
  expect(() => auth.watch(caller)).toThrow(TypeError);
  expect(() => auth.watch(caller)).toThrow("put requireUser() in front");
});
