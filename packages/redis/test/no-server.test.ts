import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findServer } from "./support/binary.ts";

const root = join(import.meta.dirname, "../../..");
const sentence =
  "the tests of @cloudbase-auth/redis need redis-server or valkey-server >= 7 on PATH (Debian: apt-get install redis-server)";
let empty: string;

beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), "cloudbase-auth-no-redis-"));
});
afterAll(() => rmSync(empty, { recursive: true, force: true }));

describe("a machine without a Redis, and without Debian's packages", () => {
  const machine = (): NodeJS.ProcessEnv => ({ PATH: empty, TEST_SERVER_CACHE: join(empty, "cache") });

  it("is told in one sentence what is missing", () => {
    expect(() => findServer(machine())).toThrow(sentence);
    expect(() => findServer({ ...machine(), TEST_SERVER: "valkey" })).toThrow("need valkey-server >= 7 on PATH");
  });

  it("fails the run, with that sentence: nothing is passed over in silence", async () => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const args = ["run", "--config", "vitest.workspace.ts", "packages/redis/test/cluster.test.ts", "--no-color"];
    const run = spawn(process.execPath, [vitest, ...args], { cwd: root, env: machine() });
    let said = "";
    for (const stream of [run.stdout, run.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(run, "close")) as [number];
    expect([code, said.includes(sentence)]).toEqual([1, true]);
    expect(said).not.toMatch(/Tests .*passed/);
  });
});
