import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort, listening, run } from "./support/processes.ts";
import type { Running } from "./support/processes.ts";

let emulator: Emulator;
let server: Running | undefined;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
});
afterEach(() => server?.stop("SIGTERM"));
afterAll(() => emulator.close());

/** Starts an example; the answer is where it listens. */
async function start(file: string): Promise<string> {
  const port = await freePort();
  const variables = { CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: emulator.endpoint, PORT: String(port) };
  server = run(`examples/${file}`, [], variables);
  await listening(port, server);
  return `http://127.0.0.1:${String(port)}`;
}

interface Asked extends RequestInit {
  readonly token?: string;
}

async function ask(url: string, { token, headers, ...init }: Asked = {}) {
  const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { ...init, headers: { ...bearer, ...(headers as Record<string, string>) } });
  const text = await response.text();
  const body: unknown = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

describe.each(["express", "koa", "fastify"])("examples/%s/policies.ts", (framework) => {
  it("lets in whom the policy names, and says why not", async () => {
    const origin = await start(`${framework}/policies.ts`);
    const scope = "user posts";
    const tokens = {
      author: await emulator.issueToken({ sub: "1001", scope }),
      editor: await emulator.issueToken({ sub: "1002", scope, groups: ["editors"] }),
      stranger: await emulator.issueToken({ sub: "1003", scope }),
      "without the scope": await emulator.issueToken({ sub: "1001", scope: "user" }),
      suspended: await emulator.issueToken({ sub: "1001", scope, groups: ["suspended"] }),
      anonymous: await emulator.issueToken({ sub: "1004", scope: "anonymous posts" }),
    };
    const rows = await Promise.all(
      Object.entries(tokens).map(async ([who, token]) => {
        const saved = await ask(`${origin}/posts/7`, { token, method: "PUT" });
        const asked = await ask(`${origin}/posts/7/may-edit`, { token });
        const { code = null } = saved.body as { code?: string };
        const { mayEdit = null } = asked.body as { mayEdit?: boolean };
        return [who, saved.status, code, asked.status, mayEdit];
      }),
    );
    expect(rows).toEqual([
      ["author", 200, null, 200, true],
      ["editor", 200, null, 200, true],
      ["stranger", 403, "forbidden", 200, false],
      ["without the scope", 403, "insufficient_scope", 200, false],
      ["suspended", 403, "forbidden", 200, false],
      ["anonymous", 403, "anonymous_user", 403, null],
    ]);
    expect(await ask(`${origin}/posts/8/may-edit`, { token: tokens.author })).toMatchObject({
      body: { mayEdit: false },
    });
    await server?.line(/"condition":"check","held":false/);

    const { author: token } = tokens;
    expect((await ask(`${origin}/account`, { token, method: "DELETE" })).status).toBe(204);
    await emulator.close();
    emulator = await createEmulator({ envId: "demo" });
    const another = tokens.editor;
    expect((await ask(`${origin}/posts/7`, { token: another, method: "PUT" })).status).toBe(200);
    expect((await ask(`${origin}/account`, { token: another, method: "DELETE" })).status).toBe(503);
  });
});

describe("examples/express/credentials.ts", () => {
  it("takes the token in four ways, one at a time, and speaks the client's language", async () => {
    const url = `${await start("express/credentials.ts")}/me`;
    const token = await emulator.issueToken({ sub: "1001" });
    const cookie = { cookie: `access_token=${token}` };
    const form = new URLSearchParams({ access_token: token });
    const ways = {
      header: await ask(url, { token }),
      query: await ask(`${url}?access_token=${token}`),
      cookie: await ask(url, { headers: cookie }),
      form: await ask(url, { method: "POST", body: form }),
    };
    for (const [way, { status, body }] of Object.entries(ways)) {
      expect([way, status, body]).toEqual([way, 200, { id: "1001" }]);
    }
    expect(ways.query.headers.get("cache-control")).toBe("no-store");
    expect((await ask(`${url}?access_token=${token}`, { token })).status).toBe(400);
    const from = (origin: string) => ask(url, { method: "POST", headers: { ...cookie, origin } });
    expect(await from("https://app.example")).toMatchObject({ status: 200 });
    expect(await from("https://evil.example")).toMatchObject({ status: 403, body: { code: "csrf" } });
    const refused = await ask(url, { headers: { "accept-language": "zh-CN" } });
    expect(refused.body).toMatchObject({ title: "需要登录", type: "https://docs.example/errors/missing_token" });
  });
});

describe("examples/express/on-cloudbase.ts", () => {
  it("believes the token in the gateway's header, and nothing else", async () => {
    const url = `${await start("express/on-cloudbase.ts")}/me`;
    const token = await emulator.issueToken({ sub: "1001" });
    const context = await emulator.cloudbaseContext({ accessToken: token });
    expect(await ask(url, { headers: { "x-cloudbase-context": context } })).toMatchObject({
      status: 200,
      body: { id: "1001" },
    });
    expect((await ask(url, { token })).status).toBe(401);
    expect((await ask(url, { headers: { "x-wx-openid": "o-1" } })).status).toBe(401);
  });
});

describe("examples/koa/current-user.ts", () => {
  it("knows whose request it is, for many at once", async () => {
    const url = await start("koa/current-user.ts");
    const users = Array.from({ length: 20 }, (_, index) => `user-${String(index)}`);
    const answers = await Promise.all(
      users.map(async (sub) => (await ask(url, { token: await emulator.issueToken({ sub }) })).body),
    );
    expect(answers).toEqual(users.map((sub) => [`the order of ${sub}`]));
    expect((await ask(url)).status).toBe(401);
  });
});

describe("examples/fastify/observability.ts", () => {
  it("logs what was refused and why, and no token", async () => {
    const url = `${await start("fastify/observability.ts")}/reports`;
    const admin = await emulator.issueToken({ sub: "1001", groups: ["admin"] });
    const person = await emulator.issueToken({ sub: "1002" });
    const forged = `${admin.slice(0, -6)}AAAAAA`;
    expect((await ask(`${url}?access_token=${person}`)).status).toBe(401);
    for (const [token, status] of [[forged, 401] as const, [person, 403] as const, [admin, 200] as const]) {
      expect((await ask(url, { token })).status).toBe(status);
    }
    await server?.line(/reports were read/);
    const lines = server?.stdout() ?? "";
    expect(lines).toMatch(
      /"code":"invalid_token","reason":"signature","environment":"demo","msg":"a token was refused"/,
    );
    expect(lines).toMatch(/"condition":"groups","wanted":\["admin"\],"held":false/);
    expect(lines).toMatch(/"auth":\{"state":"authenticated","environment":"demo"/);
    for (const token of [admin, person, forged]) {
      for (const piece of token.split(".")) expect(lines).not.toContain(piece);
    }
  });
});
