import { readFile } from "node:fs/promises";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, listening, root, run } from "./support/processes.ts";
import type { Running } from "./support/processes.ts";

const frameworks = ["express", "koa", "fastify"] as const;

let emulator: Emulator;
let variables: Record<string, string>;
let person: string;
let admin: string;
let anonymous: string;

beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
  variables = { CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: emulator.endpoint };
  person = await emulator.issueToken({ sub: "1001", name: "Li Hua" });
  admin = await emulator.issueToken({ sub: "1002", groups: ["admin"] });
  anonymous = await emulator.issueToken({ sub: "1003", scope: "anonymous" });
});

afterAll(() => emulator.close());

async function get(url: string, token?: string) {
  const response = await fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  const text = await response.text();
  return { status: response.status, challenge: response.headers.get("www-authenticate"), text };
}

const missing = { status: 401, challenge: 'Bearer realm="cloudbase"' };

describe.each(frameworks)("examples/%s/server.ts", (framework) => {
  let server: Running;
  let url: string;

  beforeAll(async () => {
    server = run(`examples/${framework}/server.ts`, [], { ...variables, PORT: "0" });
    url = /http:\S+/.exec(await server.line(/http:/))?.[0] ?? "";
  });

  afterAll(() => server.stop("SIGTERM"));

  it("answers each kind of caller on each route", async () => {
    const rows = [];
    for (const path of ["/", "/hello", "/me", "/admin"]) {
      for (const [who, token] of Object.entries({
        nobody: undefined,
        anonymous,
        person,
        admin,
        forged: `${person}A`,
      })) {
        rows.push(`${path} ${who}: ${String((await get(url + path, token)).status)}`);
      }
    }
    expect(rows).toEqual([
      ...["/ nobody: 200", "/ anonymous: 200", "/ person: 200", "/ admin: 200", "/ forged: 200"],
      ...[
        "/hello nobody: 200",
        "/hello anonymous: 200",
        "/hello person: 200",
        "/hello admin: 200",
        "/hello forged: 401",
      ],
      ...["/me nobody: 401", "/me anonymous: 403", "/me person: 200", "/me admin: 200", "/me forged: 401"],
      ...[
        "/admin nobody: 401",
        "/admin anonymous: 403",
        "/admin person: 403",
        "/admin admin: 200",
        "/admin forged: 401",
      ],
    ]);
  });

  it("greets strangers, anonymous visitors and people by what it knows of them", async () => {
    expect((await get(`${url}/hello`)).text).toBe('{"message":"Hello, stranger."}');
    expect((await get(`${url}/hello`, anonymous)).text).toBe('{"message":"Hello, anonymous visitor."}');
    expect((await get(`${url}/hello`, person)).text).toBe('{"message":"Hello, Li Hua."}');
    expect(await get(`${url}/me`)).toMatchObject(missing);
  });

  it("says in one sentence that its port is taken", async () => {
    const second = run(`examples/${framework}/server.ts`, [], { ...variables, PORT: new URL(url).port });
    expect(await second.exit).toBe(1);
    expect(second.stderr()).toMatch(
      /^The \w+ example cannot listen on 127\.0\.0\.1:\d+ \(.*EADDRINUSE.*\); set PORT to a free one\.\n$/,
    );
  });
});

describe.each(frameworks)("examples/%s/quick-start.ts", (framework) => {
  it("guards a request, and stands in the README as it is", async () => {
    const source = await readFile(`${root}examples/${framework}/quick-start.ts`, "utf8");
    expect(await readFile(`${root}README.md`, "utf8")).toContain(
      `<!-- examples/${framework}/quick-start.ts -->\n\n\`\`\`ts\n${source}\`\`\`\n`,
    );
    expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(12);

    const port = await freePort();
    const server = run(`examples/${framework}/quick-start.ts`, [], { ...variables, PORT: String(port) });
    await listening(port, server);
    const me = `http://127.0.0.1:${String(port)}/me`;
    expect(await get(me)).toMatchObject(missing);
    const answer = await get(me, person);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ id: "1001", name: "Li Hua" });
    await server.stop("SIGTERM");
  });
});

it("a server without CLOUDBASE_ENV_ID stops at once and names it", async () => {
  const server = run("examples/express/server.ts", [], { PORT: "0" });
  expect(await server.exit).toBe(1);
  expect(server.stderr()).toContain("TypeError: option envId (variable CLOUDBASE_ENV_ID) is missing");
});
