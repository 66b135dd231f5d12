import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endpoints } from "../src/endpoints.ts";
import { call, refusal } from "./support/api.ts";

let open: Emulator;
let closed: Emulator;
beforeAll(async () => {
  open = await createEmulator({ envId: "demo" });
  closed = await createEmulator({ envId: "demo", allowedOrigins: ["App.example.com", "localhost:5173", "[::1]:80"] });
});
afterAll(() => Promise.all([open.close(), closed.close()]));

const preflight = (emulator: Emulator, path: string, origin: string) =>
  fetch(`${emulator.endpoint}${path}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,x-device-id,x-request-id",
    },
  });

describe("security domains", () => {
  it.each([
    "https://app.example.com",
    "http://app.example.com",
    "https://APP.example.com:443",
    "http://localhost:5173",
    "http://[::1]",
  ])("let %s in", async (origin) => {
    const answer = await call(closed, "GET /certs", { headers: { origin } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("vary")).toBe("origin");
    expect(answer.headers.get("access-control-expose-headers")).toBe("x-request-id");
  });

  it.each([
    "http://localhost",
    "http://localhost:5174",
    "https://app.example.com.evil.example",
    "https://evil.example",
    "null",
    "x",
  ])("refuse %s, and name host and client", async (origin) => {
    for (const answer of [
      await call(closed, "POST /signin?client_id=web", { headers: { origin }, body: {} }),
      await call(closed, "GET /certs?client_id=web", { headers: { origin } }),
      await call(closed, "GET /nowhere?client_id=web", { headers: { origin } }),
    ]) {
      expect(refusal(answer)).toBe("403 permission_denied");
      const host = URL.canParse(origin) ? new URL(origin).host : origin;
      expect(answer.body).toMatchObject({
        error_code: 7,
        error_description: `host "${host}" is not in the security domains of client "web"`,
      });
      expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    }
    const asked = await preflight(closed, "/auth/v1/signin", origin);
    expect(asked.status).toBe(403);
    expect(asked.headers.has("access-control-allow-methods")).toBe(false);
  });

  it("do not concern callers that are no browser, nor the emulator's own pages", async () => {
    expect((await call(closed, "GET /certs")).headers.has("access-control-allow-origin")).toBe(false);
    expect((await call(closed, "GET /certs", { headers: { origin: closed.endpoint } })).status).toBe(200);
  });

  it("are the environment's when the request names no client", async () => {
    const answer = await call(closed, "GET /certs", { headers: { origin: "https://evil.example" } });
    expect(answer.body["error_description"]).toContain('client "demo"');
  });

  it("are not there by default: any origin may read answers and refusals", async () => {
    const headers = { origin: "https://anything.example" };
    for (const answer of [
      await call(open, "GET /certs", { headers }),
      await call(open, "POST /signin", { headers, body: {} }),
    ]) {
      expect(answer.headers.get("access-control-allow-origin")).toBe("https://anything.example");
    }
  });
});

describe("a preflight", () => {
  it.each([...new Set(endpoints.map(({ path }) => path))])("for %s names methods and headers", async (path) => {
    const answer = await preflight(open, path, "http://localhost:5173");
    expect(answer.status).toBe(204);
    const methods = endpoints.filter((endpoint) => endpoint.path === path).map(({ method }) => method);
    expect(answer.headers.get("access-control-allow-methods")).toBe(methods.join(", "));
    const allowed = answer.headers.get("access-control-allow-headers")?.split(", ");
    for (const sent of ["authorization", "content-type", "x-device-id", "x-request-id", "x-captcha-token"]) {
      expect(allowed).toContain(sent);
    }
  });

  it("for a path that is not there, and OPTIONS without its headers, are 404", async () => {
    expect((await preflight(open, "/auth/v1/nowhere", "http://localhost:5173")).status).toBe(404);
    const plain = await fetch(`${open.endpoint}/auth/v1/signin`, {
      method: "OPTIONS",
      headers: { origin: "http://a.example" },
    });
    expect(plain.status).toBe(404);
  });
});

it.each([["http://localhost"], ["localhost/x"], [""], ["a b"], ["localhost:99999"], [1], ["*"]])(
  "allowedOrigins: %j is a TypeError",
  async (entry) => {
    const allowedOrigins: unknown = [entry];
    await expect(createEmulator({ envId: "demo", allowedOrigins: allowedOrigins as string[] })).rejects.toThrow(
      "must be host[:port] without a scheme or path",
    );
  },
);
