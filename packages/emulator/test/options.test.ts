import { createServer } from "node:net";
import { once } from "node:events";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { EmulatorOptions } from "@cloudbase-auth/emulator";
import { describe, expect, it } from "vitest";
import * as everything from "@cloudbase-auth/emulator";
import { call, text } from "./support/api.ts";

describe("createEmulator", () => {
  it.each<[string, EmulatorOptions]>([
    ["envId must be 1 to 40 characters", { envId: "" }],
    ["envId must be 1 to 40 characters", { envId: "Not a label" }],
    ["port must be a whole number", { envId: "demo", port: 65_536 }],
    ["host must be a string", { envId: "demo", host: "" }],
    ["clientSecret must be a string", { envId: "demo", clientSecret: "" }],
    ["clientId must not contain a colon", { envId: "demo", clientId: "a:b" }],
    ["users[0] needs a username, an email or a phoneNumber", { envId: "demo", users: [{ name: "x" }] }],
    ["users[0].email must be", { envId: "demo", users: [{ email: "x" }] }],
    ["users[0].phoneNumber must look like", { envId: "demo", users: [{ phoneNumber: "1" }] }],
    ['users[1]: "a" is taken', { envId: "demo", users: [{ username: "a" }, { username: "a" }] }],
  ])("throws TypeError: %s", async (message, options) => {
    await expect(createEmulator(options)).rejects.toThrow(TypeError);
    await expect(createEmulator(options)).rejects.toThrow(message);
  });

  it("says what to do when the port is taken, with the system's error as cause", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const address = blocker.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    await expect(createEmulator({ envId: "demo", port })).rejects.toMatchObject({
      message: `Port ${String(port)} on 127.0.0.1 is already in use: stop the program that listens there, or choose another port (0 picks a free one).`,
      cause: { code: "EADDRINUSE" },
    });
    blocker.close();
  });

  it("takes its first time from now, and gives it back on reset", async () => {
    const emulator = await createEmulator({ envId: "demo", now: () => 1_000_000_000_000 });
    expect(emulator.clock.now()).toBe(1_000_000_000_000);
    emulator.clock.advance(1.5);
    expect(emulator.clock.now()).toBe(1_000_000_001_500);
    emulator.clock.set(5000);
    emulator.clock.advance(-1);
    expect(emulator.clock.now()).toBe(4000);
    expect(() => emulator.clock.set(Number.NaN)).toThrow(TypeError);
    expect(() => emulator.clock.advance(-5)).toThrow(TypeError);
    expect(() => emulator.clock.advance(Infinity)).toThrow(TypeError);
    emulator.clock.reset();
    expect(emulator.clock.now()).toBe(1_000_000_000_000);
    await emulator.close();
  });

  it("closes kept-alive connections, and may be closed twice", async () => {
    const emulator = await createEmulator({ envId: "demo" });
    await call(emulator, "GET /certs");
    await Promise.all([emulator.close(), emulator.close()]);
    await emulator.close();
    await expect(fetch(emulator.endpoint)).rejects.toThrow();
  });

  it("names an address to connect to when it listens everywhere", async () => {
    const emulator = await createEmulator({ envId: "demo", host: "0.0.0.0" });
    expect(emulator.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await emulator.close();
  });

  it("gives the same device another anonymous user in another environment", async () => {
    const subs = await Promise.all(
      ["one", "two"].map(async (envId) => {
        const emulator = await createEmulator({ envId });
        const visit = await call(emulator, "POST /signin/anonymously", { headers: { "x-device-id": "d" } });
        await emulator.close();
        return text(visit, "sub");
      }),
    );
    expect(new Set(subs).size).toBe(2);
  });
});

describe("the package", () => {
  it("exports exactly this", () => {
    expect(Object.keys(everything)).toEqual([
      "createEmulator",
      "createMemoryEmulator",
      "endpointNames",
      "forgeryKinds",
    ]);
  });
});
