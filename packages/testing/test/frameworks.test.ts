import { createTestAuth } from "@cloudbase-auth/testing";
import type { TestAuth } from "@cloudbase-auth/testing";
import "@cloudbase-auth/testing/vitest";
import request from "supertest";
import { beforeEach, describe, expect, test } from "vitest";
import { expressApp, fastifyApp, koaApp, openSessions } from "./support/apps.ts";

let testAuth: TestAuth;
beforeEach(async () => {
  testAuth = await createTestAuth();
});

describe.for([
  ["Express", expressApp],
  ["Koa", koaApp],
] as const)("%s and supertest", ([, makeApp]) => {
  test("headers of signInAs", async () => {
    const app = makeApp(testAuth.options);
    expect(await request(app).get("/me")).toBeUnauthorized({ code: "missing_token" });
    await request(app)
      .get("/me")
      .set(await testAuth.signInAs({ id: "ann" }))
      .expect(200, { id: "ann" });
    expect(
      await request(app)
        .get("/me")
        .set(await testAuth.signInAs({ anonymous: true })),
    ).toBeForbidden({
      code: "anonymous_user",
    });
    expect(
      await request(app)
        .get("/me")
        .set(await testAuth.headersWith("expired")),
    ).toBeUnauthorized({
      code: "invalid_token",
    });
  });

  test("agents of two people", async () => {
    const app = makeApp(testAuth.options);
    const ann = await testAuth.agentAs(request.agent(app), { id: "ann" });
    const bob = await testAuth.agentAs(request.agent(app), { id: "bob" });
    await Promise.all([
      ann.get("/me").expect(200, { id: "ann" }),
      bob.get("/me").expect(200, { id: "bob" }),
      ann.get("/me").expect(200, { id: "ann" }),
    ]);
    expect(await ann.get("/me").set(await testAuth.headersWith("forged"))).toBeUnauthorized();
  });

  test("an outage", async () => {
    const headers = await testAuth.signInAs();
    testAuth.goDown();
    const app = makeApp({ ...testAuth.options, onWarning: () => undefined });
    expect(await request(app).get("/me").set(headers)).toBeUnavailable({ code: "service_unavailable" });
  });

  test("a session", async () => {
    const sessions = openSessions(testAuth);
    const ann = await testAuth.agentAs(
      request.agent(makeApp({ session: sessions })),
      { id: "ann" },
      { session: sessions },
    );
    await ann.get("/me").expect(200, { id: "ann" });
  });
});

describe("Fastify and inject()", () => {
  test("headers of signInAs", async () => {
    const app = await fastifyApp(testAuth.options);
    expect(await app.inject("/me")).toBeUnauthorized({ code: "missing_token" });
    const headers = await testAuth.signInAs({ id: "ann" });
    expect((await app.inject({ url: "/me", headers })).json()).toEqual({ id: "ann" });
  });

  test("injectAs", async () => {
    const app = await fastifyApp(testAuth.options);
    const ann = await testAuth.injectAs(app, { id: "ann", scopes: ["orders"] });
    expect((await ann("/me")).json()).toEqual({ id: "ann" });
    expect((await ann({ method: "POST", url: "/orders", payload: { item: 1 } })).json()).toEqual({ saved: true });
    expect(await ann({ url: "/me", headers: { authorization: "Bearer no" } })).toBeUnauthorized();
    const bob = await testAuth.injectAs(app, { id: "bob" });
    expect(await bob({ method: "POST", url: "/orders" })).toBeForbidden({
      code: "insufficient_scope",
      scopes: ["orders"],
    });
  });

  test("injectAs with a session", async () => {
    const sessions = openSessions(testAuth);
    const app = await fastifyApp({ session: sessions });
    const ann = await testAuth.injectAs(app, { id: "ann", scopes: ["orders"] }, { session: sessions });
    expect((await ann({ method: "POST", url: "/orders" })).statusCode).toBe(200);
  });
});
