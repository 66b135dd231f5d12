import { matchesGlob } from "node:path";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/**
 * The tests that concern the pure floors alone, the narrowest first: a mutant is done with when the first of them fails.
 * Not here are those that go through a whole instance: they notice much, but each survivor would wait for all of them.
 */
const files = [
  ...["words/*", "protocol/*", "accept-language", "path-cover", "jwk-set", "refusals", "error-pages", "refusal-of"],
  ...["declared-routes", "redact", "client-wire"],
];
const patterns = files.map((name) => `test/${name}.test.ts`);

const place = ({ moduleId }: TestSpecification): number =>
  patterns.findIndex((pattern) => matchesGlob(moduleId, `**/core/${pattern}`));

export default defineConfig({
  root: `${import.meta.dirname}/../../packages/core`,
  ssr: { resolve: { conditions: ["@cloudbase-auth/source", ...defaultServerConditions] } },
  test: {
    include: patterns,
    sequence: {
      sequencer: class extends BaseSequencer {
        override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
          return specifications.sort((one, other) => place(one) - place(other));
        }
      },
    },
    isolate: false,
  },
});
