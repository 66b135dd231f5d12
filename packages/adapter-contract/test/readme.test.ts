import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");

test.for(["express", "koa", "fastify"])(
  "the quick start of packages/%s/README.md is its example, to the letter",
  (name) => {
    const readme = readFileSync(join(root, `packages/${name}/README.md`), "utf8");
    const example = readFileSync(join(root, `examples/${name}/quick-start.ts`), "utf8");
    expect(readme).toContain(`<!-- examples/${name}/quick-start.ts -->\n\n\`\`\`ts\n${example}\`\`\`\n`);
    expect(example.trimEnd().split("\n").length).toBeLessThanOrEqual(12);
  },
);
