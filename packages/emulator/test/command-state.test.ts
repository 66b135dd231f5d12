import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isObject } from "./support/api.ts";
import { command } from "./support/command.ts";

const folder = mkdtempSync(join(tmpdir(), "emulator-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content?: string): string => {
  const file = join(folder, name);
  if (content !== undefined) writeFileSync(file, content);
  return file;
};

const json = (line: string): unknown => JSON.parse(line);
const listening = /"event":"listening","endpoint":"(http:[^"]+)"/;

async function post(endpoint: string, path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${endpoint}${path}`, { method: "POST", body: JSON.stringify(body) });
  const answer: unknown = await response.json();
  return isObject(answer) ? answer : {};
}

describe.concurrent("cloudbase-auth-emulator", () => {
  it("--json: one object a line, nothing else, and no secret", async () => {
    const emulator = command("--env", "demo", "--port", "0", "--client-id", "web", "--json");
    const endpoint = await emulator.printed(listening);
    await post(endpoint, "/auth/v1/verification", { phone_number: "+86 13800000000" });
    await emulator.printed(/"event":"code"/);
    await post(endpoint, "/auth/v1/signin?client_id=web&password=top-secret", {
      username: "x",
      password: "top-secret",
    });
    await emulator.printed(/"event":"request".*\/auth\/v1\/signin/);
    emulator.child.kill("SIGTERM");
    expect(await emulator.exit).toBe(0);
    const lines = emulator.out().trim().split("\n").map(json);
    expect(lines).toMatchObject([
      { event: "listening", endpoint, envId: "demo", clientId: "web" },
      { event: "code", channel: "sms", to: "+86 13800000000" },
      { event: "request", method: "POST", path: "/auth/v1/verification", status: 200 },
      { event: "request", path: "/auth/v1/signin", query: ["client_id", "password"], status: 404, error: "not_found" },
    ]);
    expect(emulator.out()).not.toContain("top-secret");
    expect(emulator.err()).toBe("");
  });

  it("--import and --export-on-exit carry users, sessions and keys from run to run", { timeout: 60_000 }, async () => {
    const file = fileOf("state.json");
    const flags = ["--env", "demo", "--port", "0", "--json", "--import", file, "--export-on-exit"];
    const first = command(...flags);
    const one = await first.printed(listening);
    const seed = { version: 1, users: [{ username: "lihua", password: "secret" }] };
    await fetch(`${one}/emulator/state`, { method: "PUT", body: JSON.stringify(seed) });
    const signedIn = await post(one, "/auth/v1/signin", { username: "lihua", password: "secret" });
    first.child.kill("SIGINT");
    expect(await first.exit).toBe(0);
    expect(first.out()).toContain(JSON.stringify({ event: "exported", file }));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toContain('"secret"');

    const second = command(...flags);
    const two = await second.printed(listening);
    const headers = { authorization: `Bearer ${String(signedIn["access_token"])}` };
    expect((await fetch(`${two}/auth/v1/user/me`, { headers })).status).toBe(200);
    const { refresh_token: refreshToken } = signedIn;
    const refreshed = await post(two, "/auth/v1/token", { grant_type: "refresh_token", refresh_token: refreshToken });
    expect(refreshed["sub"]).toBe(signedIn["sub"]);
    second.child.kill("SIGTERM");
    expect(await second.exit).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("--export-on-exit says to people where the file is", async () => {
    const file = fileOf("named.json");
    const emulator = command("--env", "demo", "--port", "0", "--export-on-exit", file);
    await emulator.printed(/Ctrl-C stops it\.\n/);
    emulator.child.kill("SIGINT");
    expect(await emulator.exit).toBe(0);
    expect(emulator.out()).toContain(`Users, sessions and private keys are in ${file}\n`);
    expect(json(readFileSync(file, "utf8"))).toMatchObject({ version: 1, envId: "demo" });
  });

  it("--strict and --allow-origin reach the server", async () => {
    const emulator = command(
      "--env",
      "demo",
      "--port",
      "0",
      "--json",
      "--strict",
      "--allow-origin",
      "a.example",
      "b.example",
    );
    const endpoint = await emulator.printed(listening);
    expect(await post(endpoint, "/auth/v1/signin-anonymously", {})).toMatchObject({ error: "not_found" });
    const statuses = ["a", "b", "c"].map(async (name) => {
      const response = await fetch(`${endpoint}/auth/v1/certs`, { headers: { origin: `https://${name}.example` } });
      return response.status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 403]);
    emulator.child.kill("SIGINT");
    expect(await emulator.exit).toBe(0);
  });

  it.each([
    [["--import", fileOf("missing.json")], "missing.json cannot be read (ENOENT)."],
    [["--import", fileOf("broken.json", "{")], "broken.json is no JSON."],
    [["--import", fileOf("wrong.json", '{"version":1,"users":[{}]}')], "state: users[0] needs a username"],
    [["--export-on-exit", join(folder, "nowhere", "a.json")], "a.json cannot be written (ENOENT)."],
  ])("%j is one line on stderr and exit code 1", async (flags, sentence) => {
    const emulator = command("--env", "demo", "--port", "0", ...flags);
    expect(await emulator.exit).toBe(1);
    expect(emulator.out()).toBe("");
    expect(emulator.err()).toMatch(/^error: .*\n$/);
    expect(emulator.err()).toContain(sentence);
  });
});
