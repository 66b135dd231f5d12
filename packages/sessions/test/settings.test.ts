import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { createMemorySessionStore, createSessions } from "../src/index.ts";
import type { SessionsOptions } from "../src/index.ts";
import { origin, secret } from "./support/world.ts";

let auth: CloudbaseAuth;

beforeAll(() => {
  auth = createCloudbaseAuth({ envId: "demo" });
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => auth.close());

/** Options as a caller without types may write them. */
function create(options: object): () => unknown {
  return () => createSessions({ auth, secret, origin, ...options } as SessionsOptions);
}

describe("options are checked once, and the message says what to do", () => {
  it.each([
    [
      { secret: undefined },
      "option secret must be at least 32 characters long; use what `openssl rand -base64 32` prints",
    ],
    [{ secret: "a".repeat(31) }, "option secret must be at least 32 characters long"],
    [{ secret: "a".repeat(64) }, "option secret can be guessed"],
    [{ secret: "abcabcab".repeat(8) }, "option secret can be guessed"],
    [{ secret: [] }, "option secret must have at least one"],
    [{ secret: [secret, ""] }, "option secret must be at least 32"],
    [{ secret: [secret, secret] }, "option secret has one twice"],
    [
      { origin: undefined },
      'option origin must be the public origin of the application, such as "https://app.example"',
    ],
    [{ origin: "app.example" }, "option origin must be"],
    [{ origin: "https://app.example/" }, "option origin must be an origin and nothing else"],
    [{ origin: "https://app.example/app" }, "option origin must be an origin and nothing else"],
    [{ origin: "https://APP.example" }, "option origin must be an origin and nothing else, as browsers write it"],
    [{ origin: "ftp://app.example" }, "option origin must be"],
    [{ origin: "http://app.example" }, "option origin is plain http outside of loopback"],
    [{ origin: "http://127.0.0.1.evil.example" }, "option origin is plain http outside of loopback"],
    [{ origin: "http://10.0.0.1" }, "option origin is plain http outside of loopback"],
    [{ auth: {} }, "option auth must be what createCloudbaseAuth() gives"],
    [{ store: {} }, "option store must be what createMemorySessionStore() gives"],
    [{ store: null }, "option store must be"],
    [{ limiter: {} }, "option limiter must be"],
    [{ cookie: { name: "a b" } }, "option cookie.name must be"],
    [{ cookie: { name: "__Host-cb" } }, "option cookie.name must be"],
    [{ cookie: { prefix: "__Secure-" } }, 'option cookie.prefix must be "__Host-" or "__Host-Http-"'],
    [{ cookie: { domain: "app.example" } }, "option cookie.domain is not known"],
    [{ idleSeconds: 59 }, "option idleSeconds must be a whole number of seconds from 60"],
    [{ idleSeconds: 90.5 }, "option idleSeconds must be"],
    [{ absoluteSeconds: Infinity }, "option absoluteSeconds must be"],
    [{ absoluteSeconds: 34_560_001 }, "option absoluteSeconds must be"],
    [{ sameSite: "none" }, 'option sameSite must be "lax" or "strict"'],
    [{ mode: "cookie" }, 'option mode must be "session" or "tokens"'],
    [{ trustedOrigins: "https://a.example" }, "option trustedOrigins must be an array of origins"],
    [{ trustedOrigins: ["https://a.example/"] }, "option trustedOrigins must be an array of origins"],
    [{ trustedOrigins: ["null"] }, "option trustedOrigins must be an array of origins"],
    [{ trustedOrigins: ["*"] }, "option trustedOrigins must be an array of origins"],
    [{ now: 7 }, "option now must be a function"],
    [{ secrets: [secret] }, "option secrets is not known; the options are auth, secret, origin"],
  ])("%j", (options, message) => {
    expect(create(options)).toThrow(TypeError);
    expect(create(options)).toThrow(message);
  });

  it("a message never has the secret", () => {
    expect(create({ secret: "sentinel" })).not.toThrow("sentinel");
    expect(create({ secret: "sentinel".repeat(4) })).not.toThrow("sentinel");
  });

  it("README.md has a row for each, and no other", () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const [, section = ""] = /\n## Options\n(.*?)\n## /s.exec(readme) ?? [];
    const documented = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(create({ x: 1 })).toThrow(`the options are ${documented.join(", ")}`);
  });

  it.each([undefined, null, "x"])("%j instead of options", (options) => {
    expect(() => createSessions(options as unknown as SessionsOptions)).toThrow("auth, secret and origin");
  });

  it.each([
    {},
    { origin: "http://localhost:3000" },
    { origin: "http://127.0.0.1:3000" },
    { origin: "http://[::1]:3000" },
    { absoluteSeconds: 60 },
    { secret: [secret, `${secret}-old`], store: createMemorySessionStore(), sameSite: "strict", mode: "tokens" },
  ] as const)("%j is fine", (options) => {
    expect(create(options)).not.toThrow();
  });

  it("in production the origin must be the public one", () => {
    vi.stubEnv("NODE_ENV", "production");
    expect(create({ origin: "http://localhost:3000" })).toThrow("plain http while NODE_ENV is production");
    expect(create({})).not.toThrow();
  });
});
