import { createTestAuth } from "@cloudbase-auth/testing";
import "@cloudbase-auth/testing/vitest";
import request from "supertest";
import { expect, test } from "vitest";
import { createApp } from "./app.ts";

const testAuth = await createTestAuth(); // an environment of this file's own: no port, no network, real signatures
const app = createApp(testAuth.options).callback();

test("/me answers whoever is signed in", async () => {
  const ann = await testAuth.signInAs({ id: "ann", name: "Ann" });
  const answer = await request(app).get("/me").set(ann).expect(200);
  expect(answer.body).toMatchObject({ user: { id: "ann", name: "Ann" } });
});

test("/me is for people", async () => {
  expect(await request(app).get("/me")).toBeUnauthorized({ code: "missing_token" });
  const visitor = await testAuth.signInAs({ anonymous: true });
  expect(await request(app).get("/me").set(visitor)).toBeForbidden({ code: "anonymous_user" });
});

test.for(["expired", "forged", "foreign"] as const)("/hello takes nobody's word: %s", async (bad) => {
  const headers = await testAuth.headersWith(bad);
  expect(await request(app).get("/hello").set(headers)).toBeUnauthorized({ code: "invalid_token" });
});

test("/admin is for the group admin", async () => {
  const ann = await testAuth.agentAs(request.agent(app), { groups: ["admin"] });
  await ann.get("/admin").expect(200);
  const bob = await testAuth.agentAs(request.agent(app), { groups: ["editors"] });
  expect(await bob.get("/admin")).toBeForbidden({ code: "forbidden" });
});

test("a sign-in lasts for two hours", async () => {
  const ann = await testAuth.signInAs();
  await request(app).get("/me").set(ann).expect(200);
  testAuth.advance(2 * 3600 + 10);
  expect(await request(app).get("/me").set(ann)).toBeUnauthorized({ code: "invalid_token" });
});

test("while CloudBase is out of reach nobody is told that their token is bad", async () => {
  const { options, signInAs, goDown } = await createTestAuth();
  goDown();
  const justStarted = createApp({ ...options, onWarning: () => {} }).callback();
  expect(
    await request(justStarted)
      .get("/me")
      .set(await signInAs()),
  ).toBeUnavailable();
});
