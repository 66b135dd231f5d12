import { createTestAuth } from "@cloudbase-auth/testing";
import "@cloudbase-auth/testing/vitest";
import { expect, test } from "vitest";
import { createApp } from "./app.ts";

const testAuth = await createTestAuth(); // an environment of this file's own: no port, no network, real signatures
const app = await createApp(testAuth.options);

test("/me answers whoever is signed in", async () => {
  const headers = await testAuth.signInAs({ id: "ann", name: "Ann" });
  const answer = await app.inject({ url: "/me", headers });
  expect(answer.json()).toMatchObject({ user: { id: "ann", name: "Ann" } });
});

test("/me is for people", async () => {
  expect(await app.inject("/me")).toBeUnauthorized({ code: "missing_token" });
  const headers = await testAuth.signInAs({ anonymous: true });
  expect(await app.inject({ url: "/me", headers })).toBeForbidden({ code: "anonymous_user" });
});

test.for(["expired", "forged", "foreign"] as const)("/hello takes nobody's word: %s", async (bad) => {
  const headers = await testAuth.headersWith(bad);
  expect(await app.inject({ url: "/hello", headers })).toBeUnauthorized({ code: "invalid_token" });
});

test("/admin is for the group admin", async () => {
  const ann = await testAuth.injectAs(app, { groups: ["admin"] });
  expect((await ann("/admin")).statusCode).toBe(200);
  const bob = await testAuth.injectAs(app, { groups: ["editors"] });
  expect(await bob("/admin")).toBeForbidden({ code: "forbidden" });
});

test("a sign-in lasts for two hours", async () => {
  const ann = await testAuth.injectAs(app);
  expect((await ann("/me")).statusCode).toBe(200);
  testAuth.advance(2 * 3600 + 10);
  expect(await ann("/me")).toBeUnauthorized({ code: "invalid_token" });
});

test("while CloudBase is out of reach nobody is told that their token is bad", async () => {
  const { options, signInAs, goDown } = await createTestAuth();
  goDown();
  const justStarted = await createApp({ ...options, onWarning: () => {} });
  expect(await justStarted.inject({ url: "/me", headers: await signInAs() })).toBeUnavailable();
});
