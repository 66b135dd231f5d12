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

test.for(["express", "koa", "fastify"].flatMap((name) => ["declared-routes", "policies"].map((file) => [name, file])))(
  "what packages/%s/README.md shows of %s is its example, to the letter",
  ([name, file]) => {
    const readme = readFileSync(join(root, `packages/${name}/README.md`), "utf8");
    const example = readFileSync(join(root, `examples/${name}/${file}.ts`), "utf8");
    expect(readme).toContain(`<!-- examples/${name}/${file}.ts -->\n\n\`\`\`ts\n${example}\`\`\`\n`);
  },
);

test.for(["express", "koa", "fastify"])(
  "packages/%s/README.md says of every error of the core what a client does",
  (name) => {
    /** By code, the statuses that its row names. */
    const statusesOf = (readme: string): [code: string, statuses: string[]][] => {
      const [, after = ""] = readFileSync(join(root, readme), "utf8").split("\n## Errors\n");
      const rows = (after.split("\n## ")[0] ?? "").matchAll(/^\| ((?:`\w+`(?:, )?)+) *\| (\d.*)$/gm);
      return [...rows].flatMap(([, codes = "", rest = ""]) =>
        [...codes.matchAll(/\w+/g)].map(([code]): [string, string[]] => [code, rest.match(/\b[45]\d\d\b/g) ?? []]),
      );
    };
    const core = new Map(statusesOf("packages/core/README.md"));
    const own = statusesOf(`packages/${name}/README.md`);
    expect(own.map(([code]) => code).toSorted()).toEqual([...core.keys()].toSorted());
    for (const [code, statuses] of own) {
      expect([code, statuses]).toEqual([code, expect.arrayContaining(core.get(code) ?? [])]);
    }
  },
);

test("the policy in README.md is a part of its example, to the letter", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, part] = /<!-- a part of examples\/express\/policies\.ts -->\n\n```ts\n(.+?)```\n/s.exec(readme) ?? [];
  const example = readFileSync(join(root, "examples/express/policies.ts"), "utf8");
  expect(part?.split("\n").length).toBeGreaterThan(5);
  expect(example).toContain(part);
});
