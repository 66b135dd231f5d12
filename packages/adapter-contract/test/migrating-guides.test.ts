import { describe, expect, it } from "vitest";
import { ask, lihua, post, useGuides } from "./support/guides.ts";

const { emulator, start } = useGuides();

describe("what one migrates to", () => {
  it("migrate-express-jwt.ts", async () => {
    const origin = await start("migrate-express-jwt");
    const token = await emulator().issueToken({ sub: "1001", scope: "user" });
    expect((await ask(`${origin}/health`)).status).toBe(200);
    expect(await ask(`${origin}/me`, { token })).toMatchObject({ status: 200, body: { id: "1001" } });
    expect(await ask(`${origin}/me`)).toMatchObject({ status: 401, body: { code: "missing_token" } });
    expect(await ask(`${origin}/reports`, { token })).toMatchObject({
      status: 403,
      body: { code: "insufficient_scope" },
    });
    const more = await emulator().issueToken({ scope: "user reports" });
    expect((await ask(`${origin}/reports`, { token: more })).status).toBe(200);
  });

  it("migrate-koa-jwt.ts", async () => {
    const origin = await start("migrate-koa-jwt");
    const token = await emulator().issueToken({ sub: "1001" });
    expect(await ask(`${origin}/`)).toMatchObject({ status: 200, body: { hello: "stranger" } });
    expect((await ask(`${origin}/`, { token: `${token}A` })).status).toBe(401);
    expect(await ask(`${origin}/me`, { token })).toMatchObject({ status: 200, body: { id: "1001" } });
  });

  it("migrate-fastify-jwt.ts", async () => {
    const origin = await start("migrate-fastify-jwt");
    const token = await emulator().issueToken({ sub: "1001" });
    expect(await ask(`${origin}/me`, { token })).toMatchObject({ status: 200, body: { id: "1001" } });
    expect(await ask(`${origin}/claims`, { token })).toMatchObject({ status: 200, body: { sub: "1001" } });
    expect((await ask(`${origin}/claims`)).status).toBe(401);
  });

  it("migrate-user-me.ts: asks the server where it is said so, and nowhere else", async () => {
    const origin = await start("migrate-user-me");
    const signedIn = await ask(`${emulator().endpoint}/auth/v1/signin`, post(lihua));
    const { access_token: token, sub } = signedIn.body as { access_token: string; sub: string };
    expect(await ask(`${origin}/orders`, { token })).toMatchObject({ status: 200, body: { ordersOf: sub } });
    emulator().requests.clear();
    const asked = () =>
      emulator()
        .requests.entries()
        .map(({ path }) => path);
    expect((await ask(`${origin}/orders`, { token })).status).toBe(200);
    expect(asked()).toEqual([]);
    expect((await ask(`${origin}/payments`, { token, method: "POST" })).status).toBe(201);
    expect(await ask(`${origin}/profile`, { token })).toMatchObject({ status: 200, body: { id: sub } });
    expect(asked()).toContain("/auth/v1/user/me");
  });
});
