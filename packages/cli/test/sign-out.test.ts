import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "./support/command.ts";
import type { Variables } from "./support/command.ts";
import { openDesk, password } from "./support/desk.ts";

const signIn = (variables: Variables) => run(["login", "password", "--username", "lihua"], variables, `${password}\n`);

describe("revoke, when the access token has ended", () => {
  const isKept = (file: string): boolean => readFileSync(file, "utf8").includes("accessToken");

  it("renews it, and ends the session at the server with what it got", async () => {
    const { variables, files, emulator } = await openDesk();
    await signIn(variables);
    const [file = ""] = files();
    const { out: token } = await run(["whoami", "--print"], variables);
    await run(["revoke", "-"], variables, token);
    emulator.requests.clear();

    const { code, err } = await run(["revoke"], variables);
    expect(err).toContain("Signed out of environment demo; the tokens are gone from");
    expect([code, isKept(file)]).toEqual([0, false]);
    expect(emulator.requests.entries().map(({ path, status }) => `${path} ${String(status)}`)).toEqual([
      "/auth/v1/user/signout 401",
      "/auth/v1/token 200",
      "/auth/v1/user/signout 200",
    ]);
  });

  it.each([
    ["with its session", ["login", "password", "--username", "lihua"]],
    ["without a refresh token", ["login", "anonymous"]],
  ])("%s: forgets the tokens, and says that there was nothing to end", async (_what, args) => {
    const { variables, files, emulator } = await openDesk();
    await run(args, variables, `${password}\n`);
    const [file = ""] = files();
    await emulator.reset({ keys: true });

    const { code, err } = await run(["revoke"], variables);
    expect(err).toContain("The sign-in to environment demo had ended at the server already; the tokens are gone from");
    expect([code, isKept(file)]).toEqual([0, false]);
  });

  it("keeps what can still be ended while the server is out of reach", async () => {
    const { variables, files, emulator } = await openDesk();
    await signIn(variables);
    const [file = ""] = files();
    const { out: token } = await run(["whoami", "--print"], variables);
    await run(["revoke", "-"], variables, token);
    emulator.failNext("/auth/v1/token", { kind: "status", status: 503 }, 10);

    expect((await run(["revoke"], variables)).code).toBe(3);
    expect(isKept(file)).toBe(true);
    await emulator.reset();
  });
});
