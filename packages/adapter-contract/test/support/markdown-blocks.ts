import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./processes.ts";

/** A fenced block of code of a page in this repository. */
export interface Block {
  /** Where it stands, as `packages/core/README.md:12`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

const pages = [
  ...["README.md", ".github/**/*.md", "packages/*/*.md", "examples/*/README.md", "examples/*/browser/*.md"],
  ...["packages/docs/{guides,start,errors,zh}/**/*.md"],
];
const generated = ["**/node_modules/**", "**/CHANGELOG.md", "packages/bench/report.md"];

/** Every block of every page, of the READMEs too. */
export function readBlocks(): readonly Block[] {
  return globSync(pages, { cwd: root, exclude: generated })
    .toSorted()
    .flatMap((page) => blocksOf(readFileSync(join(root, page), "utf8"), page));
}

/** The examples in the docstrings of the packages. */
export function readDocstringBlocks(): readonly Block[] {
  return globSync("packages/*/src/**/*.ts", { cwd: root })
    .toSorted()
    .flatMap((file) => blocksOf(readFileSync(join(root, file), "utf8").replaceAll(/^ *\* ?/gm, ""), file));
}

function blocksOf(text: string, page: string): Block[] {
  return [...text.matchAll(/^```(\w+).*\n([^]*?)^```$/gm)].map(({ 1: language = "", 2: code = "", index }) => {
    return { place: `${page}:${String(text.slice(0, index).split("\n").length)}`, language, code };
  });
}
