import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthClient } from "../src/index.ts";
import type { AuthClient } from "../src/index.ts";
import { startRecorder } from "./support/recorder.ts";
import type { Recorder } from "./support/recorder.ts";
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
    const answer = await row.call(clients[dialect]);
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

it("every call of the client is in the table", () => {
  const names = (object: object, prefix = ""): string[] =>
    Object.entries(object).flatMap(([name, value]: [string, unknown]) =>
      typeof value === "object" && value !== null ? names(value, `${prefix}${name}.`) : [`${prefix}${name}`],
    );
  const covered = new Set(wireRows.map(({ title }) => title.split(/[ ,]/)[0]));
  const missing = names(clients.documented).filter((name) => !covered.has(name));
  // What sends nothing.
  expect(missing).toEqual(["createTicket", "close"]);
});

it("no stale Bearer: neither /token nor anonymous sign-in carries an access token", async () => {
  recorder.requests.length = 0;
  await clients.documented.user.me(at);
  await clients.documented.refresh({ refreshToken: "rt" });
  await clients.documented.signInAnonymously();
  expect(recorder.requests.map(({ headers }) => headers.authorization)).toEqual([bearer, undefined, undefined]);
});
