import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { call } from "./support/api.ts";
import { aString } from "./support/matchers.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo", users: [{ username: "lihua", password: "top-secret" }] });
});
beforeEach(() => emulator.requests.clear());
afterAll(() => emulator.close());

it("has who asked for what and what came of it", async () => {
  emulator.clock.set(1_700_000_000_000);
  const headers = { "x-device-id": "device-1", "x-request-id": "request-1" };
  await call(emulator, "POST /signin?client_id=web", { headers, body: { username: "lihua", password: "top-secret" } });
  await call(emulator, "GET /token/introspect?token=top-secret&top-secret", { basic: "backend:top-secret" });
  await call(emulator, "POST /token", { body: { client_id: "sdk", client_secret: "top-secret" } });
  await call(emulator, "GET /user/me", { bearer: "top-secret" });
  await fetch(`${emulator.endpoint}/%zz`);
  const [signIn, introspection, token, me, malformed, ...others] = emulator.requests.entries();
  expect(signIn).toEqual({
    at: 1_700_000_000_000,
    method: "POST",
    path: "/auth/v1/signin",
    query: ["client_id"],
    status: 200,
    error: undefined,
    fault: undefined,
    requestId: "request-1",
    deviceId: "device-1",
    clientId: "web",
    authorization: "none",
  });
  expect(introspection).toMatchObject({ query: ["token", "…"], clientId: "backend", authorization: "basic" });
  expect(token).toMatchObject({ status: 400, error: "invalid_argument", clientId: "sdk", requestId: aString });
  expect(me).toMatchObject({ status: 401, error: "unauthenticated", authorization: "bearer" });
  expect(malformed).toMatchObject({ path: "/%zz", status: 400, error: "invalid_argument" });
  expect(others).toEqual([]);
  expect(JSON.stringify(emulator.requests.entries())).not.toContain("top-secret");
});

it("shows no token that was put where none belongs, nor what steers a terminal", async () => {
  const token = await emulator.issueToken();
  const headers = { "x-device-id": "\u00ff", "x-request-id": token };
  await call(emulator, `GET /user/${token}?client_id=${token}&${token}=1`, { headers });
  expect(JSON.stringify(emulator.requests.entries())).not.toContain(token.slice(0, 40));
  expect(emulator.requests.entries()[0]).toMatchObject({
    path: "/auth/v1/user/…",
    deviceId: "?",
    query: ["client_id", "…"],
  });
});

it("keeps the last 1000, and not the controls' own", async () => {
  for (let batch = 0; batch < 11; batch += 1) {
    await Promise.all(Array.from({ length: 100 }, () => fetch(`${emulator.endpoint}/auth/v1/nothing`)));
  }
  await fetch(`${emulator.endpoint}/auth/v1/last`);
  const answer = await call(emulator, "GET /emulator/requests");
  expect(answer.body["requests"]).toHaveLength(1000);
  expect(emulator.requests.entries().at(-1)?.path).toBe("/auth/v1/last");
  expect((await call(emulator, "DELETE /emulator/requests")).body).toEqual({});
  expect(emulator.requests.entries()).toEqual([]);
});
