import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

/** One project per package; tests run from the TypeScript sources, so no build comes first. */
const projects = readdirSync(`${root}/packages`).map((name) => ({
  extends: true as const,
  test: { name, root: `${root}/packages/${name}` },
}));

export default defineConfig({
  ssr: { resolve: { conditions: ["@cloudbase-auth/source", ...defaultServerConditions] } },
  test: {
    projects,
    // Many tests wait for a fault to be noticed: on two cores one worker, the usual number, would leave them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // For a busy machine: what hangs is told from what is slow by the tests' own bounds.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    include: ["test/**/*.test.ts"],
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
    coverage: { include: ["**/src/**/*.ts"] },
  },
});
