import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthClient } from "../src/index.ts";
import type { AuthClient } from "../src/index.ts";
import { methodNames, watch } from "./against-emulator/support/methods.ts";
import { startRecorder } from "./support/recorder.ts";
import type { Recorder } from "./support/recorder.ts";
import { methodOf } from "./support/wire-docs/format.ts";
import { wireRows } from "./support/wire-rows/all.ts";
import { at, bearer, identity } from "./support/wire-rows/row.ts";

let recorder: Recorder;
let clients: Record<"documented" | "skill", AuthClient>;

beforeAll(async () => {
  recorder = await startRecorder();
  const common = { ...identity, endpoint: recorder.endpoint, deviceId: "device-1" };
  clients = { documented: createAuthClient(common), skill: createAuthClient({ ...common, dialect: "skill" }) };
});
afterAll(async () => {
  await clients.documented.close();
  await clients.skill.close();
  await recorder.close();
});

describe.each(["documented", "skill"] as const)("the %s dialect", (dialect) => {
  it.each(wireRows)("$title", async (row) => {
    recorder.requests.length = 0;
    const called: string[] = [];
    const answer = await row.call(watch(clients[dialect], ({ name }) => called.push(name)));
    expect(called).toEqual([methodOf(row)]);
    const [request, more] = recorder.requests;
    expect(more).toBeUndefined();
    const [line, authorization, body] = dialect === "skill" ? (row.skill ?? row.documented) : row.documented;
    expect(request?.line).toBe(line);
    expect(request?.headers.authorization).toBe(authorization);
    expect(request?.body).toBe(body === undefined ? "" : JSON.stringify(body));
    expect(request?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
    expect(request?.headers["x-device-id"]).toBe("device-1");
    expect(request?.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(request?.headers["cookie"]).toBeUndefined();
    expect(answer).toMatchObject({ requestId: request?.headers["x-request-id"] });
  });
});

it("every call of the client is in the table, and no other", () => {
  const sending = methodNames(clients.documented).filter((name) => name !== "createTicket");
  expect(new Set(wireRows.map(methodOf))).toEqual(new Set(sending));
});

it("no stale Bearer: neither /token nor anonymous sign-in carries an access token", async () => {
  recorder.requests.length = 0;
  await clients.documented.user.me(at);
  await clients.documented.refresh({ refreshToken: "rt" });
  await clients.documented.signInAnonymously();
  expect(recorder.requests.map(({ headers }) => headers.authorization)).toEqual([bearer, undefined, undefined]);
});
