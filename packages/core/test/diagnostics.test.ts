import { spawn } from "node:child_process";
import { once } from "node:events";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCloudbaseAuth, createMemoryRevocationStore, not } from "../src/index.ts";
import type { AuthResult, CloudbaseAuth, CloudbaseAuthOptions, DiagnosticsEvents, Revocation } from "../src/index.ts";
import { channels, tell } from "../src/outside/diagnostics.ts";
import { inactive, json, startAuthServer } from "./support/auth-server.ts";
import type { AuthServer } from "./support/auth-server.ts";
import { issue, keyId, nowSeconds } from "./support/tokens.ts";

const names = Object.keys(channels) as (keyof DiagnosticsEvents)[];
const took: unknown = expect.any(Number);

let server: AuthServer;
let nowMs: number;
let told: { readonly name: string; readonly event: unknown }[];
const instances: CloudbaseAuth[] = [];

function listen(event: unknown, name: string | symbol): void {
  told.push({ name: String(name).replace("cloudbase-auth:", ""), event });
}

beforeEach(async () => {
  server = await startAuthServer();
  nowMs = nowSeconds * 1_000;
  told = [];
  for (const name of names) subscribe(name, listen);
});
afterEach(async () => {
  for (const name of names) unsubscribe(name, listen);
  for (const instance of instances.splice(0)) await instance.close();
  await server.close();
});

function create(options: Partial<CloudbaseAuthOptions> = {}): CloudbaseAuth {
  const base = { envId: "demo", endpoint: server.endpoint, now: () => nowMs, onWarning: () => undefined };
  const instance = createCloudbaseAuth({ ...base, ...options } as CloudbaseAuthOptions);
  instances.push(instance);
  return instance;
}

/** The events of one channel, of which there are as many as are asked for. */
function eventsOf(name: string): unknown[] {
  return told.filter((one) => one.name === name).map(({ event }) => event);
}

async function authenticate(auth: CloudbaseAuth, token: string): Promise<AuthResult> {
  return auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
}

describe("what becomes of requests", () => {
  it("authenticated: by whose word, and whether it was known", async () => {
    const auth = create();
    const token = issue();
    for (let count = 0; count < 3; count += 1) await authenticate(auth, token);
    const event = { environment: "demo", verifiedBy: "signature", cacheHit: false, durationMs: took };
    expect(eventsOf("authenticated")).toEqual([event, event, { ...event, cacheHit: true }]);
  });

  it("two requests that wait for the same answer are told of one by one", async () => {
    const auth = create();
    await Promise.all([authenticate(auth, issue()), authenticate(auth, issue())]);
    expect(eventsOf("authenticated")).toHaveLength(2);
    expect(eventsOf("key_set_fetch")).toHaveLength(1);
  });

  it("rejected: code and reason, at first and when it is remembered, and the environment that the token names", async () => {
    const auth = create();
    const token = issue({ iat: nowSeconds - 200, exp: nowSeconds - 100 });
    await authenticate(auth, token);
    await authenticate(auth, token);
    const event = {
      ...{ environment: "demo", code: "invalid_token", reason: "expired" },
      ...{ cacheHit: false, durationMs: took },
    };
    expect(eventsOf("rejected")).toEqual([event, { ...event, cacheHit: true }]);
  });

  it.for([
    ["of another issuer", issue({ iss: "https://other.example" }), "invalid_token", "issuer"],
    ["no token at all", "rubbish", "invalid_token", "malformed"],
    ["two in one header", "a b", "invalid_request", "malformed_header"],
  ] as const)("rejected: %s is of no environment", async ([, token, code, reason]) => {
    await authenticate(create(), token);
    const event = { environment: undefined, code, reason, cacheHit: false, durationMs: took };
    expect(eventsOf("rejected")).toEqual([event]);
  });

  it("unavailable: what was out of reach", async () => {
    const auth = create({ verification: { mode: "introspection" } });
    server.introspection = (_request, response) => json(response, {}, 503);
    await authenticate(auth, issue());
    expect(eventsOf("unavailable")).toEqual([
      { environment: "demo", code: "service_unavailable", reason: "introspection", durationMs: took },
    ]);
    expect(eventsOf("introspection")).toEqual([{ environment: "demo", outcome: "unavailable", durationMs: took }]);
  });

  it("nothing presented is told of by nobody but the guard", async () => {
    const auth = create();
    const result = await auth.authenticate({ headers: {} });
    expect(told).toEqual([]);
    await auth.authorize(result);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    const explanation = { state: "absent", held: false };
    const event = { environment: undefined, code: "missing_token", reason: undefined, explanation };
    expect(told).toEqual([{ name: "denied", event }]);
  });

  it("denied: each condition, held or not, at once or later, and nothing of the user", async () => {
    const auth = create();
    const result = await authenticate(auth, issue());
    const refusal = auth.authorize(result, { scopes: ["user"], groups: ["admins"] });
    expect(refusal).toMatchObject({ code: "forbidden" });
    expect(refusal).not.toHaveProperty("explanation");
    await auth.authorize(result, { check: () => Promise.resolve(false) });
    await vi.waitFor(() => expect(eventsOf("denied")).toHaveLength(2));
    const anonymous = { condition: "anonymous", wanted: "deny", held: true };
    const of = [
      anonymous,
      { condition: "scopes", wanted: ["user"], held: true },
      { condition: "groups", wanted: ["admins"], held: false },
    ];
    const denied = { environment: "demo", code: "forbidden" };
    const explanation = { state: "authenticated", held: false };
    expect(eventsOf("denied")).toEqual([
      {
        ...denied,
        reason: "group",
        explanation: { ...explanation, requirement: { condition: "all", held: false, of } },
      },
      {
        ...{ ...denied, reason: "check" },
        explanation: {
          ...explanation,
          requirement: { condition: "all", held: false, of: [anonymous, { condition: "check", held: false }] },
        },
      },
    ]);
  });

  it("denied: a check that throws is the guard's own matter, and leaves the explanation out", async () => {
    const auth = create();
    const result = await authenticate(auth, issue());
    const fails = { check: () => Promise.reject(new Error("database")) };
    await expect(auth.authorize(result, fails)).rejects.toThrow("database");
    let asked = 0;
    const refusal = await auth.authorize(result, {
      check: () => {
        asked += 1;
        if (asked > 1) throw new Error("database");
        return false;
      },
    });
    expect(refusal?.code).toBe("forbidden");
    await vi.waitFor(() => expect(eventsOf("denied")).toHaveLength(1));
    expect(eventsOf("denied")).toMatchObject([{ code: "forbidden", explanation: undefined }]);
  });

  it("what may pass is not explained", async () => {
    const auth = create();
    const result = await authenticate(auth, issue());
    let asked = 0;
    const check = (): boolean => (asked += 1) > 0;
    expect(await auth.authorize(result, { check })).toBeUndefined();
    expect(await auth.authorize(result, not({ groups: ["banned"] }))).toBeUndefined();
    expect(asked).toBe(1);
    expect(eventsOf("denied")).toEqual([]);
  });
});

describe("what is asked of the server", () => {
  const upstream = { environment: "demo", resends: 0, error: undefined, durationMs: took };

  it("key_set_fetch and upstream_request: a set that came", async () => {
    await create().ready();
    expect(told).toEqual([
      {
        name: "upstream_request",
        event: { ...upstream, call: "keySet", method: "GET", url: `${server.endpoint}/auth/v1/certs`, status: 200 },
      },
      {
        name: "key_set_fetch",
        event: { environment: "demo", outcome: "fetched", durationMs: took, keyIds: [keyId], error: undefined },
      },
    ]);
  });

  it("key_set_fetch and upstream_request: a set that did not", async () => {
    const auth = create();
    await server.close();
    await auth.ready().catch(() => undefined);
    const url = `${server.endpoint}/auth/v1/certs`;
    expect(told).toEqual([
      {
        name: "upstream_request",
        event: { ...upstream, call: "keySet", method: "GET", url, status: undefined, error: "ECONNREFUSED" },
      },
      {
        name: "key_set_fetch",
        event: {
          ...{ environment: "demo", outcome: "failed", durationMs: took, keyIds: [] },
          error: `GET ${url} failed: ECONNREFUSED`,
        },
      },
    ]);
    server = await startAuthServer();
  });

  it("introspection: what the server said", async () => {
    const auth = create({ verification: { mode: "introspection" } });
    await authenticate(auth, issue());
    server.introspection = inactive;
    await authenticate(auth, issue({ at_hash: "another" }));
    const event = { environment: "demo", durationMs: took };
    expect(eventsOf("introspection")).toEqual([
      { ...event, outcome: "active" },
      { ...event, outcome: "inactive" },
    ]);
  });

  it("upstream_request: a repetition is told of as one, and the variable part of a path is not", async () => {
    const auth = create();
    let answers = 0;
    server.introspection = (_request, response) => {
      answers += 1;
      json(response, { sub: "x" }, answers === 1 ? 503 : 200, { "retry-after": "0" });
    };
    await auth.client.introspect({ accessToken: "a-token" });
    await auth.client.providers.unbind({ accessToken: "a-token", providerId: "wx-1234" });
    const introspect = { ...upstream, call: "introspect", method: "GET" };
    const url = `${server.endpoint}/auth/v1/token/introspect`;
    expect(eventsOf("upstream_request")).toEqual([
      { ...introspect, url, status: 503 },
      { ...introspect, url, status: 200, resends: 1 },
      {
        ...{ ...upstream, call: "providers.unbind", method: "DELETE", status: 200 },
        url: `${server.endpoint}/auth/v1/user/provider/{provider_id}`,
      },
    ]);
  });

  it.for([
    ["timeout", 50],
    ["aborted", 5_000],
  ] as const)("upstream_request: %s", async ([error, timeoutMs]) => {
    const controller = new AbortController();
    server.introspection = () => error === "aborted" && controller.abort();
    const options = { timeoutMs, signal: controller.signal };
    await expect(create().client.introspect({ accessToken: "a-token" }, options)).rejects.toThrow();
    expect(eventsOf("upstream_request")).toMatchObject([{ call: "introspect", status: undefined, error }]);
  });

  it("refresh: done, or what kept it from being done", async () => {
    const auth = create();
    let answer: [object, number] = [
      { access_token: "a", token_type: "Bearer", expires_in: 1, refresh_token: "r" },
      200,
    ];
    server.other = (_request, response) => json(response, ...answer);
    await auth.client.refresh({ refreshToken: "a-refresh-token" });
    answer = [{ error: "invalid_grant" }, 400];
    await expect(auth.client.refresh({ refreshToken: "a-refresh-token" })).rejects.toThrow("invalid_grant");
    const signal = AbortSignal.abort();
    await expect(auth.client.refresh({ refreshToken: "a-refresh-token" }, { signal })).rejects.toThrow("aborted");
    const event = { environment: "demo", durationMs: took };
    expect(eventsOf("refresh")).toEqual([
      { ...event, outcome: "refreshed", kind: undefined },
      { ...event, outcome: "failed", kind: "invalid_grant" },
      { ...event, outcome: "failed", kind: undefined },
    ]);
  });

  it("revocation: who was told, who will be, and who will not hear", async () => {
    const store = createMemoryRevocationStore();
    const auth = create({ revocation: { store } });
    await auth.revoke(issue());
    server.revocation = (_request, response) => json(response, {}, 503);
    await auth.revoke(issue({ at_hash: "another" }));
    server.revocation = (_request, response) => json(response, { error: "permission_denied" }, 403);
    await expect(auth.revoke(issue({ at_hash: "third" }))).rejects.toThrow("permission_denied");
    const event = { environment: "demo", revoked: "token", outcome: "done", durationMs: took };
    const here = [
      { ...event, told: "instance" },
      { ...event, told: "store" },
    ];
    expect(eventsOf("revocation")).toEqual([
      ...[...here, { ...event, told: "server" }],
      ...[...here, { ...event, told: "server", outcome: "queued" }],
      ...[...here, { ...event, told: "server", outcome: "refused" }],
    ]);
  });

  it("revocation: of a user and of an environment, with a store that comes back", async () => {
    let fails = true;
    const added: Revocation[] = [];
    const store = {
      async add(revocation: Revocation) {
        if (fails) throw new Error("READONLY");
        added.push(revocation);
      },
      subscribe: () => () => undefined,
    };
    const auth = create({ revocation: { store } });
    await auth.revokeUser("user-1");
    await auth.revokeEnvironment();
    fails = false;
    await vi.waitFor(() => expect(added).toHaveLength(2), 5_000);
    const [user, environment] = ["user", "environment"].map((revoked) => {
      return { environment: "demo", revoked, told: "store", outcome: "queued", durationMs: took };
    });
    expect(eventsOf("revocation").filter((event) => JSON.stringify(event).includes("store"))).toEqual([
      ...[user, environment],
      ...[
        { ...user, outcome: "done" },
        { ...environment, outcome: "done" },
      ],
    ]);
  });
});

describe("the channels", () => {
  it("nothing is built and nothing published where nobody listens", async () => {
    for (const name of names) unsubscribe(name, listen);
    const build = vi.fn<() => never>();
    for (const name of names) tell(name, build);
    expect(build).not.toHaveBeenCalled();
    await authenticate(create(), issue());
    expect(told).toEqual([]);
  });

  it("an event is the same for all subscribers: it is frozen", async () => {
    await authenticate(create(), issue());
    expect(told.length).toBeGreaterThan(0);
    expect(told.every(({ event }) => Object.isFrozen(event))).toBe(true);
  });

  it.for([
    ["with a listener for uncaught exceptions: the process goes on", "process.on('uncaughtException', () => {});", 0],
    ["without one: Node ends the process, as for any exception that nobody caught", "", 1],
  ] as const)("a subscriber that throws does not change the answer; %s", async ([, listener, code]) => {
    const source = `
      import { subscribe } from "node:diagnostics_channel";
      import { createCloudbaseAuth } from "@cloudbase-auth/core";
      ${listener}
      subscribe("cloudbase-auth:rejected", () => { throw new Error("from the subscriber"); });
      const auth = createCloudbaseAuth({ envId: "demo" });
      const { auth: how } = auth.authenticate({ headers: { authorization: "Bearer rubbish" } });
      console.log(how.state, how.error.code);
    `;
    const args = ["--conditions=@cloudbase-auth/source", "--input-type=module", "--eval", source];
    const child = spawn(process.execPath, args, { cwd: new URL("..", import.meta.url).pathname });
    const [said, complained, [ended]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number]>,
    ]);
    expect(said.trim()).toBe("rejected invalid_token");
    expect(ended).toBe(code);
    expect(complained.includes("from the subscriber")).toBe(code === 1);
  });
});
