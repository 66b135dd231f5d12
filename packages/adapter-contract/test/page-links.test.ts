import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./support/processes.ts";

const pages = globSync(["*.md", ".github/**/*.md", "packages/**/*.md", "examples/**/*.md"], {
  cwd: root,
  exclude: ["**/node_modules/**", "packages/docs/reference/**"],
});

it("what a page of this repository links to is there, and so are its pictures", () => {
  expect(pages.length).toBeGreaterThan(50);
  const missing = pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8").replaceAll(/^```[^]*?^```|`[^`\n]*`/gm, "code");
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const paths = targets
      .filter((target) => !/^(?:[a-z]+:|#|\/)/i.test(target))
      .map((target) => target.split("#", 1)[0]);
    return paths.filter((path) => !existsSync(join(root, dirname(page), path ?? ""))).map((path) => `${page}: ${path}`);
  });
  expect(missing).toEqual([]);
});
