/**
 * How many small faults in the pure floors of core its tests notice: `npx --yes pnpm@12 mutation`. A second run only
 * tries what changed since; `--force` behind the command tries everything.
 */
export default {
  mutate: ["packages/core/src/{words,protocol}/*.ts"],
  thresholds: { high: 95, low: 90, break: 85 },
  plugins: ["./.ci/mutation/node_modules/@stryker-mutator/vitest-runner/dist/src/index.js"],
  testRunner: "vitest",
  vitest: { configFile: ".ci/mutation/vitest.config.ts" },
  coverageAnalysis: "perTest",
  concurrency: 2, // one for each core of the smallest machine
  // What runs into its limit counts as noticed: on a busy machine nothing else may.
  timeoutMS: 20_000,
  tempDirName: ".ci/mutation/sandbox",
  incremental: true,
  incrementalFile: "packages/core/reports/mutation-incremental.json",
  jsonReporter: { fileName: "packages/core/reports/mutation.json" },
  htmlReporter: { fileName: "packages/core/reports/mutation.html" },
  reporters: ["progress-append-only", "clear-text", "json", "html"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
};
