import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createTestAuth } from "@cloudbase-auth/testing";
import type { TestAuth } from "@cloudbase-auth/testing";
import "@cloudbase-auth/testing/vitest";
import request from "supertest";
import { beforeEach, describe, expect, test } from "vitest";
import { expressApp, openSessions } from "./support/apps.ts";

let testAuth: TestAuth;
beforeEach(async () => {
  testAuth = await createTestAuth();
});

describe.for(["cookie", "store"] as const)("sessions, kept in a %s", (kind) => {
  test("a session may change something, and a page of somebody else may not", async () => {
    const sessions = openSessions(testAuth, kind);
    const app = expressApp({ session: sessions });
    const ann = await testAuth.signInAs({ id: "ann", scopes: ["orders"] }, { session: sessions });
    expect(Object.keys(ann)).toEqual(["cookie", "x-cb-csrf"]);
    await request(app).post("/orders").set(ann).expect(204);
    expect(await request(app).post("/orders").set(ann).set("sec-fetch-site", "cross-site")).toBeForbidden({
      code: "csrf",
    });
  });

  test("goes on when its access token has ended, as the same person with the same rights", async () => {
    const sessions = openSessions(testAuth, kind);
    const app = expressApp({ session: sessions });
    const headers = await testAuth.signInAs({ id: "ann", scopes: ["orders"] }, { session: sessions });
    testAuth.advance(2.5 * 3600);
    const refreshed = await request(app).post("/orders").set(headers).expect(204);
    const [cookie = headers.cookie] = [refreshed.headers["set-cookie"]].flat();
    testAuth.advance(2.5 * 3600);
    await request(app)
      .get("/me")
      .set({ ...headers, cookie: cookie.split(";", 1)[0] ?? "" })
      .expect(200, { id: "ann" });
    testAuth.advance(8 * 24 * 3600);
    expect(await request(app).get("/me").set(headers)).toBeUnauthorized({ code: "missing_token" });
  });

  test("of an anonymous user ends with its access token", async () => {
    const sessions = openSessions(testAuth, kind);
    const app = expressApp({ session: sessions });
    const headers = await testAuth.signInAs({ anonymous: true }, { session: sessions });
    expect(await request(app).get("/me").set(headers)).toBeForbidden({ code: "anonymous_user" });
    testAuth.advance(2.5 * 3600);
    expect(await request(app).get("/me").set(headers)).toBeUnauthorized({ code: "missing_token" });
  });

  test("the refresh token is good once", async () => {
    const sessions = openSessions(testAuth, kind);
    let spent = "";
    const tapped = {
      keeper: {
        start: async (...[asked, tokens]: Parameters<typeof sessions.keeper.start>) => {
          spent = String(tokens.refreshToken);
          return sessions.keeper.start(asked, tokens);
        },
      },
    };
    await testAuth.signInAs({ id: "ann" }, { session: tapped });
    const { refreshToken } = await createCloudbaseAuth(testAuth.options).refresh(spent);
    await expect(createCloudbaseAuth(testAuth.options).refresh(spent)).rejects.toMatchObject({
      code: "refresh_rejected",
    });
    expect((await createCloudbaseAuth(testAuth.options).refresh(String(refreshToken))).refreshToken).toBeDefined();
  });

  test("of another environment are refused with the fix", async () => {
    const sessions = openSessions(testAuth, kind);
    const other = await createTestAuth();
    await expect(other.signInAs({ id: "ann" }, { session: sessions })).rejects.toThrow(
      "option session did not accept the tokens of this createTestAuth(); make it with createSessions({ auth: createCloudbaseAuth(testAuth.options), … })",
    );
  });

  test("is over for good when it was signed out, with whatever the browser kept", async () => {
    const sessions = openSessions(testAuth, kind);
    const app = expressApp({ session: sessions }, sessions);
    const kept = await testAuth.signInAs({ id: "ann" }, { session: sessions });
    await request(app).post("/auth/signout").set(kept).expect(200);
    expect(await request(app).get("/me").set(kept)).toBeUnauthorized();
    testAuth.advance(2.5 * 3600);
    expect(await request(app).get("/me").set(kept)).toBeUnauthorized();
  });
});
