import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./support/processes.ts";

interface Link {
  readonly text: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly fragment: string;
}

/** The links of a page that lead to something in this repository. */
function linksOf(page: string): readonly Link[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/\[((?:[^\]]|\](?!\())*)\]\(([^)\s]+)\)/g)].flatMap(([, label = "", target = ""]) => {
    if (/^https?:/.test(target)) return [];
    const [path = "", fragment = ""] = target.split("#");
    return [{ text: label, path: join(page, "..", path), fragment }];
  });
}

const pages = [".github/SECURITY.md", ".github/CONTRIBUTING.md", ".changeset/README.md"];

describe.for(pages)("%s", (page) => {
  test("leads to what is there", () => {
    const links = linksOf(page);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter(({ path }) => !existsSync(join(root, path))).map(({ path }) => path)).toEqual([]);
  });

  test("leads to headings that are there", () => {
    const lost = linksOf(page).filter(({ path, fragment }) => {
      if (fragment === "") return false;
      const headings = [...readFileSync(join(root, path), "utf8").matchAll(/^#+ (.+)$/gm)];
      return !headings.some(([, heading = ""]) => heading.toLowerCase().replaceAll(" ", "-") === fragment);
    });
    expect(lost.map(({ path, fragment }) => `${path}#${fragment}`)).toEqual([]);
  });
});

test("SECURITY.md: every promise names a test, by a title that its file has", () => {
  const [, promised = ""] = readFileSync(join(root, ".github/SECURITY.md"), "utf8").split("\n## What is promised");
  const rows = promised.split("\n").filter((line) => /^\| (?!promise|-)/.test(line));
  expect(rows.length).toBeGreaterThan(25);
  expect(rows.filter((row) => !row.includes("]("))).toEqual([]);

  const named = linksOf(".github/SECURITY.md").filter(({ path }) => /\/(?:test|src\/cases)\//.test(path));
  const lost = named.filter(({ text, path }) => !readFileSync(join(root, path), "utf8").includes(text));
  expect(lost.filter(({ text }) => text !== "a test").map(({ text, path }) => `${path}: ${text}`)).toEqual([]);
});

test("CONTRIBUTING.md: every file that a row names beside a folder is in it", () => {
  const text = readFileSync(join(root, ".github/CONTRIBUTING.md"), "utf8");
  const rows = [...text.matchAll(/\]\(\.\.\/([^)]+)\): ((?:`[\w-]+\.ts`(?:, )?)+)/g)];
  expect(rows.length).toBeGreaterThan(0);
  for (const [, folder = "", files = ""] of rows) {
    for (const [, file = ""] of files.matchAll(/`([^`]+)`/g))
      expect(existsSync(join(root, folder, file)), file).toBe(true);
  }
});

test("CONTRIBUTING.md: every script that it names is one", () => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const text = readFileSync(join(root, ".github/CONTRIBUTING.md"), "utf8");
  const scripts = [...text.matchAll(/npx --yes pnpm@12 ([a-z][\w:]*)/g)].map(([, script = ""]) => script);
  expect(scripts.length).toBeGreaterThan(5);
  for (const script of scripts) expect(manifest).toHaveProperty(["scripts", script]);
});
