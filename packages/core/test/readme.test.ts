import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { describe, expect, it } from "vitest";
import { createAuthClient, createCloudbaseAuth } from "../src/index.ts";
import type { CloudbaseAuthOptions } from "../src/index.ts";
import { instrument } from "../src/opentelemetry.ts";
import { channels } from "../src/outside/diagnostics.ts";
import { errorCatalogue } from "../src/words/error-catalogue.ts";
import { startKeyServer } from "./support/key-server.ts";
import { createTelemetry } from "./support/telemetry.ts";
import { envId, publishedKey } from "./support/tokens.ts";
import { methodOf } from "./support/wire-docs/format.ts";
import { wireRows } from "./support/wire-rows/all.ts";

const packageFolder = new URL("..", import.meta.url).pathname;
const readme = readFileSync(`${packageFolder}README.md`, "utf8");

/** The first cells of the table under a heading. */
function firstColumn(heading: string): readonly string[] {
  const [, after = ""] = readme.split(`## ${heading}\n`);
  const [section = ""] = after.split("\n## ");
  return [...section.matchAll(/^\| `(\w+)`/gm)].map(([, cell = ""]) => cell);
}

it("the table of options has every option once", () => {
  let message = "";
  try {
    createCloudbaseAuth({ nothing: 1 } as CloudbaseAuthOptions);
  } catch (error) {
    message = String(error);
  }
  const [, names = ""] = message.split("the options are ");
  expect(firstColumn("Options").toSorted()).toEqual(names.split(", ").toSorted());
});

it("the table of errors has every code with its status", () => {
  expect(firstColumn("Errors")).toEqual(["code", ...Object.keys(errorCatalogue)]);
  for (const [code, { status }] of Object.entries(errorCatalogue)) {
    expect(readme).toMatch(new RegExp(`^\\| \`${code}\` +\\| ${String(status)} +\\|`, "m"));
  }
});

it("the table of the client has every call", () => {
  const [, after = ""] = readme.split("## The client\n");
  const [section = ""] = after.split("```");
  const named = [...section.matchAll(/^\|(?: [^|]+)\|([^|]+)\|/gm)].flatMap(([, cell = ""]) => {
    const [first = ""] = /`(\w+)\./.exec(cell)?.slice(1) ?? [];
    return [...cell.matchAll(/`([\w.]+)`/g)].map(([, name = ""]) => (name.startsWith(".") ? first + name : name));
  });
  const calls = [...new Set(wireRows.map(methodOf))];
  expect(named.toSorted()).toEqual([...calls, "createTicket", "signInWithTicket"].toSorted());
});

it("the table of channels has every channel with every member of its events", () => {
  const source = readFileSync(`${packageFolder}src/words/diagnostics.ts`, "utf8");
  const events = new Map(
    [...source.matchAll(/^export interface (\w+Event) \{\n([^]*?)^\}/gm)].map(([, name, body = ""]) => {
      return [name, [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, member]) => member)];
    }),
  );
  const rows = [...readme.matchAll(/^\| `(cloudbase-auth:\w+)` +\|[^|]+\|([^|]+)\|$/gm)];
  const told = rows.map(([, channel = "", cell = ""]) => {
    return [channel, [...cell.matchAll(/`(\w+)`/g)].map(([, member]) => member).filter((member) => member !== "check")];
  });
  const typed = [...source.matchAll(/"(cloudbase-auth:\w+)": (\w+);/g)].map(([, channel, event]) => [
    channel,
    events.get(event),
  ]);
  expect(told).toEqual(typed);
  expect(typed.map(([channel]) => channel)).toEqual(Object.keys(channels));
});

it("the table of metrics has every metric with its unit", () => {
  const telemetry = createTelemetry();
  instrument(telemetry).stop();
  const rows = [...readme.matchAll(/^\| `(\w+\.[\w.]+)` +\| `([\w{}]+)` +\|/gm)].map(([, name, unit]) => [name, unit]);
  expect(rows).toEqual([...telemetry.instruments].map(([name, { unit }]) => [name, unit]));
});

it("the example is at most 12 lines and guards a request", async () => {
  const [, example = ""] = /```ts\n([^`]*(?:`[^`]+`[^`]*)*)```/.exec(readme) ?? [];
  expect(example.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(12);
  const keys = await startKeyServer([publishedKey]);
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ["--conditions=@cloudbase-auth/source", "--input-type=module-typescript", "--eval", example],
    {
      cwd: packageFolder,
      env: {
        PATH: process.env["PATH"],
        CLOUDBASE_ENV_ID: envId,
        CLOUDBASE_AUTH_ENDPOINT: keys.endpoint,
        PORT: String(port),
      },
    },
  );
  const complaints = text(child.stderr);
  try {
    const answer = await get(port, () => child.exitCode !== null);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="cloudbase"');
    expect(await answer.text()).toBe(errorCatalogue.missing_token.detail);
  } finally {
    child.kill();
    if (child.exitCode === null) await once(child, "exit");
    await keys.close();
  }
  expect(await complaints).not.toContain("Error");
});

describe("the examples of the client, each as a program against the emulator", () => {
  const [, after = ""] = readme.split("## The client\n");
  const [section = ""] = after.split("\n## ");
  const [signIn = "", ticket = ""] = [...section.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => code);
  const password = "Sentinel-1234";

  async function run(code: string, { endpoint }: Emulator): Promise<readonly string[]> {
    const flags = ["--conditions=@cloudbase-auth/source", "--input-type=module-typescript", "--eval", code];
    const env = { PATH: process.env["PATH"], CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: endpoint };
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: packageFolder, env });
    return stdout.trimEnd().split("\n");
  }

  it("tells wrong passwords, a lock and other errors apart", async () => {
    const settings = { passwordAttempts: 2, lockSeconds: 60, captchaAfter: -1 };
    const users = [{ username: "lihua", password }];
    const emulator = await createEmulator({ envId: "demo", users, settings });
    const calls = [["lihua", password], ...Array.from({ length: 3 }, () => ["lihua", "wrong"]), ["nobody", "wrong"]];
    const each = `for (const [name, password] of ${JSON.stringify(calls)})
      console.log(await signIn(name, password).catch(({ kind }) => kind));`;
    const [token, ...refusals] = await run(signIn + each, emulator);
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(refusals).toEqual([
      "wrong, 1 attempts left",
      "wrong, 0 attempts left",
      expect.stringMatching(/^locked for (?:59|60) seconds$/),
      "not_found",
    ]);
    await emulator.close();
  });

  it("makes a ticket that the server takes", async () => {
    const emulator = await createEmulator({ envId: "demo" });
    const folder = mkdtempSync(join(tmpdir(), "ticket-"));
    const file = join(folder, "key.json");
    writeFileSync(file, JSON.stringify(await emulator.customLoginKey()));
    const [made = ""] = await run(ticket.replace("custom-login-key.json", file), emulator);
    const client = createAuthClient({ envId: "demo", endpoint: emulator.endpoint });
    expect((await client.signInWithTicket({ ticket: made })).accessToken).toMatch(/^ey/);
    await client.close();
    await emulator.close();
    rmSync(folder, { recursive: true });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Asks until the example listens. */
async function get(port: number, hasEnded: () => boolean): Promise<Response> {
  for (;;) {
    try {
      return await fetch(`http://127.0.0.1:${String(port)}/`);
    } catch (error) {
      if (hasEnded()) throw error;
      await wait(20);
    }
  }
}
