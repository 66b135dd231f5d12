import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { root, run } from "./support/processes.ts";
import type { Running } from "./support/processes.ts";

let emulator: Emulator;
let variables: Record<string, string>;

beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
  variables = { CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: emulator.endpoint };
});
afterAll(() => emulator.close());

/** Starts an example and stops it with the tests of the block; `url` waits for its address. */
function useExample(name: string): () => string {
  let server: Running;
  let url = "";
  beforeAll(async () => {
    server = run(`examples/${name}/server.ts`, [], { ...variables, PORT: "0" });
    url = /(?:http|ws):\S+/.exec(await server.line(/(?:http|ws):/))?.[0] ?? "";
  });
  afterAll(async () => {
    expect(await server.stop("SIGTERM")).toBe(0);
    expect(server.stderr()).toBe("");
  });

  it("says in one sentence that its port is taken", async () => {
    const second = run(`examples/${name}/server.ts`, [], { ...variables, PORT: new URL(url).port });
    expect(await second.exit).toBe(1);
    expect(second.stderr()).toMatch(
      /^The \w+ example cannot listen on 127\.0\.0\.1:\d+ \(.*EADDRINUSE.*\); set PORT to a free one\.\n$/,
    );
  });

  it("is started by the two commands of its README, against the emulator that they start", async () => {
    const readme = await readFile(`${root}examples/${name}/README.md`, "utf8");
    expect(readme).toContain(
      `\`\`\`sh\nnpx --yes pnpm@12 emulator\nnpx --yes pnpm@12 --filter example-${name} start\n\`\`\``,
    );
    const source = await readFile(`${root}examples/${name}/server.ts`, "utf8");
    const port = /PORT \?\? (\d+)/.exec(source)?.[1] ?? "no port";
    expect(readme).toContain(`127.0.0.1:${port}`);
  });
  return () => url;
}

describe("examples/websocket/server.ts", () => {
  const url = useExample("websocket");
  const heard = async (client: WebSocket): Promise<string> => String((await once(client, "message"))[0]);

  it("talks with a signed-in user, and goes on with a new token", async () => {
    const client = new WebSocket(url(), ["bearer", await emulator.issueToken({ sub: "1001", name: "Li Hua" })]);
    expect(await heard(client)).toBe("hello Li Hua");
    client.send("hi");
    expect(await heard(client)).toBe("you said hi");
    client.send("token garbage");
    expect(await heard(client)).toBe("refused invalid_token");
    client.send(`token ${await emulator.issueToken({ sub: "1001", exp: Math.floor(Date.now() / 1_000) + 9_000 })}`);
    expect(await heard(client)).toMatch(/^until 20\d\d-\S+Z$/);
    client.close();
    await once(client, "close");
  });

  it("closes with 4401 when the token ends", async () => {
    // It is taken for five seconds after its end, as clocks may differ; this one has two seconds left of them.
    const now = Math.floor(Date.now() / 1_000);
    const client = new WebSocket(url(), ["bearer", await emulator.issueToken({ iat: now - 9, exp: now - 2 })]);
    const [code, reason] = (await once(client, "close")) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4401, "expired"]);
  });

  it("refuses who has no token", async () => {
    const client = new WebSocket(url());
    const [error] = (await once(client, "error")) as [Error];
    expect(error.message).toBe("Unexpected server response: 401");
  });
});

describe("examples/sse/server.ts", () => {
  const url = useExample("sse");

  it("streams until the user signs out", async () => {
    const headers = { authorization: `Bearer ${await emulator.issueToken({ sub: "1001" })}` };
    const stream = await fetch(`${url()}/time`, { headers });
    expect([stream.status, stream.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const text = stream.text();
    expect((await fetch(`${url()}/sign-out`, { method: "POST", headers })).status).toBe(204);
    expect(await text).toMatch(/^(?:data: 20\d\d-\S+Z\n\n)+event: signed-out\ndata:\n\n$/);
    expect((await fetch(`${url()}/time`, { headers })).status).toBe(401);
  });

  it("refuses who has no token", async () => {
    const answer = await fetch(`${url()}/time`);
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="cloudbase"']);
  });
});
