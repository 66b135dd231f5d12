import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, listening, run } from "./support/processes.ts";

let emulator: Emulator;
let admin: string;
let person: string;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
  person = await emulator.issueToken({ sub: "1001", scope: "posts" });
  admin = await emulator.issueToken({ sub: "1002", groups: ["admin"] });
});
afterAll(() => emulator.close());

const tables = {
  express: [
    "GET  /health         public",
    "GET  /me             user",
    'GET  /admin/reports  user {"groups":["admin"]}',
  ],
  koa: ["GET  /health         public", "GET  /me             user", 'GET  /admin/reports  user {"groups":["admin"]}'],
  fastify: [
    "GET  /health         public",
    "GET  /me             user",
    'GET  /posts          user {"scopes":["posts"]}',
    'GET  /admin/reports  user {"groups":["admin"]}',
  ],
};

describe.each(Object.entries(tables))("examples/%s/declared-routes.ts", (framework, table) => {
  it("prints who may call what, and is as it prints", async () => {
    const port = await freePort();
    const variables = { CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: emulator.endpoint, PORT: String(port) };
    const server = run(`examples/${framework}/declared-routes.ts`, [], variables);
    await listening(port, server);
    expect(server.stdout().trimEnd().split("\n")).toEqual(table);

    const statusOf = async (path: string, token?: string): Promise<number> => {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const { status } = await fetch(`http://127.0.0.1:${String(port)}${path}`, { headers });
      return status;
    };
    expect(await Promise.all(["/health", "/me", "/admin/reports"].map((path) => statusOf(path)))).toEqual([
      200, 401, 401,
    ]);
    expect(await statusOf("/me", person)).toBe(200);
    expect(await statusOf("/admin/reports", person)).toBe(403);
    expect(await statusOf("/admin/reports", admin)).toBe(200);
    await server.stop("SIGTERM");
  });
});
