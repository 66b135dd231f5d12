import { describe, expect, it } from "vitest";
import { run } from "./support/command.ts";
import { blackHole, closedPort, openEmulator, variablesFor } from "./support/stage.ts";
import { inTerminal } from "./support/terminal.ts";

/** The last line of what a terminal shows. */
const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";

describe("explain in a terminal", () => {
  it("healthy: asks for the token without showing it, and shows header, claims, times in words and checks", async () => {
    const emulator = await openEmulator();
    const token = await emulator.issueToken();
    const terminal = inTerminal(["explain"], variablesFor(emulator.endpoint));
    await terminal.shows(/Token \(not shown\): /);
    terminal.type(`${token}\n`);
    expect(await terminal.exit).toBe(0);
    const text = terminal.screen();
    expect(text).toMatch(/^ {2}alg {12}RS256$/m);
    expect(text).toMatch(/^ {2}exp {12}\d+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, in (?:2 hours|1 hour 59 minutes)$/m);
    expect(text).toMatch(/^✓ Signature {6}fits the key /m);
    expect(lastLine(text)).toBe("Accepted.");
    const signature = token.slice(token.lastIndexOf(".") + 1);
    expect(text).not.toContain(signature.slice(0, 20));
    expect(text).not.toContain(token.slice(0, 20));
    // Colours, because it is a terminal.
    expect(terminal.raw()).toContain("\u001b[32m✓\u001b[39m");
  });

  it("misconfigured: the environment of another token", async () => {
    const emulator = await openEmulator();
    const token = await emulator.issueToken({ aud: "web-client" });
    const terminal = inTerminal(["explain", token], { ...variablesFor(emulator.endpoint), NO_COLOR: "1" });
    expect(await terminal.exit).toBe(1);
    expect(terminal.screen()).toMatch(
      /^✗ Audience {7}it is for "web-client"; accepted: "demo"\n +→ .*CLOUDBASE_CLIENT_ID/m,
    );
    expect(terminal.screen()).toMatch(
      /\nRefused: 401 invalid_token \(in logs: audience\)\.\n {2}it is for "web-client"; accepted: "demo"\n {2}→ .*\n$/,
    );
    expect(terminal.raw()).not.toContain("\u001b[3");
  });

  it("dead: says what could be told without the server", async () => {
    const emulator = await openEmulator();
    const token = await emulator.issueToken();
    const variables = variablesFor(await closedPort());
    const accepted = ["--issuer", "https://other.example", "--issuer", emulator.endpoint];
    const terminal = inTerminal(["explain", ...accepted, token], variables);
    expect(await terminal.exit).toBe(3);
    expect(terminal.screen()).toMatch(/^✓ Audience/m);
    expect(terminal.screen()).toMatch(/^– Signature {6}not checked, as there is no key set: .*ECONNREFUSED$/m);
    expect(lastLine(terminal.screen())).toMatch(/^Not known: nothing is wrong with form and claims;/);
  });

  it("a black hole: says what it waits for", async () => {
    const emulator = await openEmulator();
    const token = await emulator.issueToken();
    const endpoint = `http://${await blackHole()}`;
    const terminal = inTerminal(["explain", token, "--issuer", emulator.endpoint], variablesFor(endpoint));
    await terminal.shows(/… asking http:\/\/127\.0\.0\.1:\d+ for its keys \(1 s\)/);
    expect(await terminal.exit).toBe(3);
    expect(terminal.screen()).toContain("took longer than 2000 ms");
  });

  it("what the token says moves no cursor and rings no bell", async () => {
    const emulator = await openEmulator();
    const hostile = "\u001b[2J\u001b]0;owned\u0007\r\u009b31m\u202efdp.exe\u2028\u200b";
    const token = await emulator.issueToken({ name: hostile, aud: hostile, iss: hostile, "\u009b1Aname": 1 });
    const terminal = inTerminal(["explain", token], { ...variablesFor(emulator.endpoint), NO_COLOR: "1" });
    expect(await terminal.exit).toBe(1);
    expect(terminal.raw()).toContain(
      String.raw`\u{1b}[2J\u{1b}]0;owned\u{7}\u{d}\u{9b}31m\u{202e}fdp.exe\u{2028}\u{200b}`,
    );
    expect(terminal.raw().replaceAll("\r\n", "\n").replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  });
});

describe("explain in a pipe", () => {
  it.each(["Bearer TOKEN\n", "authorization: bearer TOKEN", '"TOKEN"\n', "  TOKEN  \n\n"])(
    "reads stdin, and takes off what was copied along: %j",
    async (form) => {
      const emulator = await openEmulator();
      const input = form.replace("TOKEN", await emulator.issueToken());
      const { code, out } = await run(["explain", "-"], variablesFor(emulator.endpoint), input);
      expect(lastLine(out)).toBe("Accepted.");
      expect(out).not.toContain("\u001b");
      expect(code).toBe(0);
    },
  );

  it("--json has parts, checks and verdict, escaped", async () => {
    const emulator = await openEmulator();
    const token = await emulator.issueToken({
      aud: "other",
      name: "\u009b31m\u202e\u007f",
      password: "secret-sentinel",
    });
    const { code, out } = await run(["explain", "--json"], variablesFor(emulator.endpoint), token);
    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(out).not.toContain("secret-sentinel");
    expect(JSON.parse(out)).toMatchObject({
      verdict: "refused",
      ...{ code: "invalid_token", reason: "audience", status: 401 },
      header: { alg: "RS256" },
      claims: { name: "\u009b31m\u202e\u007f", password: "[redacted]" },
    });
    const members = ["verdict", "code", "reason", "status", "checks", "endedAtServer", "hadKeys", "header", "claims"];
    expect(Object.keys(JSON.parse(out))).toEqual(members);
    expect(code).toBe(1);
  });

  it("without a configuration it shows what is inside, and what to set", async () => {
    const emulator = await openEmulator();
    const { code, out, err } = await run(["explain"], {}, await emulator.issueToken());
    expect(out).toContain("  project_id     demo\n");
    expect(err).toMatch(
      /Nothing was checked: which environment should accept it\?\n {2}→ Set CLOUDBASE_ENV_ID, or add --env demo\.\n$/,
    );
    expect(code).toBe(3);
  });

  it("shows also what the core refuses for its spelling", async () => {
    const part = (text: string): string => Buffer.from(text).toString("base64url");
    const nested = `${"[".repeat(3_000)}${"]".repeat(3_000)}`;
    const token = `${part('{"alg":"RS256","alg":"none"}')}.${part(`{"\\u0069ss":"\\u001b[2J","deep":${nested}}`)}.AAAA`;
    const { code, out } = await run(["explain", "--env", "demo", "--offline"], {}, token);
    expect(out).toContain("  alg            none\n");
    expect(out).toContain(String.raw`  iss            \u{1b}[2J`);
    expect(out).toContain("too deep");
    expect(out).toMatch(/\nRefused: 401 invalid_token \(in logs: malformed\)\./);
    expect(code).toBe(1);
  });

  it.each([
    ["not.a.token", "its first part is no JSON object in base64url"],
    ["rt_4f2d0c5e9b", "it is not a signed token"],
    ["a.b.c.d.e", "it is an encrypted token (JWE)"],
    ["eyJhbGciOiJSUzI1NiJ9.eyJ a.b", "there is white space or a comma inside"],
  ])("%s: says what it most likely is", async (text, what) => {
    const { code, out } = await run(["explain", "--env", "demo", "--offline"], {}, text);
    expect(out).toContain(`✗ Form           ${what}`);
    expect(code).toBe(1);
  });

  it.each([
    [["explain"], "", "There is no token."],
    [["explain", ""], "", "There is no token."], // a variable of the shell that is not set
    [["explain", "--env", "demo", "Bearer "], "", "There is no token."],
    [["explain", "--env", "No Such"], "a.b.c", "option envId (variable CLOUDBASE_ENV_ID) must be 1 to 40 characters"],
    [["explain", "--clock-tolerance", "1e9"], "a.b.c", "Give whole seconds from 0 to 60."],
    [["explain", "--algorithm", "none"], "a.b.c", "Allowed choices are RS256, PS256, ES256, EdDSA."],
    [["explain", "--dotenv", "/nowhere/.env"], "a.b.c", "/nowhere/.env cannot be read (ENOENT)."],
    [["explain"], "x".repeat(70_000), "stdin has more than 65536 bytes"],
  ])("%j is wrong usage", async (args, input, sentence) => {
    const { code, out, err } = await run(args, {}, input);
    expect(err).toContain(sentence);
    expect([code, out]).toEqual([2, ""]);
  });
});
