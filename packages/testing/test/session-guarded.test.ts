import { randomBytes } from "node:crypto";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { authRoutes, cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";
import { createSessions } from "@cloudbase-auth/sessions";
import { createTestAuth } from "@cloudbase-auth/testing";
import "@cloudbase-auth/testing/vitest";
import express from "express";
import request from "supertest";
import { expect, test } from "vitest";

const testAuth = await createTestAuth();
const sessions = createSessions({
  auth: createCloudbaseAuth(testAuth.options),
  secret: randomBytes(32).toString("base64"),
  origin: "https://app.example",
  now: testAuth.options.now,
});
const app = express();
app.use("/auth", authRoutes(sessions));
app.use(cloudbaseAuth({ session: sessions }));
app.post("/orders", requireUser(), (req, res) => void res.json({ buyer: req.user?.id }));
app.use(problemDetails());

test("whoever is signed in may order, hours later too", async () => {
  const ann = await testAuth.signInAs({ id: "ann" }, { session: sessions });
  await request(app).post("/orders").set(ann).expect(200, { buyer: "ann" });
  testAuth.advance(3 * 3600); // the access token has ended, and is exchanged in passing
  await request(app).post("/orders").set(ann).expect(200, { buyer: "ann" });
});

test("a page of somebody else may not order for her", async () => {
  const ann = await testAuth.signInAs({ id: "ann" }, { session: sessions });
  const answer = await request(app).post("/orders").set(ann).set("sec-fetch-site", "cross-site");
  expect(answer).toBeForbidden({ code: "csrf" });
});
