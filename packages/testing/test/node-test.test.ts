import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Without the variables by which node:test, and Vitest's own workers, are told of their parent. */
const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;

function run(file: string): { readonly status: number | null; readonly output: string } {
  const args = ["--conditions=@cloudbase-auth/source", "--test", "--test-reporter=tap", `test/node-test/${file}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    ...{ cwd: `${import.meta.dirname}/..`, env, encoding: "utf8", timeout: 25_000 },
  });
  return { status, output: stdout + stderr };
}

test("a test file of node:test passes", () => {
  const { status, output } = run("passes.ts");
  expect(output).toMatch(/^# pass 2$/m);
  expect(output).toMatch(/^# fail 0$/m);
  expect(status).toBe(0);
});

test("an assertion that does not hold fails it, with the sentence", () => {
  const { status, output } = run("fails.ts");
  expect(output).toContain("expected 403 with code forbidden, and the answer is 200 with no code");
  expect(status).toBe(1);
});
