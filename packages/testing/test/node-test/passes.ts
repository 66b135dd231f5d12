import assert from "node:assert/strict";
import { test } from "node:test";
import { assertForbidden, assertUnauthorized, createTestAuth } from "@cloudbase-auth/testing";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import Fastify from "fastify";

const testAuth = await createTestAuth();
const app = Fastify();
app.setErrorHandler(problemDetails());
await app.register(cloudbaseAuth, testAuth.options);
app.get("/me", { onRequest: requireUser() }, ({ user }) => ({ id: user?.id }));
app.get("/admin", { onRequest: requireUser({ groups: ["admin"] }) }, () => "Welcome.");

test("/me", async () => {
  const ann = await testAuth.injectAs(app, { id: "ann" });
  assert.deepEqual((await ann("/me")).json(), { id: "ann" });
  await assertUnauthorized(await app.inject("/me"), { code: "missing_token" });
});

test("/admin", async () => {
  const ann = await testAuth.injectAs(app, { id: "ann" });
  await assertForbidden(await ann("/admin"), { code: "forbidden" });
});
