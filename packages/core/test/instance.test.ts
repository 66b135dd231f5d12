import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createSecureServer } from "node:https";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { Agent, MockAgent } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as adapterDoor from "../src/adapter.ts";
import * as door from "../src/index.ts";
import { createCloudbaseAuth, isAuthError } from "../src/index.ts";
import type { AuthRequest, CloudbaseAuth, CloudbaseAuthOptions, WarningEvent } from "../src/index.ts";
import { createWarnings } from "../src/outside/warnings.ts";
import { createCertificate } from "./support/certificate.ts";
import type { Certificate } from "./support/certificate.ts";
import { expectUnavailable } from "./support/harness.ts";
import { faults, startKeyServer } from "./support/key-server.ts";
import type { KeyServer } from "./support/key-server.ts";
import { issue, issuer, keyId, nowSeconds, publishedKey } from "./support/tokens.ts";

let server: KeyServer;
let warnings: WarningEvent[];
const instances: CloudbaseAuth[] = [];

beforeEach(async () => {
  server = await startKeyServer([publishedKey]);
  warnings = [];
});
afterEach(async () => {
  for (const auth of instances.splice(0)) await auth.close();
  await server.close();
});

function create(options: Partial<CloudbaseAuthOptions> = {}): CloudbaseAuth {
  const base = {
    envId: "demo",
    endpoint: server.endpoint,
    now: () => nowSeconds * 1_000,
    onWarning: (event: WarningEvent) => warnings.push(event),
  };
  const auth = createCloudbaseAuth({ ...base, ...options } as CloudbaseAuthOptions);
  instances.push(auth);
  return auth;
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("authenticate", () => {
  it("asks nobody before the first token, then once, then answers synchronously", async () => {
    const auth = create();
    expect(auth.authenticate({ headers: {} })).not.toBeInstanceOf(Promise);
    expect(server.hits).toBe(0);
    const first = auth.authenticate(bearer(issue()));
    expect(first).toBeInstanceOf(Promise);
    expect((await first).auth.state).toBe("authenticated");
    expect(auth.authenticate(bearer(issue()))).not.toBeInstanceOf(Promise);
    expect(server.hits).toBe(1);
  });

  it("JK-10, BU-17: a token that its form or claims rule out fetches no key, cold", async () => {
    const auth = create();
    const hopeless = [
      "x",
      issue({}, { alg: "none" }),
      issue({}, { typ: "logout+jwt" }),
      issue({ iss: "https://evil.example" }),
      issue({ aud: "other" }),
      issue({ exp: nowSeconds - 60, iat: nowSeconds - 90 }),
      issue({ sub: undefined }),
      issue({ role: "anon" }),
    ];
    for (const token of hopeless) expect((await auth.authenticate(bearer(token))).auth.state).toBe("rejected");
    expect(server.hits).toBe(0);
  });

  it.each(Object.keys(faults))(
    "F01, BU-17: key set answers with %s: 503, never 401, and the handler is told to wait",
    async (fault) => {
      server.behave = faults[fault] ?? server.behave;
      const auth = create();
      expectUnavailable(await auth.authenticate(bearer(issue())));
      const result = await auth.authenticate(bearer(issue()));
      expectUnavailable(result);
      expect(await auth.authorize(result)).toEqual(result.auth.state === "unavailable" && result.auth.error);
      expect(server.hits).toBe(1);
    },
  );

  it("an unknown kid is 401 while the key server answers, and 503 while it does not", async () => {
    const auth = create();
    await auth.ready();
    const unknown = bearer(issue({}, { kid: "unknown" }));
    expect((await auth.authenticate(unknown)).auth).toMatchObject({
      state: "rejected",
      error: { reason: "unknown_key" },
    });
    const other = create();
    await other.ready();
    server.behave = faults["status 500"] ?? server.behave;
    expectUnavailable(await other.authenticate(unknown));
    expect((await other.authenticate(bearer(issue()))).auth.state).toBe("authenticated");
  });

  it("never throws and never rejects, whatever the request is (F45, BU-17)", async () => {
    const auth = create();
    const odd: AuthRequest[] = [
      { headers: Object.setPrototypeOf({ authorization: "Bearer x" }, null) as AuthRequest["headers"] },
      { headers: JSON.parse('{"__proto__":"x","constructor":"y"}') as AuthRequest["headers"] },
      { headers: { authorization: "Bearer x" }, rawHeaders: ["authorization"] },
      { headers: { authorization: "Bearer x" }, rawHeaders: [] },
      { headers: { authorization: "Bearer x" }, url: "?%" },
      { headers: { authorization: "Bearer x" }, url: "http://[/?access_token" },
      { headers: { authorization: `Bearer ${"a".repeat(100_000)}` } },
      { headers: { authorization: " ".repeat(100_000) } },
    ];
    for (const request of odd) {
      const { auth: how } = await auth.authenticate(request);
      expect(["absent", "rejected"]).toContain(how.state);
    }
    expect(server.hits).toBe(0);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["no headers", {}],
    ["headers null", { headers: null }],
    ["a symbol in the header", { headers: { authorization: Symbol("x") } }],
    ["rawHeaders null", { headers: { authorization: "Bearer x" }, rawHeaders: null }],
    ["rawHeaders of something else", { headers: { authorization: "Bearer x" }, rawHeaders: [1, 2, Array(13)] }],
    ["a url that is no text", { headers: { authorization: "Bearer x" }, url: 5 }],
    [
      "headers that throw",
      {
        get headers() {
          throw new Error("the socket is gone");
        },
      },
    ],
  ])("BU-17: a request that is none (%s) is 503 with the cause, and no exception", async (_title, request) => {
    const result = await create().authenticate(request as AuthRequest);
    expectUnavailable(result, "internal");
    expect(result.auth.state === "unavailable" && result.auth.error.cause).toBeInstanceOf(Error);
    expect(server.hits).toBe(0);
  });

  it.each<[string, () => number]>([
    ["is not a number", () => Number.NaN],
    ["is endless", () => Infinity],
    ["is of another type", () => "today" as unknown as number],
    [
      "throws",
      () => {
        throw new Error("no clock");
      },
    ],
  ])("CL-05: with a clock that %s no token is good, not even one that ended long ago", async (_title, now) => {
    const auth = create({ now });
    await auth.ready();
    for (const token of [issue(), issue({ iat: 1, exp: 2 })]) {
      const result = await auth.authenticate(bearer(token));
      expectUnavailable(result, "internal");
      expect(result.auth.state === "unavailable" && result.auth.error.cause).toBeInstanceOf(Error);
    }
  });

  it("2,000 Authorization values, seeded: absent or rejected, and no network", async () => {
    const auth = create();
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((end) => `Bearer ${end}`),
      fc.array(fc.base64String(), { minLength: 1, maxLength: 6 }).map((parts) => `Bearer ${parts.join(".")}`),
    );
    await fc.assert(
      fc.asyncProperty(value, async (authorization) => {
        expect(["absent", "rejected"]).toContain((await auth.authenticate({ headers: { authorization } })).auth.state);
      }),
      { numRuns: 2_000, seed: 20_261_124 },
    );
    expect(server.hits).toBe(0);
  });

  it("fast-jwt CVE-2026-35039: 50 users interleaved 40 times, 0 swaps", async () => {
    const auth = create();
    const users = Array.from({ length: 50 }, (_, index) => ({
      sub: `user-${String(index)}`,
      token: issue({ sub: `user-${String(index)}` }),
    }));
    for (let round = 0; round < 40; round += 1) {
      const results = await Promise.all(users.map(async ({ token }) => auth.authenticate(bearer(token))));
      expect(results.map(({ user }) => user?.id)).toEqual(users.map(({ sub }) => sub));
    }
  });

  it("F24: a jump of the wall clock moves the times of tokens and nothing of the key set", async () => {
    let now = nowSeconds * 1_000;
    const auth = create({ now: () => now });
    await auth.ready();
    now += 3_600_000;
    expect((await auth.authenticate(bearer(issue()))).auth.state).toBe("authenticated");
    now += 3_600_000 + 5_000;
    expect((await auth.authenticate(bearer(issue()))).auth).toMatchObject({
      state: "rejected",
      error: { reason: "expired" },
    });
    now = 0;
    expect((await auth.authenticate(bearer(issue()))).auth).toMatchObject({
      state: "rejected",
      error: { reason: "not_yet_valid" },
    });
    expect(server.hits).toBe(1);
  });
});

describe("F50: TLS", () => {
  const year = new Date().getFullYear();
  const good = createCertificate(year - 1, year + 2);
  const expired = createCertificate(2020, 2021);

  it.each<[string, Certificate, boolean, string | undefined]>([
    ["of an authority that is trusted", good, true, undefined],
    ["of nobody we know", good, false, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["that has expired", expired, true, "CERT_HAS_EXPIRED"],
  ])("a certificate %s", async (_title, certificate, trusted, code) => {
    let hits = 0;
    const secure = createSecureServer({ ...certificate }, (_request, response) => {
      hits += 1;
      response.end(JSON.stringify({ keys: [publishedKey] }));
    }).listen(0, "127.0.0.1");
    await once(secure, "listening");
    const address = secure.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const dispatcher = trusted ? new Agent({ connect: { ca: certificate.cert } }) : undefined;
    const auth = create({ endpoint: `https://127.0.0.1:${port}`, dispatcher });
    const result = await auth.authenticate(bearer(issue()));
    if (code === undefined) {
      expect(result.auth.state).toBe("authenticated");
    } else {
      expectUnavailable(result);
      expect(auth.status().environments[0]?.keySet.lastError).toContain(`failed: ${code}`);
      expect(hits).toBe(0);
    }
    await dispatcher?.destroy();
    secure.close();
  });

  it("plain http behind an https endpoint", async () => {
    const auth = create({ endpoint: server.endpoint.replace("http:", "https:") });
    expectUnavailable(await auth.authenticate(bearer(issue())));
    expect(server.hits).toBe(0);
  });
});

describe("ready, status and close", () => {
  it("ready fetches once; it rejects with service_unavailable while the key set is out of reach", async () => {
    const auth = create();
    await Promise.all([auth.ready(), auth.ready()]);
    await auth.ready();
    expect(server.hits).toBe(1);
    server.behave = faults["status 500"] ?? server.behave;
    const error: unknown = await create()
      .ready()
      .catch((reason: unknown) => reason);
    expect(isAuthError(error) && error).toMatchObject({
      code: "service_unavailable",
      status: 503,
      headers: { "Retry-After": "1" },
    });
  });

  it("status tells what an operator asks, and nothing secret", async () => {
    const auth = create({ clientId: "c", clientSecret: "sentinel-secret" });
    const url = `${server.endpoint}/auth/v1/certs`;
    const before = { url, keyIds: [], ageSeconds: undefined, fetches: 0, failures: 0, lastError: undefined };
    const tokens = { tokens: 0, bytes: 0, hits: 0, misses: 0 };
    const revocations = { entries: 0, store: "none", lastError: undefined, queued: 0 };
    expect(auth.status()).toEqual({ environments: [{ envId: "demo", keySet: before, tokens }], revocations });
    await auth.authenticate(bearer(issue()));
    const keySet = { ...before, keyIds: [keyId], ageSeconds: 0, fetches: 1 };
    expect(auth.status()).toEqual({
      environments: [{ envId: "demo", keySet, tokens: { ...tokens, misses: 1 } }],
      revocations,
    });
    expect(JSON.stringify(auth.status())).not.toContain("sentinel");
    server.behave = faults["an HTML page"] ?? server.behave;
    const failing = create();
    await failing.authenticate(bearer(issue()));
    expect(failing.status().environments[0]?.keySet).toMatchObject({
      failures: 1,
      lastError: "the answer is not a JWK Set",
    });
  });

  it("a dispatcher that was handed in is used and stays open", async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    agent
      .get("https://demo.ap-shanghai.tcb-api.tencentcloudapi.com")
      .intercept({ path: "/auth/v1/certs" })
      .reply(200, { keys: [publishedKey] })
      .times(2);
    const auth = createCloudbaseAuth({ envId: "demo", dispatcher: agent, now: () => nowSeconds * 1_000 });
    expect((await auth.authenticate(bearer(issue({ iss: issuer })))).auth.state).toBe("authenticated");
    await auth.close();
    const second = createCloudbaseAuth({ envId: "demo", dispatcher: agent });
    await second.ready();
    expect(agent.pendingInterceptors()).toEqual([]);
    await agent.close();
  });

  it("after close the keys at hand still serve, and what needs a fetch is 503", async () => {
    const auth = create();
    await auth.ready();
    await auth.close();
    await auth.close();
    expect((await auth.authenticate(bearer(issue()))).auth.state).toBe("authenticated");
    expectUnavailable(await auth.authenticate(bearer(issue({}, { kid: "unknown" }))));
  });

  it.each(["close", "no close"])("a process that used an instance (%s) ends by itself", async (close) => {
    const script = new URL("support/uses-the-library.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [
      "--conditions=@cloudbase-auth/source",
      script,
      server.endpoint,
      issue(),
      close,
    ]);
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    expect([output.trim(), child.exitCode]).toEqual(["authenticated", 0]);
  });
});

describe("warnings", () => {
  it("name what happened, whose turn it is and what to do, each code once a minute and environment", async () => {
    server.publish([{ ...publishedKey, kid: "twin" }, { ...publishedKey, kid: "twin" }, publishedKey]);
    const auth = create();
    await auth.ready();
    expect(warnings).toEqual([
      {
        code: "key_dropped",
        environment: "demo",
        message: 'In the key set of environment demo, several keys share the kid "twin"; none of them is used.',
      },
    ]);
    server.behave = faults["status 500"] ?? server.behave;
    await auth.authenticate(bearer(issue({}, { kid: "unknown" })));
    expect(warnings[1]?.message).toBe(
      `The key set of environment demo could not be fetched (GET ${server.endpoint}/auth/v1/certs was answered with status 500 instead of 200); tokens are judged by the last good keys for up to 3600 seconds past their time. Check the network and the endpoint.`,
    );
  });

  it("F14–F16: all that is wrong with a set is in one warning, so that the second is not lost in the first's minute", async () => {
    const twin = { ...publishedKey, kid: "twin" };
    server.publish([twin, twin, { kty: "oct", k: "AA", kid: "secret" }, publishedKey]);
    await create().ready();
    expect(warnings.map(({ message }) => message)).toEqual([
      'In the key set of environment demo, several keys share the kid "twin"; none of them is used. In the key set of environment demo, the key with kid "secret" is not used: it carries private or symmetric key material.',
    ]);
  });

  it("a minute is 60 seconds of the monotonic clock, each code and environment for itself", () => {
    let time = 0;
    const heard: string[] = [];
    const warn = createWarnings(
      (event) => heard.push(`${event.code} ${event.environment} ${String(time)}`),
      () => time,
    );
    const event = (code: WarningEvent["code"], environment: string): WarningEvent => ({
      code,
      environment,
      message: "m",
    });
    for (time of [0, 1, 59_999, 60_000, 60_001]) {
      warn(event("key_dropped", "a"));
      if (time === 1) warn(event("key_dropped", "b"));
      if (time === 1) warn(event("key_set_unavailable", "a"));
    }
    expect(heard).toEqual(["key_dropped a 0", "key_dropped b 1", "key_set_unavailable a 1", "key_dropped a 60000"]);
  });

  it("go to process.emitWarning by default; a listener that throws breaks no request", () => {
    const emit = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const event: WarningEvent = { code: "key_dropped", environment: "demo", message: "A key was dropped." };
    createWarnings(undefined, () => 0)(event);
    expect(emit).toHaveBeenLastCalledWith("A key was dropped.", { type: "CloudbaseAuthWarning", code: "key_dropped" });
    createWarnings(
      () => {
        throw new Error("the log is full");
      },
      () => 0,
    )(event);
    expect(emit).toHaveBeenLastCalledWith(
      "option onWarning threw the log is full; the warning was: A key was dropped.",
      { type: "CloudbaseAuthWarning", code: "key_dropped" },
    );
    emit.mockRestore();
  });
});

describe("a listener that answers later", () => {
  it("and is rejected breaks nothing: it becomes a warning, not an unhandled rejection", async () => {
    const emit = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): unknown => unhandled.push(reason);
    process.on("unhandledRejection", hear);
    const warn = createWarnings(
      // What a JavaScript application may well hand in: a logger that is asynchronous.
      (async () => Promise.reject(new Error("the log is away"))) as unknown as (event: WarningEvent) => void,
      () => 0,
    );
    warn({ code: "key_dropped", environment: "demo", message: "A key was dropped." });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", hear);
    expect(unhandled).toEqual([]);
    expect(emit).toHaveBeenLastCalledWith(
      "option onWarning threw the log is away; the warning was: A key was dropped.",
      { type: "CloudbaseAuthWarning", code: "key_dropped" },
    );
    emit.mockRestore();
  });
});

describe("the door", () => {
  it("of the package", () =>
    expect(Object.keys(door)).toMatchInlineSnapshot(`
      [
        "createAuthClient",
        "createCloudbaseAuth",
        "currentAuth",
        "currentUser",
        "refuseUpgrade",
        "createMemoryRefreshCoordinator",
        "createMemoryRevocationStore",
        "AuthError",
        "isAuthError",
        "logSerializers",
        "redact",
        "fromCloudbaseContext",
        "fromCookie",
        "fromForm",
        "fromHeader",
        "fromQuery",
        "explain",
        "all",
        "any",
        "not",
        "AuthApiError",
      ]
    `));
  it("of the adapters", () =>
    expect(Object.keys(adapterDoor)).toMatchInlineSnapshot(`
      [
        "attach",
        "decide",
        "isIdentified",
        "openAdapter",
        "passOn",
        "refusalOf",
        "requestWithBody",
        "dropConditions",
        "mergeHeaders",
        "responseHeadersOf",
        "maxSessionBodyBytes",
        "readSessionBody",
        "createRetryQueue",
        "runAsCaller",
        "parseCookies",
        "formatProblem",
        "formatProblemAnswer",
        "parseStrictObject",
        "checkRequirement",
        "assertDeclared",
        "describeRoute",
        "formatRoutes",
        "assertInPlace",
        "userOf",
        "coversPath",
        "joinPaths",
        "declareGuard",
        "declareHandler",
        "policiesInFront",
        "policyOf",
      ]
    `));
});
