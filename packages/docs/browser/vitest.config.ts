import { defineConfig } from "vitest/config";

/** The built site in a real browser; found, or installed, as for the page of examples/web. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: "site",
    include: ["*.test.ts"],
    globalSetup: ["../../../examples/web/browser/support/chromium.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
