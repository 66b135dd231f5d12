import { request } from "node:http";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { freePort, root, run } from "./support/processes.ts";
import type { Running } from "./support/processes.ts";

const page = `${root}examples/web/public`;
let emulator: Emulator;
let variables: Record<string, string>;

beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
  variables = {
    CLOUDBASE_ENV_ID: "demo",
    CLOUDBASE_AUTH_ENDPOINT: emulator.endpoint,
    SIGN_IN_PROVIDERS: 'demo_provider"><script>',
  };
});
afterAll(() => emulator.close());

test("the page says the same in both languages, and nothing in neither", async () => {
  const textsIn = async (language: string): Promise<Record<string, string>> => {
    const module: unknown = await import(`${page}/texts/${language}.js`);
    const texts: unknown = Reflect.get(Object(module), language);
    return Object.fromEntries(Object.entries(Object(texts)).map(([key, text]) => [key, String(text)]));
  };
  const [en, zh] = [await textsIn("en"), await textsIn("zh")];
  expect(Object.keys(en).length).toBeGreaterThan(100);
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  const holes = (text = ""): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();
  for (const [key, text] of Object.entries(en)) {
    expect([key, text.trim(), zh[key]?.trim()]).toEqual([key, text, zh[key]]);
    expect([key, text, zh[key]]).not.toContain("");
    expect([key, holes(zh[key])]).toEqual([key, holes(text)]);
  }
});

describe.each(["express", "koa", "fastify"])("examples/web/%s.ts", (framework) => {
  let server: Running;
  let url: string;

  beforeAll(async () => {
    const port = String(await freePort());
    server = run(`examples/web/${framework}.ts`, [], { ...variables, PORT: port });
    url = /http:\S+/.exec(await server.line(/http:/))?.[0] ?? "";
  });
  afterAll(async () => {
    expect(await server.stop("SIGTERM")).toBe(0);
    expect(server.stderr()).toBe("");
  });

  it("serves every address of the page, under a strict policy and kept nowhere", async () => {
    const main = await (await fetch(`${url}/main.js`)).text();
    const paths = [...main.matchAll(/^ +"(\/\w*)": \{ for:/gm)].map(([, path]) => path ?? "");
    expect(paths.length).toBe(9);
    for (const path of paths) {
      const answer = await fetch(url + path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/);
      expect(policy).not.toContain("unsafe");
      const html = await answer.text();
      expect(html).toContain(`content="${emulator.endpoint}/emulator/inbox"`);
      expect(html).toContain('content="demo_provider&quot;>&lt;script>"');
      expect(html).not.toMatch(/<script(?! type="module" src=)| style=| on\w+=|\{\{/);
    }
  });

  it("serves the files of the page by their types, and no others", async () => {
    const types = { "/look.css": "text/css", "/main.js": "text/javascript", "/icon.svg": "image/svg+xml" };
    for (const [path, type] of Object.entries(types)) {
      const answer = await fetch(url + path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get("content-type")).toContain(type);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      await answer.arrayBuffer();
    }
    const others = ["/../sessions.ts", "/..%2fsessions.ts", "/%2e%2e/package.json", "/texts/..%5c..%5cpage.ts"];
    for (const path of [...others, "/tsconfig.json", "/.oxlintrc.json", "/texts", "//etc/passwd", "/index.html"]) {
      expect([path, await statusOf(url, path)]).toEqual([path, 404]);
    }
  });

  it("guards its own route, and says that its secret is a random one", async () => {
    expect((await fetch(`${url}/api/me`)).status).toBe(401);
    expect(server.stdout()).toContain("SESSION_SECRET is not set: a random one is used");
  });

  it("says in one sentence that its port is taken", async () => {
    const second = run(`examples/web/${framework}.ts`, [], { ...variables, PORT: new URL(url).port });
    expect(await second.exit).toBe(1);
    expect(second.stderr()).toMatch(
      /^The page cannot listen on 127\.0\.0\.1:\d+ \(.*EADDRINUSE.*\); set PORT to a free one\.\n$/,
    );
  });

  it("does not start in production without a secret", async () => {
    const server = run(`examples/web/${framework}.ts`, [], { ...variables, NODE_ENV: "production", PORT: "1" });
    expect(await server.exit).toBe(1);
    expect(server.stderr()).toContain("SESSION_SECRET is missing; set it to what `openssl rand -base64 32` prints");
  });
});

/** The path as it is written; `fetch` would tidy it up. */
function statusOf(url: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once("error", reject)
      .end();
  });
}
