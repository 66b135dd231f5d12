import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

/** The page in a real browser, on all three servers. Its dependencies are its own: see package.json. */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { resolve: { conditions: ["@cloudbase-auth/source", ...defaultServerConditions] } },
  test: {
    name: "web",
    include: ["*.test.ts"],
    globalSetup: ["support/chromium.ts"],
    // One for each server; they wait for each other more than they work.
    maxWorkers: 3,
    // For a busy machine; what hangs is told from what is slow by the page's own waiting.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
