import { globSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { defaultServerConditions } from "vite";
import { configDefaults, defineConfig } from "vitest/config";

const root = import.meta.dirname;

/**
 * Those that start processes by the dozen, and those that say how long an answer may take: beside each other they would
 * measure each other. They come last, one at a time.
 */
const alone: Readonly<Record<string, readonly string[]>> = {
  "adapter-contract": [
    ...["many-processes", "foreign-refresh", "introspection-outage", "key-set-outage", "key-set-load"],
    ...["introspection-words", "redis-under-load", "shutdown"],
  ],
  redis: ["cluster", "faults", "processes", "revocations"],
};

/** A project per package; tests run from the TypeScript sources, so no build comes first. */
const projects = readdirSync(`${root}/packages`).map((name) => ({
  extends: true as const,
  test: {
    ...{ name, root: `${root}/packages/${name}`, include: ["test/**/*.test.ts"] },
    exclude: [...configDefaults.exclude, ...filesAlone(name)],
  },
}));
/** The tests that the examples show, as a person would copy them. */
const examples = [...new Set(globSync("examples/*/*.test.ts", { cwd: root }).map((file) => dirname(file)))].map(
  (name) => ({
    extends: true as const,
    test: { name, root: `${root}/${name}`, include: ["*.test.ts"], typecheck: { enabled: false } },
  }),
);
const projectsAlone = Object.keys(alone).map((name) => ({
  extends: true as const,
  test: {
    ...{ name: `${name}, alone`, root: `${root}/packages/${name}`, include: filesAlone(name) },
    ...{ typecheck: { enabled: false }, maxWorkers: 1, sequence: { groupOrder: 1 } },
  },
}));

function filesAlone(name: string): string[] {
  return (alone[name] ?? []).map((file) => `test/${file}.test.ts`);
}

export default defineConfig({
  ssr: { resolve: { conditions: ["@cloudbase-auth/source", ...defaultServerConditions] } },
  test: {
    projects: [...projects, ...examples, ...projectsAlone],
    // Compiled code is kept between processes: a start takes half the time, of workers and of what they start.
    env: { NODE_COMPILE_CACHE: `${root}/node_modules/.cache/compiled` },
    // Many tests wait for a fault to be noticed: on two cores one worker, the usual number, would leave them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // For a busy machine: what hangs is told from what is slow by the tests' own bounds.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
    coverage: { include: ["**/src/**/*.ts"] },
  },
});
