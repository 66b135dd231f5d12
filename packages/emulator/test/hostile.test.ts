import { once } from "node:events";
import { connect } from "node:net";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endpoints } from "../src/endpoints.ts";
import { call, refusal } from "./support/api.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo", users: [{ username: "lihua", password: "right" }] });
});
afterAll(() => emulator.close());

const body = { username: "lihua", password: "right" };

describe("a JSON body", () => {
  it.each(["application/x-www-form-urlencoded", "text/plain", "", ";;;", "application/json; charset=latin1", "a/b"])(
    "is read under the Content-Type %j",
    async (type) => {
      const answer = await call(emulator, "POST /signin", { body, headers: { "content-type": type } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    },
  );

  it("is read without any Content-Type", async () => {
    const json = JSON.stringify(body);
    const request = `POST /auth/v1/signin HTTP/1.1\r\nHost: a\r\nContent-Length: ${String(json.length)}\r\nConnection: close\r\n\r\n${json}`;
    expect(await raw(request)).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each(["{", "[]", "null", "1", '"text"', "grant_type=password", "\u0000", "{}{}", "[".repeat(100_000)])(
    "is refused as %.20j",
    async (garbage) => {
      expect(refusal(await call(emulator, "POST /signin", { body: garbage }))).toBe("400 invalid_argument");
    },
  );

  it("is refused above 1 MiB", async () => {
    const large = { ...body, filler: "x".repeat(1024 * 1024) };
    expect(refusal(await call(emulator, "POST /signin", { body: large }))).toBe("413 invalid_argument");
  });
});

describe("an unknown place", () => {
  it.each(["GET /", "GET /nowhere", "GET /signin", "POST /certs", "PUT /user/me", "OPTIONS /signin"])(
    "%s is 404 not_found",
    async (line) => {
      expect(refusal(await call(emulator, line))).toBe("404 not_found");
    },
  );

  it("a malformed path is 400", async () => {
    expect(refusal(await call(emulator, "GET /%zz"))).toBe("400 invalid_argument");
  });
});

describe("hostile input never makes the server fail", () => {
  const values: unknown[] = [
    null,
    0,
    true,
    [],
    ["x"],
    {},
    { toString: "x" },
    "\u0000",
    "'; --",
    "x".repeat(10_000),
    "__proto__",
    "constructor",
    "eyJhbGciOiJub25lIn0.e30.",
    "eyJhbGciOiJSUzI1NiIsImNyaXQiOlsiYiJdfQ.e30.AA",
    "a.b.c.d.e",
    "\ud800",
    "%",
    "+86 1",
  ];
  const members = [
    "username",
    "password",
    "verification_token",
    "verification_id",
    "verification_code",
    "phone_number",
    "email",
    "target",
    "grant_type",
    "refresh_token",
    "token",
    "sudo_token",
    "new_password",
    "old_password",
    "client_id",
    "client_secret",
    "redirect_uri",
    "state",
    "name",
  ];
  const headers: Readonly<Record<string, string>>[] = [
    {},
    { authorization: "Bearer" },
    { authorization: "Bearer a b" },
    { authorization: "Basic" },
    { authorization: "Basic ////" },
    { authorization: "Bearer eyJhbGciOiJSUzI1NiIsImNyaXQiOlsiYiJdfQ.e30.AA" },
    { authorization: "Bearer ..." },
    { "x-device-id": "\u00ff", "x-request-id": "\u00ff" },
  ];

  it.each(endpoints.map(({ method, path }) => `${method} ${path.slice("/auth/v1".length)}`))("%s", async (line) => {
    const bearer = await emulator.issueToken();
    const bodies: object[] = [
      ...values.map((value) => objectOf(members.map((member): [string, unknown] => [member, value]))),
      objectOf([
        ["__proto__", { username: "lihua" }],
        ["constructor", 1],
      ]),
      { grant_type: "refresh_token", refresh_token: "__proto__" },
      { grant_type: "password", username: "__proto__", password: "x" },
      { verification_id: "a.b.c", verification_code: "000000" },
    ];
    const queries = ["", "?client_id=a&client_id=b", "?token=%00&sudo_token[]=x", "?%zz=%zz&&==&token", "?__proto__=1"];
    const withBody = !line.startsWith("GET");
    const requests = [
      ...(withBody ? bodies.flatMap((hostile) => [{ body: hostile }, { body: hostile, bearer }]) : []),
      ...headers.map((hostile) => ({ headers: hostile, ...(withBody ? { body: "{}" } : {}) })),
    ];
    const lines = [
      ...requests.map((request) => [line, request] as const),
      ...queries.map((query) => [line + query, { bearer: "x" }] as const),
    ];
    for (const [target, request] of lines) {
      const answer = await call(emulator, target, request);
      if (answer.status !== 200) refusal(answer);
      expect(answer.status, `${target} ${JSON.stringify(request).slice(0, 200)}`).not.toBe(500);
    }
  });

  it("a request that is no HTTP gets the error shape and a closed connection", async () => {
    const answer = await raw("GARBAGE\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('"error":"invalid_argument"');
    expect(await raw(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
  });

  it("a foreign Host header does not open the inbox", async () => {
    const request = (host: string) => `GET /emulator/inbox HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(await raw(request("evil.example"))).toMatch(/^HTTP\/1.1 403 /);
    expect(await raw(request("localhost:1"))).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe("the header x-request-id", () => {
  it("comes back, or is made up", async () => {
    const headers = { "x-request-id": "manual-request-id" };
    for (const line of ["GET /certs", "GET /nowhere", "GET /user/me"]) {
      expect((await call(emulator, line, { headers })).headers.get("x-request-id")).toBe("manual-request-id");
    }
    expect((await call(emulator, "GET /certs")).headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

/** With "__proto__" as a member like any other, as JSON.parse makes it. */
function objectOf(members: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(members);
}

/** Sends bytes as they are and reads to the end of the connection. */
async function raw(request: string): Promise<string> {
  const socket = connect(Number(new URL(emulator.endpoint).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
  socket.on("error", () => {});
  socket.write(request);
  await once(socket, "close");
  return answer;
}
