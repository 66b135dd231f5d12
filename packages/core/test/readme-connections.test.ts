import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";

const cwd = new URL("..", import.meta.url).pathname;
const readme = readFileSync(`${cwd}README.md`, "utf8");
const flags = ["--conditions=@cloudbase-auth/source", "--input-type=module-typescript", "--eval"];

let emulator: Emulator;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
  env = { PATH: process.env["PATH"], CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: emulator.endpoint };
});
afterAll(() => emulator.close());

/** The one program in a section. */
function programOf(heading: string): string {
  const [, after = ""] = readme.split(`## ${heading}\n`);
  const programs = [...(after.split("\n## ")[0] ?? "").matchAll(/^```ts\n(.*?)^```/gms)];
  expect(programs).toHaveLength(1);
  return programs[0]?.[1] ?? "";
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The first message or the refusal; asks until the program listens. */
async function talk(port: number, protocols: string[], hasEnded: () => boolean): Promise<string> {
  for (;;) {
    const client = new WebSocket(`ws://127.0.0.1:${String(port)}/`, protocols);
    client.on("open", () => client.send("hi"));
    const heard = once(client, "message").then(([data]) => String(data));
    const said = await heard.catch((error: unknown) => String(error));
    client.terminate();
    if (!said.includes("ECONNREFUSED") || hasEnded()) return said;
    await wait(20);
  }
}

it("the server of WebSockets talks with signed-in users and refuses others", async () => {
  const port = await freePort();
  const program = spawn(process.execPath, [...flags, programOf("Connections that last")], {
    ...{ cwd, env: { ...env, PORT: String(port) }, stdio: ["ignore", "ignore", "inherit"] },
  });
  const hasEnded = (): boolean => program.exitCode !== null;
  try {
    expect(await talk(port, [], hasEnded)).toBe("Error: Unexpected server response: 401");
    expect(await talk(port, ["bearer", await emulator.issueToken({ sub: "1001" })], hasEnded)).toBe("1001: hi");
    expect(hasEnded()).toBe(false);
  } finally {
    program.kill();
    if (!hasEnded()) await once(program, "exit");
  }
});

it("the instance behind the gateway takes the gateway's header", async () => {
  const context = await emulator.cloudbaseContext({ accessToken: await emulator.issueToken({ sub: "1001" }) });
  const ask = `const result = await auth.authenticate({ headers: { "x-cloudbase-context": "${context}" } });
    console.log(result.user?.id);
    await auth.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, programOf("On CloudBase itself") + ask], {
    ...{ cwd, env },
  });
  expect(stdout).toBe("1001\n");
});
