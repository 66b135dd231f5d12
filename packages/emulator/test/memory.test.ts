import { createMemoryEmulator } from "@cloudbase-auth/emulator";
import type { MemoryEmulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

let emulator: MemoryEmulator;
beforeAll(async () => {
  emulator = await createMemoryEmulator({ envId: "demo", users: [{ username: "lihua", password: "Secret-123" }] });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const ask = (path: string, init?: RequestInit) => emulator.handle(new Request(`${emulator.endpoint}${path}`, init));
const post = (path: string, body: object) => ask(path, { method: "POST", body: JSON.stringify(body) });

describe("createMemoryEmulator", () => {
  it("answers the API without a port, under a name that nobody resolves (RFC 6761 §6.4)", async () => {
    expect(emulator.endpoint).toBe("https://demo.emulator.invalid");
    const response = await post("/auth/v1/signin", { username: "lihua", password: "Secret-123" });
    expect(response.status).toBe(200);
    const { access_token: token } = (await response.json()) as { access_token: string };
    const me = await ask("/auth/v1/user/me", { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ username: "lihua" });
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    expect(claims).toMatchObject({ iss: emulator.endpoint, aud: "demo" });
  });

  it("refuses as the server does, and logs", async () => {
    const response = await post("/auth/v1/signin", { username: "lihua", password: "wrong" });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ error: "invalid_password" }),
    ]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(emulator.requests.entries()).toMatchObject([{ path: "/auth/v1/signin", status: 400 }]);
  });

  it("keeps its controls to itself", async () => {
    expect((await ask("/emulator/inbox")).status).toBe(403);
  });

  it("has no body where there is none", async () => {
    const response = await ask("/auth/v1/certs", {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": "GET" },
    });
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it("fails as it was told to", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "status", status: 503 });
    expect((await ask("/auth/v1/certs")).status).toBe(503);
    emulator.failNext("GET /auth/v1/certs", { kind: "reset" });
    await expect(ask("/auth/v1/certs")).rejects.toMatchObject({ code: "LIGHT_ECONNRESET" });
    expect((await ask("/auth/v1/certs")).status).toBe(200);
  });

  it("a request that hangs ends with its signal", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "hang" });
    const controller = new AbortController();
    const asking = expect(ask("/auth/v1/certs", { signal: controller.signal })).rejects.toThrow("enough");
    await vi.waitFor(() => expect(emulator.requests.entries()).toHaveLength(1));
    controller.abort(new Error("enough"));
    await asking;
  });

  it("a body that never ends can be let go of", async () => {
    emulator.failNext("GET /auth/v1/certs", { kind: "huge" });
    const response = await ask("/auth/v1/certs");
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    await reader?.cancel();
  });

  it("takes the options of the other, and names what is wrong with them", async () => {
    await expect(createMemoryEmulator({ envId: "No Such" })).rejects.toThrow(
      new TypeError('envId must be 1 to 40 characters of a-z, 0-9, "_" and "-", for example "demo".'),
    );
  });
});
