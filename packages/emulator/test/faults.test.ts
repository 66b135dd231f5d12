import { once } from "node:events";
import { request } from "node:http";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, Fault } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { call, refusal } from "./support/api.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const certs = (init?: RequestInit) => fetch(`${emulator.endpoint}/auth/v1/certs`, { redirect: "manual", ...init });
const lastRequest = () => emulator.requests.entries().at(-1);

describe("failNext, on the wire", () => {
  it("status: the status and nothing that was not asked for", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "status", status: 503 });
    const response = await certs();
    expect([response.status, await response.text()]).toEqual([503, ""]);
    expect(response.headers.has("retry-after")).toBe(false);
    expect(response.headers.has("content-type")).toBe(false);
  });

  it.each([
    [{ error: "x" }, "application/json", '{"error":"x"}'],
    ["<html>", "text/plain", "<html>"],
  ])("status: with the body %j and headers", async (body, type, sent) => {
    emulator.failNext("/auth/v1/certs", { kind: "status", status: 429, body, headers: { "Retry-After": "7" } });
    const response = await certs();
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([429, "7", sent]);
    expect(response.headers.get("content-type")).toContain(type);
  });

  it("error: a refusal of the API by its name", async () => {
    emulator.failNext("POST /auth/v1/token", { kind: "error", error: "invalid_grant" });
    expect(refusal(await call(emulator, "POST /token", { body: {} }))).toBe("400 invalid_grant");
    expect(lastRequest()).toMatchObject({ status: 400, error: "invalid_grant", fault: "error" });
  });

  it("hang: no answer, while the connection stays open", async () => {
    emulator.failNext("POST /auth/v1/token", { kind: "hang" });
    const asking = request(`${emulator.endpoint}/auth/v1/token`, { method: "POST" });
    const ended = once(asking, "response").then(
      () => "answered",
      () => "cut",
    );
    asking.end("{}");
    while (lastRequest() === undefined) await call(emulator, "GET /emulator/clock");
    expect((await certs()).status).toBe(200);
    asking.destroy();
    expect(await ended).toBe("cut");
    expect(emulator.requests.entries()[0]).toMatchObject({ path: "/auth/v1/token", status: undefined, fault: "hang" });
  });

  it("drip: bytes keep coming, the body does not end", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "drip", everyMs: 1 });
    const response = await certs();
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    let received = "";
    while (received.length < 20) {
      const piece = await reader?.read();
      expect(piece?.done).toBe(false);
      received += Buffer.from(piece?.value ?? []).toString();
    }
    expect(received).toMatch(/^\{ {19,}$/);
    await reader?.cancel();
  });

  it("reset: the connection is cut", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "reset" });
    const asking = request(`${emulator.endpoint}/auth/v1/certs`).end();
    expect(await once(asking, "error")).toMatchObject([{ code: "ECONNRESET" }]);
    expect(lastRequest()).toMatchObject({ status: undefined, fault: "reset" });
  });

  it("garbage: says JSON, is none", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "garbage" });
    const response = await certs();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it("huge: 200 MB of JSON", { timeout: 20_000 }, async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "huge" });
    const response = await certs();
    let size = 0;
    for await (const piece of response.body ?? []) size += piece.length;
    expect(size).toBe(200 * 1024 * 1024 + '{"filler":""}'.length);
  });

  it("huge: survives a client that leaves", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "huge" });
    const response = await certs();
    await response.body?.cancel();
    expect((await certs()).status).toBe(200);
  });

  it("redirect: 302 elsewhere", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "redirect", url: "http://other.example/keys" });
    const response = await certs();
    expect([response.status, response.headers.get("location")]).toEqual([302, "http://other.example/keys"]);
  });

  it("slow: the usual answer, later", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "slow", delayMs: 60 });
    const before = performance.now();
    const response = await certs();
    expect(performance.now() - before).toBeGreaterThan(50);
    expect(await response.json()).toHaveProperty("keys");
  });

  it("slow: what was asked is done, also when the client is gone before the answer", async () => {
    const to = "lihua@example.com";
    emulator.failNext("POST /auth/v1/verification", { kind: "slow", delayMs: 60_000 });
    const controller = new AbortController();
    const { endpoint } = emulator;
    const body = JSON.stringify({ email: to, target: "ANY" });
    const gone = fetch(`${endpoint}/auth/v1/verification`, { method: "POST", body, signal: controller.signal });
    await vi.waitFor(() => expect(emulator.inbox.latest(to)).toMatch(/^\d{6}$/), { interval: 5 });
    controller.abort();
    await expect(gone).rejects.toThrow("aborted");
    expect(lastRequest()).toMatchObject({ status: undefined, fault: "slow" });
  });
});

describe("failNext", () => {
  it("is over after count requests, and happens in the order given", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "status", status: 500 }, 2);
    emulator.failNext("GET /auth/v1/certs", { kind: "status", status: 502 });
    const seen = [await certs(), await certs(), await certs(), await certs()].map(({ status }) => status);
    expect(seen).toEqual([500, 500, 502, 200]);
  });

  it("meets that method and path only, never the question of a browser", async () => {
    emulator.failNext("/auth/v1/user/me", { kind: "status", status: 500 });
    emulator.failNext("POST /auth/v1/token", { kind: "status", status: 500 });
    expect((await certs()).status).toBe(200);
    const preflight = await fetch(`${emulator.endpoint}/auth/v1/user/me`, {
      method: "OPTIONS",
      headers: { origin: "http://a.example", "access-control-request-method": "GET" },
    });
    expect(preflight.status).toBe(204);
    expect((await fetch(`${emulator.endpoint}/auth/v1/user/me?x=1`, { method: "DELETE" })).status).toBe(500);
  });

  it("is forgotten by reset", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "hang" }, 5);
    await emulator.reset();
    expect((await certs()).status).toBe(200);
  });

  it("closes with hung and dripping requests on its hands", async () => {
    const other = await createEmulator({ envId: "demo" });
    other.failNext("/auth/v1/certs", { kind: "hang" });
    other.failNext("/auth/v1/certs", { kind: "drip" });
    const hung = fetch(`${other.endpoint}/auth/v1/certs`).catch(() => "cut");
    while (other.requests.entries().length === 0) await fetch(`${other.endpoint}/emulator/clock`);
    const dripping = await fetch(`${other.endpoint}/auth/v1/certs`);
    await other.close();
    expect(await hung).toBe("cut");
    await expect(dripping.text()).rejects.toThrow();
  });

  const whole = 'endpoint must be one of the API\'s, such as "POST /auth/v1/token"';
  it.each<[string, unknown, unknown, string]>([
    ["/emulator/inbox", { kind: "hang" }, 1, whole],
    ["GET /auth/v1/token", { kind: "hang" }, 1, whole],
    ["certs", { kind: "hang" }, 1, whole],
    ["/auth/v1/certs", {}, 1, "fault.kind must be one of"],
    ["/auth/v1/certs", null, 1, "fault.kind must be one of"],
    ["/auth/v1/certs", { kind: "hang" }, 0, "count must be a whole number"],
    ["/auth/v1/certs", { kind: "status", status: 99 }, 1, "status must be a whole number from 200 to 599"],
    ["/auth/v1/certs", { kind: "status", status: 200, body: 1 }, 1, "fault.body must be"],
    ["/auth/v1/certs", { kind: "status", status: 200, headers: { "a b": "c" } }, 1, 'the header "a b" cannot be sent'],
    ["/auth/v1/certs", { kind: "status", status: 200, headers: { "content-length": "1" } }, 1, "HTTP itself needs"],
    ["/auth/v1/certs", { kind: "redirect" }, 1, "the header location must be a string"],
    ["/auth/v1/certs", { kind: "redirect", url: "a\r\nb: c" }, 1, "cannot be sent"],
    ["/auth/v1/certs", { kind: "error", error: "toString" }, 1, "fault.error must be the name"],
    ["/auth/v1/certs", { kind: "slow" }, 1, "delayMs must be a whole number"],
    ["/auth/v1/certs", { kind: "drip", everyMs: 0 }, 1, "everyMs must be a whole number"],
  ])("%s with %j (%j) is a TypeError, and 400 over HTTP", async (endpoint, fault, count, sentence) => {
    // What a caller without types may pass.
    const untyped = emulator as { failNext(endpoint: unknown, fault: unknown, count: unknown): void };
    expect(() => untyped.failNext(endpoint, fault, count)).toThrow(sentence);
    const answer = await call(emulator, "POST /emulator/fail", { body: { endpoint, fault, count } });
    expect(refusal(answer)).toBe("400 invalid_argument");
    expect(answer.body["error_description"]).toContain(sentence);
    expect((await certs()).status).toBe(200);
  });

  it("works over HTTP", async () => {
    const fault: Fault = { kind: "status", status: 502 };
    const answer = await call(emulator, "POST /emulator/fail", {
      body: { endpoint: "/auth/v1/certs", fault, count: 2 },
    });
    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect([await certs(), await certs(), await certs()].map(({ status }) => status)).toEqual([502, 502, 200]);
  });
});
