import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { root, run } from "./support/processes.ts";

const portFlags = ["--emulator-port", "--express-port", "--koa-port", "--fastify-port", "--page-port"];
const anyPorts = portFlags.flatMap((flag) => [flag, "0"]);

describe("npx --yes pnpm@12 start", () => {
  it("--once tells the story, shows the table and exits 0 with nothing left behind", async () => {
    const tour = run("examples/tour/main.ts", ["--once", ...anyPorts]);
    expect(await tour.exit).toBe(0);
    expect(tour.stderr()).toBe("");
    expect(tour.leftovers()).toBe(false);
    const table = tour
      .stdout()
      .split("\n")
      .filter((line) => /^(?:GET \/me|with|one|an? )/.test(line));
    expect(table.map((line) => line.split(/ {2,}/))).toEqual([
      ["GET /me", "Express", "Koa", "Fastify"],
      ["with the access token", "200", "200", "200", ""],
      ["with the refreshed one", "200", "200", "200", ""],
      ["without a token", "401 Bearer", "401 Bearer", "401 Bearer", ""],
      ["one character altered", ...Array<string>(3).fill("401 Bearer invalid_token"), ""],
      ["an anonymous user's token", ...Array<string>(3).fill("403 Bearer insufficient_scope")],
      ["an expired token", ...Array<string>(3).fill("401 Bearer invalid_token"), ""],
      ["a token of another environment", ...Array<string>(3).fill("401 Bearer invalid_token"), ""],
      ["a revoked token, before its exp", "200", "200", "200", ""],
    ]);
  });

  it("exits 1 with the differing row if one server answers otherwise", async () => {
    const tour = run("examples/tour/main.ts", ["--once", ...anyPorts], {
      NODE_OPTIONS: `--import=${root}packages/adapter-contract/test/support/wrong-clock-on-koa.ts`,
    });
    expect(await tour.exit).toBe(1);
    expect(tour.stderr()).toContain(
      "Koa, with the access token: expected 200 with no challenge, got 401 with Bearer realm=",
    );
    expect(tour.stderr()).not.toContain("Express,");
  });

  it("stays up with curl lines that work, until Ctrl-C, which ends all its processes", async () => {
    const tour = run("examples/tour/main.ts", anyPorts);
    await tour.line(/^Ctrl-C stops it all/);
    const [, page = ""] = /^ {2}page +(http:\S+)$/m.exec(tour.stdout()) ?? [];
    const answer = await fetch(page);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('src="/main.js"')]);
    expect(tour.stdout()).toContain(`Sign in with a browser at ${page},`);
    const curls = tour
      .stdout()
      .split("\n")
      .filter((line) => /^ {2}(?:curl|token=)/.test(line));
    const shell = run("packages/adapter-contract/test/support/shell.ts", [curls.join("\n")]);
    expect(await shell.exit).toBe(0);
    expect(shell.stdout().match(/^HTTP\/1.1 \d+/gm)).toEqual([
      ...["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 403", "HTTP/1.1 401"],
    ]);
    expect(await tour.stop("SIGINT")).toBe(0);
    expect(tour.leftovers()).toBe(false);
  });

  it.each(portFlags)("says in one sentence that the port of %s is taken", async (flag) => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const tour = run("examples/tour/main.ts", ["--once", ...anyPorts, flag, port]);
    expect(await tour.exit).toBe(1);
    const complaint = tour.stderr().trimEnd();
    expect(complaint).toContain(port);
    expect(complaint).toContain(flag);
    expect(complaint).not.toContain("\n");
    expect(tour.leftovers()).toBe(false);
    taken.close();
  });

  it("refuses a port that is none, and colours nothing off a terminal", async () => {
    const tour = run("examples/tour/main.ts", ["--koa-port", "99999"]);
    expect(await tour.exit).toBe(1);
    expect(tour.stderr()).toContain("give a port from 0 to 65535.");
    expect(tour.stdout() + tour.stderr()).not.toContain("\u001b");
  });
});
