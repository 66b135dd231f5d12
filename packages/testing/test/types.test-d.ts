import type { AuthErrorCode, CloudbaseAuthOptions } from "@cloudbase-auth/core";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import * as byExpress from "@cloudbase-auth/express";
import * as byFastify from "@cloudbase-auth/fastify";
import * as byKoa from "@cloudbase-auth/koa";
import { createSessions } from "@cloudbase-auth/sessions";
import { assertUnauthorized, createTestAuth } from "@cloudbase-auth/testing";
import type { BadToken, ExpectedRefusal, Person, TestAuth } from "@cloudbase-auth/testing";
import "@cloudbase-auth/testing/vitest";
import Fastify from "fastify";
import type { LightMyRequestResponse } from "fastify";
import request from "supertest";
import { describe, expect, expectTypeOf, test } from "vitest";

const testAuth = {} as TestAuth;

describe("the options", () => {
  test("are ordinary ones, alone and beside others", () => {
    expectTypeOf(testAuth.options).toExtend<CloudbaseAuthOptions>();
    expectTypeOf(byExpress.cloudbaseAuth).toBeCallableWith(testAuth.options);
    expectTypeOf(byKoa.cloudbaseAuth).toBeCallableWith({ ...testAuth.options, locale: "zh" });
    expectTypeOf(Fastify().register(byFastify.cloudbaseAuth, testAuth.options)).not.toBeAny();
    expectTypeOf(createCloudbaseAuth).toBeCallableWith({
      ...testAuth.options,
      verification: { mode: "introspection" },
    });
  });

  test("none of them switches anything off", () => {
    expectTypeOf<keyof TestAuth["options"]>().toEqualTypeOf<
      "envId" | "endpoint" | "dispatcher" | "now" | "clientId" | "clientSecret"
    >();
  });
});

describe("signInAs", () => {
  test("gives headers of one kind or the other", () => {
    const auth = createCloudbaseAuth(testAuth.options);
    const sessions = createSessions({ auth, secret: "", origin: "" });
    expectTypeOf(testAuth.signInAs()).resolves.toEqualTypeOf<{ readonly authorization: string }>();
    expectTypeOf(testAuth.signInAs({ id: "ann" }, { session: sessions })).resolves.toEqualTypeOf<{
      readonly cookie: string;
      readonly "x-cb-csrf": "1";
    }>();
  });

  test("headers fit supertest, inject() and fetch", async () => {
    const headers = await testAuth.signInAs();
    request("").get("/").set(headers);
    void Fastify().inject({ url: "/", headers });
    void fetch("", { headers });
    expectTypeOf(headers).toExtend<Record<string, string>>();
  });

  test("takes what a user can be", () => {
    expectTypeOf<Person>().toHaveProperty("scopes");
    // @ts-expect-error a misspelt member
    void testAuth.signInAs({ group: ["admin"] });
    // @ts-expect-error no such token
    void testAuth.headersWith("stale");
    expectTypeOf<"expired" | "foreign">().toExtend<BadToken>();
  });
});

describe("agentAs and injectAs", () => {
  test("keep what they are given", () => {
    expectTypeOf(testAuth.agentAs(request.agent(""))).resolves.toEqualTypeOf<ReturnType<typeof request.agent>>();
    const injecting = testAuth.injectAs(Fastify(), { id: "ann" });
    expectTypeOf(injecting).resolves.returns.resolves.toEqualTypeOf<LightMyRequestResponse>();
  });
});

describe("matchers and assertions", () => {
  test("take the codes that there are, and answer at once or later", () => {
    const answer = {} as LightMyRequestResponse;
    expectTypeOf(expect(answer).toBeUnauthorized({ code: "invalid_token" })).toBeVoid();
    expectTypeOf(expect(answer).not.toBeForbidden({ scopes: ["a"] })).toBeVoid();
    expectTypeOf(expect({} as Response).toBeUnavailable()).toEqualTypeOf<Promise<void>>();
    expectTypeOf(assertUnauthorized).returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf<NonNullable<ExpectedRefusal["code"]>>().toEqualTypeOf<AuthErrorCode>();
    // @ts-expect-error no such code
    expect(answer).toBeUnauthorized({ code: "no_token" });
  });
});

test("settings are the emulator's, without what needs a port", () => {
  expectTypeOf(createTestAuth).toBeCallableWith();
  expectTypeOf(createTestAuth).toBeCallableWith({ users: [{ username: "lihua", password: "secret" }] });
  // @ts-expect-error there is no port
  void createTestAuth({ port: 9320 });
});
