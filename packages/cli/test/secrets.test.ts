import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "./support/command.ts";
import { openDesk, password } from "./support/desk.ts";
import { serve, variablesFor } from "./support/stage.ts";

/** A server that repeats in its answer whatever it was sent, as text, as an error and as a header. */
const parrot = (status: number) =>
  serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const said = `${JSON.stringify(request.headers)} ${request.url ?? ""} ${Buffer.concat(chunks).toString()}`;
      response.writeHead(status, { "content-type": "application/json", "x-request-id": "echo" });
      response.end(JSON.stringify({ error: "invalid_password", error_description: said, message: said }));
    });
  });

/** A word of these in an output would be the secret, or enough of it. */
function secretsIn(output: string, secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => output.includes(secret.slice(0, 24)) || output.includes(secret.slice(-24)));
}

const clientSecret = "client-secret-sentinel-5";
const redisPassword = "redis-password-sentinel-3";

describe("no secret in any output", () => {
  it("of all commands, when all is well", async () => {
    const { variables, files } = await openDesk({ clientId: "backend", clientSecret });
    const client = { CLOUDBASE_CLIENT_ID: "backend", CLOUDBASE_CLIENT_SECRET: clientSecret };
    const all = { ...variables, ...client, REDIS_URL: `redis://:${redisPassword}@127.0.0.1:1` };
    let output = "";
    const secrets = [password, clientSecret, redisPassword];
    const keep = async (args: readonly string[], input?: string): Promise<void> => {
      const { out, err } = await run(args, all, input);
      output += out + err;
      const kept: unknown = JSON.parse(readFileSync(files()[0] ?? "", "utf8"));
      const { accessToken, refreshToken } = kept as { readonly accessToken?: string; readonly refreshToken?: string };
      if (accessToken !== undefined) secrets.push(accessToken);
      if (refreshToken !== undefined) secrets.push(refreshToken);
    };
    await keep(["login", "password", "--username", "lihua"], `${password}\n`);
    const [, , , token = ""] = secrets;
    for (const args of [["whoami"], ["introspect"], ["whoami", "--json"], ["introspect", "--json"]]) await keep(args);
    await keep(["explain"], token);
    await keep(["explain", "--json"], token);
    await keep(["doctor"]);
    await keep(["refresh"]);
    await keep(["revoke"]);
    // Access tokens begin with the same header, which is no secret; what follows it is.
    const unusable = secrets.map((secret) => secret.split(".").at(-1) ?? "");
    expect(secrets.length).toBeGreaterThan(5);
    expect(secretsIn(output, unusable)).toEqual([]);
  });

  it.each([400, 200])("of all commands, at a server that repeats what it was sent (%i)", async (status) => {
    const endpoint = await parrot(status);
    const token = `eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiJhIn0.${"signature-sentinel-".repeat(4)}`;
    const variables = {
      ...variablesFor(endpoint),
      CLOUDBASE_CLIENT_ID: "backend",
      CLOUDBASE_CLIENT_SECRET: clientSecret,
    };
    const runs: readonly (readonly [readonly string[], string])[] = [
      [["login", "password", "--username", "lihua"], `${password}\n`],
      [["login", "ticket"], `ticket-sentinel/@@/${token}\n`],
      [["introspect", "-"], token],
      [["revoke", "-"], token],
      [["explain"], token],
      [["doctor"], ""],
    ];
    const outputs = await Promise.all(runs.map(([args, input]) => run(args, variables, input)));
    const output = outputs.map(({ out, err }) => out + err).join("\n");
    expect(secretsIn(output, [password, clientSecret, "ticket-sentinel", "signature-sentinel-"])).toEqual([]);
    for (const { code } of outputs) expect([1, 2, 3]).toContain(code);
  });

  it("of a token that cannot be sent", async () => {
    const token = `a\u00e9${"token-sentinel-".repeat(3)}`;
    const { out, err, code } = await run(["introspect", token], variablesFor("http://127.0.0.1:1"));
    expect(err).toContain("That is no token");
    expect(out + err).not.toContain("token-sentinel");
    expect(code).toBe(2);
  });

  it("of a fault of the command itself: 70, and where it came from only if that is asked for", async () => {
    const broken = "process.stdout.write = () => { throw new Error('Bearer token-' + 'sentinel-'.repeat(3)) }";
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(broken)}`;
    const quiet = await run(["doctor"], { NODE_OPTIONS });
    expect(quiet.err).toMatch(/^✗ A fault of this command: Error\.\n {2}→ Report it/);
    const loud = await run(["doctor"], { NODE_OPTIONS, CLOUDBASE_AUTH_DEBUG: "1" });
    expect(loud.err).toContain("Error: Bearer [redacted]\n    at ");
    expect(quiet.err + loud.err).not.toContain("token-sentinel");
    expect([quiet.code, loud.code]).toEqual([70, 70]);
  });
});
