import { createEmulator } from "@cloudbase-auth/emulator";
import { describe, expect, it } from "vitest";
import { command } from "./support/command.ts";

describe.concurrent("cloudbase-auth-emulator", () => {
  it("says what to set, serves, prints codes and masked request lines, and ends with 0 on Ctrl-C", async () => {
    const emulator = command("--env", "demo", "--port", "0", "--client-id", "backend");
    const endpoint = await emulator.printed(/CLOUDBASE_AUTH_ENDPOINT=(http:\/\/127\.0\.0\.1:\d+)\n/);
    await emulator.printed(/Ctrl-C stops it\.\n/);
    expect(emulator.out()).toContain("CLOUDBASE_ENV_ID=demo\n");
    expect(emulator.out()).toContain("CLOUDBASE_CLIENT_ID=backend\n");
    expect(emulator.out()).toContain(`${endpoint}/emulator/inbox`);

    const body = '{"phone_number":"+86 13800000000"}';
    await fetch(`${endpoint}/auth/v1/verification`, { method: "POST", body });
    expect(await emulator.printed(/code for \+86 13800000000: (\d{6})\n/)).toMatch(/^\d{6}$/);
    await fetch(`${endpoint}/auth/v1/token/introspect?token=top-secret&client_id=demo&top-secret`);
    await emulator.printed(/GET {4}\/auth\/v1\/token\/introspect\?token=…&client_id=…&… 401 invalid_client\n/);
    expect(emulator.out()).not.toContain("top-secret");
    expect(emulator.out()).not.toContain("\u001b[");

    emulator.child.kill("SIGINT");
    expect(await emulator.exit).toBe(0);
    expect(emulator.err()).toBe("");
  });

  it("ends with 0 on SIGTERM", async () => {
    const emulator = command("--env", "demo", "--port", "0");
    await emulator.printed(/Ctrl-C stops it\.\n/);
    expect(emulator.out()).not.toContain("CLOUDBASE_CLIENT_ID");
    emulator.child.kill("SIGTERM");
    expect(await emulator.exit).toBe(0);
  });

  it("says in one sentence that the port is taken", async () => {
    const other = await createEmulator({ envId: "demo" });
    const { port } = new URL(other.endpoint);
    const emulator = command("--env", "demo", "--port", port);
    expect(await emulator.exit).toBe(1);
    expect(emulator.out()).toBe("");
    expect(emulator.err()).toBe(
      `error: Port ${port} on 127.0.0.1 is already in use: stop the program that listens there, or choose another port (0 picks a free one).\n`,
    );
    await other.close();
  });

  it.each([
    [[], "required option '--env <id>' not specified"],
    [["--env", "No Label"], "Give 1 to 40 characters of a-z, 0-9, _ and -."],
    [["--env", "demo", "--port", "http"], "Give a port from 0 to 65535."],
    [["--env", "demo", "--port", "65536"], "Give a port from 0 to 65535."],
    [["--env", "demo", "--client-id", ""], "It must not be empty"],
    [["--env", "demo", "--client-id", "a:b"], "clientId must not contain a colon"],
    [["--env", "demo", "--nope"], "unknown option '--nope'"],
  ])("%j is one line on stderr and exit code 1", async (flags, sentence) => {
    const emulator = command(...flags);
    expect(await emulator.exit).toBe(1);
    expect(emulator.out()).toBe("");
    expect(emulator.err()).toMatch(/^error: .*\n$/);
    expect(emulator.err()).toContain(sentence);
  });

  it("--help names every flag", async () => {
    const emulator = command("--help");
    expect(await emulator.exit).toBe(0);
    for (const flag of [
      "env",
      "port",
      "host",
      "client-id",
      "client-secret",
      "issuer",
      "version",
      "help",
      "import",
      "export-on-exit",
      "strict",
      "allow-origin",
      "json",
    ]) {
      expect(emulator.out()).toMatch(new RegExp(`^ {2}--${flag}\\b`, "m"));
    }
  });
});
