import { AssertionError } from "node:assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  assertForbidden,
  assertUnauthorized,
  assertUnavailable,
  createTestAuth,
  matchers,
} from "@cloudbase-auth/testing";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";
import * as byFastify from "@cloudbase-auth/fastify";
import "@cloudbase-auth/testing/vitest";
import express from "express";
import Fastify from "fastify";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const testAuth = await createTestAuth();
const nobody = {};
const ann = await testAuth.signInAs({ id: "ann" });

function makeApp() {
  const app = express();
  app.use(cloudbaseAuth(testAuth.options));
  app.get("/me", requireUser(), (_req, res) => void res.send("you"));
  app.get("/posts", requireUser({ scopes: ["posts", "photos"] }), (_req, res) => void res.send("posts"));
  app.get("/admin", requireUser({ groups: ["admin"] }), (_req, res) => void res.send("admin"));
  app.get("/broken", (_req, res) => void res.status(503).send("<html>"));
  return app;
}

const app = makeApp().use(problemDetails());
const server = createServer(app);
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => server.close());

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "it passed";
}

describe("answers of supertest", () => {
  test("are told by status, code and missing scopes", async () => {
    const answer = await request(app).get("/posts").set(ann);
    expect(answer).toBeForbidden();
    expect(answer).toBeForbidden({ code: "insufficient_scope" });
    expect(answer).toBeForbidden({ scopes: ["photos", "posts"] });
    expect(answer).not.toBeUnauthorized();
    expect(answer).not.toBeUnavailable();
    expect(answer).not.toBeForbidden({ code: "forbidden" });
    expect(answer).not.toBeForbidden({ scopes: ["posts"] });
  });

  test("a failure says what was expected and what came", async () => {
    const refused = await request(app).get("/me");
    const passed = await request(app).get("/me").set(ann);
    expect([
      messageOf(() => expect(passed).toBeUnauthorized()),
      messageOf(() => expect(refused).toBeUnauthorized({ code: "invalid_token" })),
      messageOf(() => expect(refused).toBeForbidden({ code: "forbidden", scopes: ["a"] })),
      messageOf(() => expect(refused).not.toBeUnauthorized({ code: "missing_token" })),
    ]).toEqual([
      "expected 401, and the answer is 200",
      "expected 401 with code invalid_token, and the answer is 401 with code missing_token",
      "expected 403 with code forbidden and scope a, and the answer is 401 with code missing_token and no scope",
      "expected an answer other than 401 with code missing_token",
    ]);
  });

  test("a handler that writes no code leaves the challenge", async () => {
    const quiet = makeApp().use(((error, _req, res, _next) => {
      res.status(error.status).set(error.headers).send("no");
    }) satisfies express.ErrorRequestHandler);
    expect(await request(quiet).get("/me")).toBeUnauthorized({ code: "missing_token" });
    expect(
      await request(quiet)
        .get("/me")
        .set(await testAuth.headersWith("forged")),
    ).toBeUnauthorized({
      code: "invalid_token",
    });
    expect(await request(quiet).get("/posts").set(ann)).toBeForbidden({
      code: "insufficient_scope",
      scopes: ["posts", "photos"],
    });
    const forbidden = await request(quiet).get("/admin").set(ann);
    expect(messageOf(() => expect(forbidden).toBeForbidden({ code: "forbidden" }))).toBe(
      "expected 403 with code forbidden, and the answer is 403 with no code; the body has no code: mount problemDetails() as error handler",
    );
  });

  test("503 of whatever else is 503 without a code", async () => {
    const answer = await request(app).get("/broken");
    expect(answer).toBeUnavailable();
    expect(answer).not.toBeUnavailable({ code: "service_unavailable" });
  });
});

test("answers of inject(), also of Fastify's own error handler", async () => {
  const fastify = Fastify();
  await fastify.register(byFastify.cloudbaseAuth, testAuth.options);
  fastify.get("/admin", { onRequest: byFastify.requireUser({ groups: ["admin"] }) }, () => "admin");
  expect(await fastify.inject("/admin")).toBeUnauthorized({ code: "missing_token" });
  expect(await fastify.inject({ url: "/admin", headers: ann })).toBeForbidden({ code: "forbidden" });
});

test("answers of fetch, whose body stays to be read", async () => {
  const response = await fetch(`${url}/me`);
  await expect(response).toBeUnauthorized({ code: "missing_token" });
  expect(await response.json()).toMatchObject({ code: "missing_token" });
  await expect(response).toBeUnauthorized({ code: "missing_token" });
  await expect(fetch(`${url}/me`, { headers: ann })).resolves.not.toBeUnauthorized();
  await expect(expect(response).toBeForbidden()).rejects.toThrow("expected 403, and the answer is 401");
});

test.for([[undefined], ["401"], [{}], [{ status: "401" }], [null]])("%j is no answer", ([value]) => {
  expect(messageOf(() => expect(value).toBeUnauthorized())).toBe(
    "this is no answer of supertest, inject() or fetch; is an await missing in front of it?",
  );
});

test("a request that nobody awaited is no answer", () => {
  expect(messageOf(() => expect(request(app).get("/me")).toBeUnauthorized())).toContain("await missing");
});

describe("assertions", () => {
  test("pass and fail as the matchers do", async () => {
    const refused = await request(app).get("/me").set(nobody);
    await assertUnauthorized(refused, { code: "missing_token" });
    await assertForbidden(await request(app).get("/admin").set(ann), { code: "forbidden" });
    await assertUnavailable(await fetch(`${url}/broken`));
    for (const assertion of [assertForbidden, assertUnavailable]) {
      await expect(assertion(refused)).rejects.toThrow(AssertionError);
    }
    await expect(assertUnauthorized(refused, { code: "invalid_token" })).rejects.toThrow(
      "expected 401 with code invalid_token, and the answer is 401 with code missing_token",
    );
    await expect(assertUnauthorized(undefined)).rejects.toThrow(TypeError);
  });
});

test("the matchers are for expect.extend()", () => {
  expect(Object.keys(matchers)).toEqual(["toBeUnauthorized", "toBeForbidden", "toBeUnavailable"]);
});
