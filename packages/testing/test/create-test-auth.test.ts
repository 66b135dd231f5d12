import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createTestAuth } from "@cloudbase-auth/testing";
import type { Person, TestAuth } from "@cloudbase-auth/testing";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { authenticate, quiet, refusalOf } from "./support/server.ts";

let testAuth: TestAuth;
beforeAll(async () => {
  testAuth = await createTestAuth();
});

const aLongNumber: unknown = expect.stringMatching(/^1\d{18}$/);

describe("signInAs", () => {
  test.for<[Person, object]>([
    [{}, { id: aLongNumber, isAnonymous: false, groups: [], roles: [], scopes: ["user", "sso"] }],
    [
      { id: "ann", name: "Ann" },
      { id: "ann", name: "Ann", provider: "username" },
    ],
    [
      { groups: ["admin"], roles: ["editor"] },
      { groups: ["admin"], roles: ["editor"] },
    ],
    [{ scopes: ["posts", "photos"] }, { scopes: ["posts", "photos"] }],
    [{ anonymous: true }, { isAnonymous: true, name: "Anonymous", scopes: ["anonymous"] }],
    [
      { anonymous: true, scopes: ["posts"] },
      { isAnonymous: true, scopes: ["posts", "anonymous"] },
    ],
    [
      { email: "a@b.example", phoneNumber: "+86 13800000000", picture: "https://b.example/a.png" },
      { email: "a@b.example", phoneNumber: "+86 13800000000", picture: "https://b.example/a.png" },
    ],
    [
      { provider: "wx_open", openId: "o-1", unionId: "u-1" },
      { provider: "wx_open", openId: "o-1", unionId: "u-1" },
    ],
  ])("%j", async ([person, user]) => {
    const headers = await testAuth.signInAs(person);
    expect(Object.keys(headers)).toEqual(["authorization"]);
    expect((await authenticate(headers, testAuth)).user).toMatchObject(user);
  });

  test("an anonymous user has no login method, as CloudBase's have none", async () => {
    expect((await authenticate(await testAuth.signInAs({ anonymous: true }), testAuth)).user).not.toHaveProperty(
      "provider",
    );
  });

  test("a member that a person has not is named, instead of signing somebody in without groups", async () => {
    const misspelt = { id: "ann", group: ["editors"] };
    await expect(testAuth.signInAs(misspelt)).rejects.toThrow(/^a person has no group; there are .*groups/);
  });

  test("claims of your own come last", async () => {
    const { auth } = await authenticate(
      await testAuth.signInAs({ id: "ann", claims: { tenant: "t1", sub: "bob" } }),
      testAuth,
    );
    expect(auth).toMatchObject({ state: "authenticated", claims: { sub: "bob", tenant: "t1" } });
  });

  test("who has no id is somebody else each time", async () => {
    const [one, two] = await Promise.all([1, 2].map(async () => authenticate(await testAuth.signInAs(), testAuth)));
    expect(one?.user?.id).not.toBe(two?.user?.id);
  });
});

describe("side by side", () => {
  test.for([
    ["with ids of their own", {}],
    ["with the same id", { envId: "demo" }],
  ] as const)("neither of two takes the other's tokens, %s", async ([, settings]) => {
    const [one, two] = await Promise.all([createTestAuth(settings), createTestAuth(settings)]);
    const oneHeaders = await one.signInAs({ id: "ann" });
    const twoHeaders = await two.signInAs({ id: "ann" });
    expect((await authenticate(oneHeaders, one)).user?.id).toBe("ann");
    expect((await authenticate(twoHeaders, two)).user?.id).toBe("ann");
    const expected = ["rejected", 401, "invalid_token", "envId" in settings ? "unknown_key" : "issuer"];
    expect(refusalOf(await authenticate(twoHeaders, one))).toEqual(expected);
    expect(refusalOf(await authenticate(oneHeaders, two))).toEqual(expected);
  });
});

describe("advance", () => {
  test("a token lives for two hours, and five seconds for clocks that differ", async () => {
    const timed = await createTestAuth();
    const headers = await timed.signInAs();
    timed.advance(7_200 + 3);
    expect((await authenticate(headers, timed)).auth.state).toBe("authenticated");
    timed.advance(3);
    expect(refusalOf(await authenticate(headers, timed))).toEqual(["rejected", 401, "invalid_token", "expired"]);
    expect((await authenticate(await timed.signInAs(), timed)).auth.state).toBe("authenticated");
  });

  test("moves nobody else's time", async () => {
    const before = testAuth.options.now();
    (await createTestAuth()).advance(86_400);
    expect(testAuth.options.now() - before).toBeLessThan(60_000);
  });

  test("a clock of your own, and lifetimes of your own", async () => {
    let now = Date.UTC(2026, 0, 1);
    const timed = await createTestAuth({ now: () => now, settings: { accessTokenSeconds: 60 } });
    const headers = await timed.signInAs();
    expect((await authenticate(headers, timed)).auth).toMatchObject({ expiresAt: Date.UTC(2026, 0, 1, 0, 1) });
    now += 66_000;
    expect(refusalOf(await authenticate(headers, timed))).toEqual(["rejected", 401, "invalid_token", "expired"]);
  });
});

describe("goDown", () => {
  test("503 without keys, and as ever with them", async () => {
    const down = await createTestAuth();
    const headers = await down.signInAs();
    const warm = createCloudbaseAuth({ ...down.options, ...quiet });
    await warm.ready();
    down.goDown();
    expect(refusalOf(await authenticate(headers, down))).toEqual([
      "unavailable",
      503,
      "service_unavailable",
      "key_set",
    ]);
    expect((await warm.authenticate({ headers })).auth.state).toBe("authenticated");
    expect(warm.status().environments[0]?.keySet.failures).toBe(0);
  });

  test("comeBack: a server that failed is there again after its second", async () => {
    const down = await createTestAuth();
    const headers = await down.signInAs();
    const auth = createCloudbaseAuth({ ...down.options, ...quiet });
    down.goDown();
    expect((await auth.authenticate({ headers })).auth.state).toBe("unavailable");
    down.comeBack();
    await vi.waitFor(
      async () => expect((await auth.authenticate({ headers })).auth.state).toBe("authenticated"),
      5_000,
    );
  });

  test("the operator's warning says what it was", async () => {
    const down = await createTestAuth();
    down.goDown();
    const warnings: string[] = [];
    const auth = createCloudbaseAuth({ ...down.options, onWarning: ({ message }) => warnings.push(message) });
    await expect(auth.ready()).rejects.toMatchObject({ code: "service_unavailable" });
    expect(warnings).toEqual([expect.stringContaining("ECONNREFUSED")]);
  });
});

describe("revoke", () => {
  test("is seen by whoever asks the server, and by nobody else", async () => {
    const token = await testAuth.issueToken({ id: "ann" });
    const headers = { authorization: `Bearer ${token}` };
    const introspect = createCloudbaseAuth({ ...testAuth.options, verification: { mode: "introspection" } });
    expect((await introspect.authenticate({ headers })).auth.state).toBe("authenticated");
    await testAuth.revoke(token);
    const local = createCloudbaseAuth(testAuth.options);
    const result = await local.authenticate({ headers });
    expect(result.auth.state).toBe("authenticated");
    expect(await local.authorize(result, { freshSeconds: 1 })).toMatchObject({
      code: "invalid_token",
      reason: "inactive",
    });
    const other = createCloudbaseAuth({ ...testAuth.options, verification: { mode: "introspection" } });
    expect(refusalOf(await other.authenticate({ headers }))).toEqual(["rejected", 401, "invalid_token", "inactive"]);
  });
});

describe("the rest of the environment", () => {
  test("registered users sign in, and their sessions are refreshed", async () => {
    const registered = await createTestAuth({
      users: [{ username: "lihua", password: "Secret-123", groups: ["admin"] }],
      clientId: "web",
      clientSecret: "web-secret",
    });
    const auth = createCloudbaseAuth(registered.options);
    const tokens = await auth.client.signIn({ username: "lihua", password: "Secret-123" });
    const headers = { authorization: `Bearer ${tokens.accessToken}` };
    expect((await auth.authenticate({ headers })).user).toMatchObject({ groups: ["admin"] });
    expect((await auth.refresh(String(tokens.refreshToken))).accessToken).not.toBe(tokens.accessToken);
    expect(registered.emulator.requests.entries().length).toBeGreaterThan(2);
  });

  test("a single endpoint fails, on the wire", async () => {
    const faulty = await createTestAuth();
    const headers = await faulty.signInAs();
    for (const fault of [
      { kind: "garbage" },
      { kind: "reset" },
      { kind: "huge" },
      { kind: "redirect", url: "/" },
    ] as const) {
      faulty.emulator.failNext("GET /auth/v1/certs", fault);
      expect((await authenticate(headers, faulty)).auth.state).toBe("unavailable");
    }
    expect((await authenticate(headers, faulty)).auth.state).toBe("authenticated");
  });

  test("a server that never answers is given up as in production", async () => {
    const faulty = await createTestAuth();
    faulty.emulator.failNext("POST /auth/v1/signin/anonymously", { kind: "hang" });
    const { client } = createCloudbaseAuth({ ...faulty.options, client: { timeoutMs: 50 } });
    await expect(client.signInAnonymously()).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("wrong settings are named", async () => {
    await expect(createTestAuth({ envId: "No Such" })).rejects.toThrow(TypeError);
    await expect(createTestAuth({ envId: "No Such" })).rejects.toThrow(/^envId must be/);
  });
});
