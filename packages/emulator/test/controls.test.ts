import { once } from "node:events";
import { connect } from "node:net";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refusal, text, verify } from "./support/api.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
});
afterAll(() => emulator.close());

const every = [
  "GET /emulator/inbox",
  "GET /emulator/clock",
  "POST /emulator/clock",
  "POST /emulator/keys/rotate",
  "POST /emulator/fail",
  "GET /emulator/requests",
  "DELETE /emulator/requests",
  "POST /emulator/tokens",
  "POST /emulator/tokens/pair",
  "GET /emulator/tokens/forged",
  "POST /emulator/tokens/forged",
  "POST /emulator/reset",
  "GET /emulator/state",
  "PUT /emulator/state",
];

/** Sends a head as it is, and reads to the end of the connection. */
async function raw(line: string, ...fields: string[]): Promise<string> {
  const socket = connect(Number(new URL(emulator.endpoint).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
  socket.write([`${line} HTTP/1.1`, "Connection: close", "Content-Length: 0", ...fields, "", ""].join("\r\n"));
  await once(socket, "close");
  return answer;
}

describe.each(every)("%s", (line) => {
  it("is closed to a host name that was rebound to this machine", async () => {
    const answer = await raw(line, "Host: evil.example");
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toContain('"error":"permission_denied"');
  });

  it("is closed to web pages, their forms and their preflights", async () => {
    const host = new URL(emulator.endpoint).host;
    for (const origin of ["http://evil.example", "null", `https://${host}`]) {
      const answer = await raw(line, `Host: ${host}`, `Origin: ${origin}`);
      expect(answer).toMatch(/^HTTP\/1.1 403 /);
      expect(answer).not.toMatch(/access-control/i);
      const asked = await raw(
        `OPTIONS ${line.split(" ")[1] ?? ""}`,
        `Host: ${host}`,
        `Origin: ${origin}`,
        "Access-Control-Request-Method: POST",
      );
      expect(asked).toMatch(/^HTTP\/1.1 404 /);
      expect(asked).not.toMatch(/access-control/i);
    }
  });

  it("refuses what is no JSON object", async () => {
    if (line.startsWith("GET")) return;
    for (const body of ["[]", "{", "1"]) {
      expect(refusal(await call(emulator, line, { body }))).toBe("400 invalid_argument");
    }
  });
});

it("another spelling of the path is no way in for a page either", async () => {
  const host = new URL(emulator.endpoint).host;
  const answer = await raw("GET /%65mulator/state", `Host: ${host}`, "Origin: http://evil.example");
  expect(answer).toMatch(/^HTTP\/1.1 403 /);
  expect(answer).not.toMatch(/access-control/i);
});

describe("the clock over HTTP", () => {
  it("is set, moved and given back", async () => {
    const set = await call(emulator, "POST /emulator/clock", { body: { set: 1_700_000_000_000 } });
    expect(set.body).toEqual({ now: 1_700_000_000_000, iso: "2023-11-14T22:13:20.000Z" });
    // Who compares clocks with the server's by its answers must find this one.
    const keySet = await fetch(`${emulator.endpoint}/auth/v1/certs`);
    expect(keySet.headers.get("date")).toBe("Tue, 14 Nov 2023 22:13:20 GMT");
    const moved = await call(emulator, "POST /emulator/clock", { body: { advance: 60 } });
    expect(moved.body["now"]).toBe(1_700_000_060_000);
    expect((await call(emulator, "GET /emulator/clock")).body["now"]).toBe(1_700_000_060_000);
    await call(emulator, "POST /emulator/clock", { body: { reset: true } });
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(10_000);
  });

  it.each([
    {},
    { set: "x" },
    { set: -1 },
    { set: null },
    { advance: 1e300 },
    { reset: false },
    { set: 1, advance: 1 },
    { x: 1 },
  ])("refuses %j", async (body) => {
    expect(refusal(await call(emulator, "POST /emulator/clock", { body }))).toBe("400 invalid_argument");
  });
});

it("keys, tokens and inbox over HTTP", async () => {
  const body = { claims: { sub: "lihua", groups: ["admin"] }, without: ["at_hash"] };
  const token = text(await call(emulator, "POST /emulator/tokens", { body }), "token");
  expect(decodeJwt(token)).toMatchObject({ sub: "lihua", groups: ["admin"], aud: "demo" });
  expect(decodeJwt(token)).not.toHaveProperty("at_hash");
  expect((await call(emulator, "GET /user/me", { bearer: token })).status).toBe(200);
  expect((await call(emulator, "POST /emulator/keys/rotate")).body).toEqual({});
  expect((await call(emulator, "GET /user/me", { bearer: token })).status).toBe(401);
  for (const wrong of [{ claims: 1 }, { without: "exp" }]) {
    expect(refusal(await call(emulator, "POST /emulator/tokens", { body: wrong }))).toBe("400 invalid_argument");
  }
  await verify(emulator, "+86 13800000000");
  expect((await call(emulator, "GET /emulator/inbox?to=%2B86%2013800000000")).body["messages"]).toHaveLength(1);
});
