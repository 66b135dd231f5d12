import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exchange } from "../src/wire.ts";
import { bearer } from "../src/cases/case.ts";
import { adapters } from "./support/adapters.ts";
import { faultsOf } from "./support/faults.ts";
import { createIssuerKey } from "./support/issuer.ts";
import { run } from "./support/processes.ts";
import type { Running } from "./support/processes.ts";
import { until } from "./support/until.ts";
import { introspectPath, keySetPath, startUpstream, status } from "./support/upstream.ts";
import type { Upstream } from "./support/upstream.ts";

const key = await createIssuerKey("a");
const flood = faultsOf("").find(({ name }) => name === "200 MB")?.behaviour;
const modes = ["local", "introspection"] as const;
const mostGrowth = 20 * 1_048_576;

/** What the servers' process says of itself, in bytes. */
interface Memory {
  readonly heapUsed: number;
  /** The most memory that it ever had. */
  readonly peak: number;
}

let upstream: Upstream;
let servers: Running;
let ports: Readonly<Record<string, number>>;

beforeAll(async () => {
  upstream = await startUpstream(key);
  servers = run("packages/adapter-contract/test/support/measured-servers.ts", [upstream.endpoint]);
  ports = JSON.parse(await servers.line(/^\{/)) as typeof ports;
  // What is loaded with a first failure is not counted.
  upstream.keySet = status(500);
  upstream.introspection = status(500);
  for (const { name } of adapters) {
    for (const mode of modes) expect(await ask(name, mode)).toBe(503);
  }
  if (flood === undefined) throw new Error("there is no such fault");
  upstream.keySet = flood;
  upstream.introspection = flood;
});
afterAll(async () => {
  await servers.stop("SIGTERM");
  await upstream.close();
});

async function memory(): Promise<Memory> {
  const { body } = await exchange(ports["memory"] ?? 0, { target: "/" });
  return JSON.parse(body) as Memory;
}

/** Ever another token, so that none is answered from memory. */
async function ask(name: string, mode: string): Promise<number> {
  const token = key.issue({ n: performance.now() });
  return (await exchange(ports[`${name}, ${mode}`] ?? 0, { lines: [bearer(token)] })).status;
}

describe.for(adapters)("F01: a body of 200 MB, $name", ({ name }) => {
  it.for(modes)("%s: 503, and the process grows by 20 MB at the most", async (mode) => {
    const path = mode === "local" ? keySetPath : introspectPath;
    const asked = upstream.count(path);
    const before = await memory();
    // The wait after the failure before may not be over, and in it nobody is asked.
    await until(
      async () => [await ask(name, mode), upstream.count(path) > asked].join(),
      (found) => found === "503,true",
    );
    const after = await memory();
    expect(after.peak - before.peak, "peak").toBeLessThan(mostGrowth);
    expect(after.heapUsed - before.heapUsed, "heap").toBeLessThan(mostGrowth);
    expect(servers.child.exitCode).toBeNull();
  });
});
