import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createTestAuth } from "@cloudbase-auth/testing";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
});

test("a fake Date is the time of the environment too", async () => {
  const testAuth = await createTestAuth();
  vi.useFakeTimers({ toFake: ["Date"] });
  const auth = createCloudbaseAuth(testAuth.options);
  const headers = await testAuth.signInAs({ id: "ann" });
  const result = await auth.authenticate({ headers });
  expect(result.user?.id).toBe("ann");
  expect(await auth.authorize(result, { freshSeconds: 1 })).toBeUndefined();
  vi.setSystemTime(Date.now() + 7_210_000);
  expect((await auth.authenticate({ headers })).auth.state).toBe("rejected");
});
