import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import { createTestAuth } from "@cloudbase-auth/testing";
import "@cloudbase-auth/testing/jest";
import Fastify from "fastify";

const testAuth = await createTestAuth();
const app = Fastify();
app.setErrorHandler(problemDetails());
await app.register(cloudbaseAuth, testAuth.options);
app.get("/me", { onRequest: requireUser() }, ({ user }) => ({ id: user?.id }));
app.get("/admin", { onRequest: requireUser({ groups: ["admin"] }) }, () => "Welcome.");

test("/me", async () => {
  const ann = await testAuth.injectAs(app, { id: "ann" });
  expect((await ann("/me")).json()).toEqual({ id: "ann" });
  expect(await app.inject("/me")).toBeUnauthorized({ code: "missing_token" });
});

test("/admin", async () => {
  const ann = await testAuth.injectAs(app, { id: "ann" });
  expect(await ann("/admin")).toBeForbidden({ code: "forbidden" });
});

test("what does not hold fails, with the sentence", async () => {
  const answer = await app.inject("/me");
  expect(() => expect(answer).toBeForbidden({ code: "forbidden" })).toThrow(
    "expected 403 with code forbidden, and the answer is 401 with code missing_token",
  );
  expect(() => expect(answer).not.toBeUnauthorized()).toThrow("expected an answer other than 401");
});

test("an answer of fetch is awaited", async () => {
  const answer = new Response("{}", { status: 503 });
  await expect(answer).toBeUnavailable();
  await expect(expect(answer).toBeForbidden()).rejects.toThrow("expected 403, and the answer is 503");
});
