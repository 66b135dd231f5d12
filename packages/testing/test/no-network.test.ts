import dns from "node:dns";
import net from "node:net";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createSessions } from "@cloudbase-auth/sessions";
import { createTestAuth } from "@cloudbase-auth/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const opened: string[] = [];
beforeAll(() => {
  vi.spyOn(dns, "lookup").mockImplementation(refusing("lookup"));
  vi.spyOn(net.Socket.prototype, "connect").mockImplementation(refusing("connect"));
  vi.spyOn(net.Server.prototype, "listen").mockImplementation(refusing("listen"));
});
afterAll(() => vi.restoreAllMocks());

function refusing(what: string) {
  return (): never => {
    opened.push(what);
    throw new Error(`${what} in a test that needs no network`);
  };
}

test("whatever the kit does, no socket is opened and no name is looked up", async () => {
  const testAuth = await createTestAuth();
  const auth = createCloudbaseAuth(testAuth.options);
  const headers = await testAuth.signInAs({ id: "ann" });
  const result = await auth.authenticate({ headers });
  expect(result.user?.id).toBe("ann");
  expect(await auth.authorize(result, { freshSeconds: 1 })).toBeUndefined();
  for (const bad of ["foreign", "unknown-key"] as const) {
    expect((await auth.authenticate({ headers: await testAuth.headersWith(bad) })).auth.state).toBe("rejected");
  }
  const now = testAuth.options.now;
  const sessions = createSessions({
    auth,
    origin: "https://app.example",
    secret: "0123456789abcdefghijklmnopqrstuvw",
    now,
  });
  const session = await testAuth.signInAs({ id: "ann" }, { session: sessions });
  testAuth.advance(2.5 * 3600);
  expect((await sessions.authenticate({ method: "GET", headers: session })).user?.id).toBe("ann");
  await testAuth.revoke(await testAuth.issueToken());
  testAuth.goDown();
  await expect(createCloudbaseAuth({ ...testAuth.options, onWarning: () => undefined }).ready()).rejects.toThrow();
  expect(opened).toEqual([]);
});

test("a request to anywhere else fails at once, and says so", async () => {
  const { options } = await createTestAuth();
  const warnings: string[] = [];
  const auth = createCloudbaseAuth({
    ...options,
    endpoint: "https://elsewhere.example",
    onWarning: ({ message, cause }) => warnings.push(message, cause instanceof Error ? String(cause.cause) : ""),
  });
  await expect(auth.ready()).rejects.toMatchObject({ code: "service_unavailable" });
  expect(warnings).toEqual([
    expect.stringContaining("ENOTFOUND"),
    `Error: https://elsewhere.example is not asked in tests; only ${options.endpoint} is there`,
  ]);
  expect(opened).toEqual([]);
});

test("without the dispatcher there is nothing to reach: nobody has such a name (RFC 6761 §6.4)", async () => {
  const { endpoint } = (await createTestAuth()).options;
  expect(new URL(endpoint).hostname).toMatch(/\.invalid$/);
});
