import { getEventListeners } from "node:events";
import { afterAll, describe, expect, it, vi } from "vitest";
import { calls } from "./support/calls.ts";
import { faultRows } from "./support/faults.ts";
import { matching } from "./support/matchers.ts";
import { enter } from "./support/people.ts";
import { everythingOf, refused } from "./support/refused.ts";
import { createStages, lihua } from "./support/stage.ts";
import type { Scene } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

const fast = { timeoutMs: 500 };
/** Long enough for two pauses on a busy machine. */
const patient = { timeoutMs: 20_000 };
const allCalls = Object.entries(calls);
const repeated = allCalls.filter(([, { endpoint }]) => endpoint.startsWith("GET "));
const requestsOf = ({ emulator }: Scene, id: string) =>
  emulator.requests.entries().filter(({ requestId }) => requestId === id);

describe.each(faultRows)("$title", (row) => {
  const { fault, kind, error = "unreachable", status, retryAfterSeconds, sent, timesOut, cause } = row;

  it("every call, at once", async () => {
    const scene = await stages.open("documented");
    const options = timesOut === true ? fast : patient;
    const outcomes = allCalls.map(async ([name, { call, endpoint }]) => {
      scene.emulator.failNext(endpoint, fault, 3);
      return { name, endpoint, thrown: await refused(call(scene.client, { ...options, requestId: name })) };
    });
    const started = performance.now();
    for (const { name, endpoint, thrown } of await Promise.all(outcomes)) {
      expect(thrown).toMatchObject({
        kind,
        error,
        upstreamStatus: status,
        retryable: true,
        retryAfterSeconds,
        requestId: name,
      });
      if (timesOut === true) expect(String(thrown.cause)).toMatch(/ took longer than 500 ms$/);
      if (cause !== undefined) expect(String(thrown.cause)).toMatch(cause);
      expect(everythingOf(thrown)).not.toContain("sentinel");
      const requests = requestsOf(scene, name);
      expect([name, requests.length]).toEqual([name, endpoint.startsWith("GET ") ? sent : 1]);
      expect(new Set(requests.map((request) => request.fault))).toEqual(new Set([fault.kind]));
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("what is repeated", () => {
  it("GET and nothing else", () => {
    expect(repeated.map(([name]) => name)).toEqual([
      ...["introspect", "user.me", "user.query", "user.exists", "user.checkUsername", "user.history", "user.wedaInfo"],
      ...["providers.redirectUri", "providers.list"],
    ]);
  });

  it("twice, and then the answer is the usual one", async () => {
    const scene = await stages.open("documented");
    const { client, emulator } = scene;
    const { accessToken, sub } = await enter(scene);
    emulator.failNext("GET /auth/v1/user/me", { kind: "reset" }, 2);
    emulator.failNext("GET /auth/v1/user/provider", { kind: "status", status: 503 }, 2);
    emulator.failNext("GET /auth/v1/user/query", { kind: "status", status: 429 }, 2);
    const [profile, providers, found] = await Promise.all([
      client.user.me({ accessToken }, { requestId: "me" }),
      client.providers.list({ accessToken }, { requestId: "list" }),
      client.user.query({ accessToken, id: [sub] }, { requestId: "query" }),
    ]);
    expect(profile).toMatchObject({ ...lihua, sub, requestId: "me" });
    expect(providers).toMatchObject({ total: 1, requestId: "list" });
    expect(found).toMatchObject({ total: 1, requestId: "query" });
    const statuses = (id: string) => requestsOf(scene, id).map(({ status }) => status);
    expect(statuses("me")).toEqual([undefined, undefined, 200]);
    expect(statuses("list")).toEqual([503, 503, 200]);
    expect(statuses("query")).toEqual([429, 429, 200]);
  });

  it("not a refresh: the caller may, because the token was not looked at", async () => {
    const scene = await stages.open("documented");
    const session = await enter(scene);
    scene.emulator.failNext("POST /auth/v1/token", { kind: "reset" });
    await refused(scene.client.refresh(session, { requestId: "trace-1" }));
    expect(requestsOf(scene, "trace-1")).toHaveLength(1);
    expect(await scene.client.refresh(session)).toMatchObject({ sub: session.sub });
  });

  it("not a refresh whose answer was lost: the token is spent, and who repeats within the grace gets the answer", async () => {
    const scene = await stages.open("documented", { settings: { refreshPolicy: { replaySeconds: 30 } } });
    const { client, emulator } = scene;
    const session = await enter(scene);
    emulator.failNext("POST /auth/v1/token", { kind: "slow", delayMs: 200 });
    const lost = client.refresh(session, { timeoutMs: 50, requestId: "trace-1" });
    expect(await refused(lost)).toMatchObject({ kind: "unavailable", upstreamStatus: undefined, retryable: true });
    await vi.waitFor(() => expect(requestsOf(scene, "trace-1")).toMatchObject([{ status: 200 }]), { interval: 5 });
    const { accessToken, refreshToken } = await client.refresh(session);
    expect(await client.introspect({ accessToken })).toMatchObject({ active: true, sub: session.sub });
    emulator.clock.advance(31);
    await expect(client.refresh(session)).rejects.toMatchObject({ error: "invalid_grant" });
    expect(await client.refresh({ refreshToken: refreshToken ?? "" })).toMatchObject({ sub: session.sub });
  });

  it("an answer that is slow, but in time, is the usual one", async () => {
    const scene = await stages.open("documented");
    scene.emulator.failNext("POST /auth/v1/signin/anonymously", { kind: "slow", delayMs: 50 });
    expect(await scene.client.signInAnonymously({}, { ...patient, requestId: "trace-1" })).toMatchObject({
      ...{ accessToken: matching(/./), scope: "anonymous" },
    });
    expect(requestsOf(scene, "trace-1")).toHaveLength(1);
  });
});

describe("AbortSignal", () => {
  const reason = new Error("the user left");

  it("ends a call that waits for its answer", async () => {
    const scene = await stages.open("documented");
    const controller = new AbortController();
    scene.emulator.failNext("POST /auth/v1/token", { kind: "hang" });
    const call = scene.client.refresh({ refreshToken: "rt" }, { signal: controller.signal, requestId: "trace-1" });
    await vi.waitFor(() => expect(requestsOf(scene, "trace-1")).toHaveLength(1), { interval: 5 });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it("ends a call that waits for its repetition", async () => {
    const scene = await stages.open("documented");
    const controller = new AbortController();
    const headers = { "Retry-After": "2" };
    scene.emulator.failNext("GET /auth/v1/user/me", { kind: "status", status: 503, headers });
    const call = scene.client.user.me({ accessToken: "at" }, { signal: controller.signal, requestId: "trace-1" });
    // The pause listens to the signal itself; a request listens to one that is made of it.
    await vi.waitFor(() => expect(getEventListeners(controller.signal, "abort")).toHaveLength(1), { interval: 5 });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(requestsOf(scene, "trace-1")).toHaveLength(1);
  });

  it("sends nothing when it was aborted before", async () => {
    const scene = await stages.open("documented");
    const signal = AbortSignal.abort(reason);
    await expect(scene.client.user.me({ accessToken: "at" }, { signal })).rejects.toBe(reason);
    expect(scene.emulator.requests.entries()).toEqual([]);
  });
});
