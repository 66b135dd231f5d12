import { defineConfig } from "vitest/config";

/**
 * The built site in a real browser; found, or installed, as for the page of examples/web. With PICTURES=1 it is
 * photographed instead, for a person to look at.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: "site",
    include: [process.env["PICTURES"] === "1" ? "pictures.ts" : "*.test.ts"],
    globalSetup: ["../../../examples/web/browser/support/chromium.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
