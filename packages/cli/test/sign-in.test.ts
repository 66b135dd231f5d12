import { once } from "node:events";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, launch, run } from "./support/command.ts";
import type { Variables } from "./support/command.ts";
import { openDesk, password } from "./support/desk.ts";
import { openEmulator } from "./support/stage.ts";
import { ctrlC, inTerminal } from "./support/terminal.ts";

const signIn = (variables: Variables) => run(["login", "password", "--username", "lihua"], variables, `${password}\n`);

describe("a sign-in", () => {
  it("password: asked for on a terminal without echo, kept for its owner alone, used, renewed, ended", async () => {
    const { variables, folder, files } = await openDesk();
    const terminal = inTerminal(["login", "password"], variables);
    await terminal.shows(/User name: /);
    terminal.type("lihua\n");
    await terminal.shows(/Password \(not shown\): /);
    terminal.type(`${password}\n`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.screen()).toMatch(/Signed in as \d+ for 2 hours\. Kept in .*\/demo@127\.0\.0\.1-\d+\.json\.\n$/);
    expect(terminal.text()).toContain("lihua");
    expect(terminal.raw()).not.toContain(password);

    const [file = ""] = files();
    expect(files()).toHaveLength(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);

    const whoami = await run(["whoami"], variables);
    expect(whoami.out).toMatch(/^username {10}lihua$/m);
    expect((await run(["introspect"], variables)).out).toContain("The server says: valid.");

    const before = readFileSync(file, "utf8");
    expect((await run(["refresh"], variables)).code).toBe(0);
    expect(readFileSync(file, "utf8")).not.toBe(before);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const { out: token } = await run(["whoami", "--print"], variables);
    const revoked = await run(["revoke"], variables);
    expect(revoked.err).toContain("Signed out of environment demo; the tokens are gone from");
    expect(readFileSync(file, "utf8")).not.toContain(token.trim());
    const asked = await run(["introspect", "-"], variables, token);
    expect(asked.out).toContain("The server says: not valid");
    expect(asked.code).toBe(1);
    const gone = await run(["whoami"], variables);
    expect([gone.code, gone.out]).toEqual([1, ""]);
    expect(gone.err).toContain("Nobody is signed in to environment demo");
  });

  it("password from stdin; --print prints the token, and nothing else on stdout", async () => {
    const { variables, emulator } = await openDesk();
    const { out, err } = await run(["login", "password", "--username", "lihua", "--print"], variables, `${password}\n`);
    expect(out).toMatch(/^[\w.-]+\n$/);
    const me = await fetch(`${emulator.endpoint}/auth/v1/user/me`, {
      headers: { authorization: `Bearer ${out.trim()}` },
    });
    expect(me.status).toBe(200);
    expect(err).toContain("Signed in as");
  });

  it("code: sent, asked for, used", async () => {
    const { variables, emulator } = await openDesk();
    const terminal = inTerminal(["login", "code", "--email", "lihua@example.com"], variables);
    await terminal.shows(/A code is on its way to lihua@example\.com; it is good for 10 minutes\.\nCode: /);
    terminal.type(`${emulator.inbox.latest("lihua@example.com") ?? ""}\n`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.screen()).toContain("Signed in as");
  });

  it("code: a wrong one, and somebody who is no user", async () => {
    const { variables } = await openDesk();
    const wrong = await run(["login", "code", "--email", "lihua@example.com"], variables, "000000\n");
    expect(wrong.err).toMatch(/refused: what you typed is wrong .*\n {2}→ Try again with the right password or code\./);
    expect(wrong.code).toBe(1);
    const nobody = await run(["login", "code", "--email", "nobody@example.com"], variables, "000000\n");
    expect(nobody.err).toContain("has no user with nobody@example.com");
    expect(nobody.code).toBe(1);
  });

  it("anonymous: the same user each time on one device, also after signing out", async () => {
    const { variables } = await openDesk();
    const first = await run(["login", "anonymous"], variables);
    await run(["revoke"], variables);
    const second = await run(["login", "anonymous"], variables);
    const userOf = (text: string): string | undefined => /Signed in as (\S+) for/.exec(text)?.[1];
    expect(userOf(first.err)).toBeDefined();
    expect(userOf(second.err)).toBe(userOf(first.err));
    const refresh = await run(["refresh"], variables);
    expect(refresh.err).toContain("This sign-in has no refresh token.");
    expect(refresh.code).toBe(1);
  });

  it("ticket: made here with the key file, or given on stdin", async () => {
    const { variables, emulator, folder } = await openDesk();
    const keyFile = join(folder, "..", "key.json");
    writeFileSync(keyFile, JSON.stringify(await emulator.customLoginKey()));
    const made = await run(["login", "ticket", "--key-file", keyFile, "--uid", "user-1"], variables);
    expect(made.err).toContain("Signed in as");
    expect(made.code).toBe(0);
    const given = await run(["login", "ticket"], variables, "no-ticket\n");
    expect(given.code).toBe(1);
    const short = await run(["login", "ticket", "--key-file", keyFile, "--uid", "x"], variables);
    expect(short.err).toContain("uid must be 4 to 32 characters");
    expect(short.code).toBe(2);
  });

  it("whoami --print says beside the token that it has expired, as nobody is asked", async () => {
    const { variables, files } = await openDesk();
    await signIn(variables);
    const [file = ""] = files();
    expect((await run(["whoami", "--print"], variables)).err).toBe("");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"expiresAt": \d+/, `"expiresAt": ${String(Date.now())}`));
    const { out, err, code } = await run(["whoami", "--print"], variables);
    expect(out).toMatch(/^[\w.-]+\n$/);
    expect(err).toBe("The token has expired. Renew it: cloudbase-auth refresh\n");
    expect(code).toBe(0);
  });

  it("user name and password from stdin, a line each, however they come and whether or not it ends", async () => {
    const { variables } = await openDesk();
    const together = await run(["login", "password"], variables, `lihua\n${password}\n`);
    expect(together.err).toMatch(/^Signed in as /);
    expect(together.code).toBe(0);

    const [node, ...rest] = commandLine;
    const open = launch(node, [...rest, "login", "password"], variables); // its stdin is never ended
    open.stdin?.write(`lihua\n${password}\n`);
    await once(open, "exit");
    expect(open.exitCode).toBe(0);
  });

  it("without a terminal, and with nothing on stdin: says where the answer goes", async () => {
    const { variables } = await openDesk();
    const { code, err } = await run(["login", "password"], variables);
    expect(err).toBe(
      '✗ stdin ended before an answer to "User name:" came.\n  → Give what has a flag by its flag (see --help), and each other answer as a line of stdin.\n',
    );
    expect(code).toBe(2);
  });

  it("Ctrl-C at the password: 130, and the terminal shows what is typed again", async () => {
    const { variables } = await openDesk();
    const terminal = inTerminal(["login", "password", "--username", "lihua"], variables);
    await terminal.shows(/Password/);
    terminal.type(`half${ctrlC}`);
    expect(await terminal.exit).toBe(130);
    expect(terminal.screen()).toContain("Interrupted; nothing was changed.");
    expect(terminal.raw()).not.toContain("half");
  });
});

describe("the file", () => {
  it("that others may read stops every command, and nothing is sent", async () => {
    const { variables, files, emulator } = await openDesk();
    await signIn(variables);
    chmodSync(files()[0] ?? "", 0o644);
    emulator.requests.clear();
    for (const command of ["whoami", "refresh", "introspect", "revoke"]) {
      const { code, err } = await run([command], variables);
      expect(err).toContain("may be read by others (mode 644), and it holds tokens.");
      expect(code).toBe(2);
    }
    expect(emulator.requests.entries()).toEqual([]);
  });

  it("is another one for each endpoint: a token goes nowhere else", async () => {
    const { variables } = await openDesk();
    await signIn(variables);
    const other = await openEmulator();
    const { code, err } = await run(["whoami", "--endpoint", other.endpoint], variables);
    expect(err).toContain("Nobody is signed in to environment demo at");
    expect([code, other.requests.entries()]).toEqual([1, []]);
  });
});
