import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ask, lihua, post, useGuides } from "./support/guides.ts";
import { root } from "./support/processes.ts";

/** What the guides of packages/docs show: each file of examples/guides runs, and answers real requests. */
const { emulator, start, server } = useGuides();
const anyText: unknown = expect.any(String);
beforeAll(() => {
  process.env["CLOUDBASE_ENV_ID"] = "demo";
  process.env["CLOUDBASE_AUTH_ENDPOINT"] = emulator().endpoint;
});

it("cloudbase-run.ts: the health check needs no token, and SIGTERM ends it by itself", async () => {
  const origin = await start("cloudbase-run");
  expect(await ask(`${origin}/health`)).toMatchObject({ status: 200, body: { ok: true } });
  expect(await ask(`${origin}/me`)).toMatchObject({ status: 401, body: { code: "missing_token" } });
  const token = await emulator().issueToken({ sub: "1001" });
  expect(await ask(`${origin}/me`, { token })).toMatchObject({ status: 200, body: { id: "1001" } });
  server()?.child.kill("SIGTERM");
  expect(await server()?.exit).toBe(0);
});

it("function.ts: answers as an event function does, whatever the case of the header's name", async () => {
  const { main } = await import("../../../examples/guides/function.ts");
  const event = { httpMethod: "GET", path: "/me", headers: {} };
  expect(await main(event)).toMatchObject({
    statusCode: 401,
    headers: { "WWW-Authenticate": 'Bearer realm="cloudbase"' },
    body: '{"code":"missing_token"}',
  });
  for (const name of ["Authorization", "authorization"]) {
    const headers = { [name]: `Bearer ${await emulator().issueToken({ sub: "1001" })}` };
    expect(await main({ ...event, headers })).toMatchObject({ statusCode: 200, body: '{"id":"1001"}' });
  }
});

it("warm-start.ts: keys that were saved verify without a fetch", async ({ onTestFinished }) => {
  const { saveKeys, openAuth } = await import("../../../examples/guides/warm-start.ts");
  const folder = await mkdtemp(join(tmpdir(), "warm-start-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await saveKeys(join(folder, "key-sets.json"));
  const auth = await openAuth(join(folder, "key-sets.json"));
  emulator().requests.clear();
  const headers = { authorization: `Bearer ${await emulator().issueToken({ sub: "1001" })}` };
  expect(await auth.authenticate({ headers })).toMatchObject({ auth: { state: "authenticated" } });
  expect(emulator().requests.entries()).toEqual([]);
  await auth.close();
});

describe.each(["express", "koa", "fastify"])("sessions-%s.ts", (framework) => {
  it("signs in by a cookie, and knows who it is until the sign-out", async () => {
    const origin = await start(`sessions-${framework}`);
    const orders = `${origin}/orders`;
    expect((await ask(orders)).status).toBe(401);
    const fromHere = { "x-cb-csrf": "1" };
    expect((await ask(`${origin}/auth/signin`, post(lihua, { origin: "https://other.example" }))).status).toBe(403);
    const signedIn = await ask(`${origin}/auth/signin`, post(lihua, fromHere));
    expect(signedIn).toMatchObject({ status: 200, body: { user: { id: anyText } } });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(";", 1)[0])
      .join("; ");
    const { user } = signedIn.body as { user: { id: string } };
    expect(await ask(orders, { headers: { cookie } })).toMatchObject({ status: 200, body: { ordersOf: user.id } });
    const signedOut = await ask(`${origin}/auth/signout`, post({}, { ...fromHere, cookie }));
    expect(signedOut).toMatchObject({ status: 200, body: { here: true } });
    expect((await ask(orders, { headers: { cookie } })).status).toBe(401);
  });
});

it("every file of examples/guides is shown by a page, and named here", () => {
  const pages = globSync("packages/docs/guides/*.md", { cwd: root }).map((page) =>
    readFileSync(join(root, page), "utf8"),
  );
  const tests = ["guides", "migrating-guides", "page-guides"].map((name) => `${name}.test.ts`);
  const here = tests.map((name) => readFileSync(join(import.meta.dirname, name), "utf8")).join("");
  for (const file of globSync("*.ts", { cwd: join(root, "examples/guides") })) {
    expect([file, pages.some((page) => page.includes(`examples/guides/${file}`))]).toEqual([file, true]);
    expect(here.includes(file.replace(".ts", "")) || here.includes("sessions-%s.ts")).toBe(true);
  }
});

it("every file that a page includes is there", () => {
  const pages = globSync("packages/docs/{guides,start,zh}/**/*.md", { cwd: root });
  const included = pages.flatMap((page) => {
    const paths = readFileSync(join(root, page), "utf8").matchAll(/^<<< (\S+)/gm);
    return [...paths].map(([, path = ""]) => [page, path] as const);
  });
  expect(included.length).toBeGreaterThan(20);
  for (const [page, path] of included) {
    expect([page, path, existsSync(join(root, page, "..", path))]).toEqual([page, path, true]);
  }
});
