import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

interface Served {
  readonly port: number;
  readonly path: string;
  readonly token: string;
}

/** Runs a consumer's program and asks each of its servers with a token and without; answers what was wrong. */
export async function faultsOf(
  node: string,
  program: string,
  cwd: string,
  servers: number,
  { endpoint, token, userId }: { readonly endpoint: string; readonly token: string; readonly userId: string },
): Promise<readonly string[]> {
  const env = { PATH: process.env["PATH"], CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: endpoint };
  const child = spawn(node, [program], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const faults: string[] = [];
  let asked = 0;
  try {
    for await (const line of servers > 0 ? createInterface(child.stdout) : []) {
      const served = parseServed(line, token);
      faults.push(...(await faultsOfServer(served, served.token === token ? userId : "")));
      asked += 1;
      if (asked === servers) break;
    }
    if (servers === 0) await closed;
    if (asked < servers) faults.push(`it started ${String(asked)} servers of ${String(servers)}`);
    if (servers === 0 && child.exitCode !== 0) faults.push(`it ended with ${String(child.exitCode)}`);
  } finally {
    child.kill();
    await closed;
  }
  if (stderr !== "") faults.push(`it wrote to stderr: ${stderr.slice(0, 2_000)}`);
  return faults;
}

async function faultsOfServer({ port, path, token }: Served, userId: string): Promise<readonly string[]> {
  const url = `http://127.0.0.1:${String(port)}${path}`;
  const good = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const body = await good.text();
  const none = await fetch(url);
  await none.arrayBuffer();
  return [
    ...(good.status === 200 && body.includes(userId)
      ? []
      : [`a good token is answered ${String(good.status)} ${body}`]),
    ...(none.status === 401 ? [] : [`no token is answered ${String(none.status)}`]),
  ];
}

/** A line of a program: a port, and where they are not the usual ones, a path and a token. */
function parseServed(line: string, usual: string): Served {
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null || !("port" in value) || typeof value.port !== "number") {
    throw new Error(`a line that names no port: ${line}`);
  }
  const path = "path" in value && typeof value.path === "string" ? value.path : "/";
  const token = "token" in value && typeof value.token === "string" ? value.token : usual;
  return { port: value.port, path, token };
}
