import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readBlocks } from "./support/markdown-blocks.ts";
import type { Block } from "./support/markdown-blocks.ts";
import { root } from "./support/processes.ts";

const files = globSync(["examples/*/*.ts", "packages/*/test/**/*.ts", "packages/testing/jest/*.js"], { cwd: root });
const texts = files.map((file) => readFileSync(join(root, file), "utf8"));

/** What parts of programs take for granted, by name. */
const given: Readonly<Record<string, string>> = {
  app: 'import("express").Express',
  auth: 'import("@cloudbase-auth/core").CloudbaseAuth',
  emulator: 'import("@cloudbase-auth/emulator").Emulator',
  password: "string",
  request: 'import("@cloudbase-auth/core").AuthRequest',
  state: "string",
  storage: 'NonNullable<ConstructorParameters<typeof import("@cloudbase/oauth").CloudbaseOAuth>[0]["storage"]>',
  username: "string",
};

/** A module of its own: what it does not declare itself is given. */
function moduleOf({ place, code }: Block): string {
  const isDeclared = (name: string): boolean =>
    new RegExp(`\\b(?:const|let|function) (?:\\{[^}]*)?\\b${name}\\b|import [^;]*\\b${name}\\b[^;]* from`).test(code);
  const taken = Object.entries(given).filter(([name]) => new RegExp(`\\b${name}\\b`).test(code) && !isDeclared(name));
  const declarations = taken.map(([name, type]) => `declare const ${name}: ${type};`).join(" ");
  return `${declarations} export {}; // ${place}\n${code}`;
}

/** One program of all blocks; a line for each complaint, by the place of its block. */
function compile(blocks: readonly Block[]): readonly string[] {
  const folder = mkdtempSync(join(root, "packages/adapter-contract/node_modules/.blocks-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    // What is no dependency of ours here, from where it is one.
    symlinkSync(join(root, "packages/emulator/node_modules/@cloudbase"), join(folder, "node_modules/@cloudbase"));
    blocks.forEach((block, index) => writeFileSync(join(folder, `block-${String(index)}.ts`), moduleOf(block)));
    const lax = { noUnusedLocals: false, noUnusedParameters: false, declaration: false, declarationMap: false };
    const options = { ...lax, types: ["node"] };
    const files = blocks.map((_, index) => `block-${String(index)}.ts`);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: join(root, "tsconfig.base.json"), compilerOptions: options, include: [], files }),
    );
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], {
      ...{ cwd: folder, encoding: "utf8", timeout: 60_000 },
    });
    return stdout
      .split("\n")
      .filter((line) => /^\S/.test(line))
      .map((line) => line.replace(/^\S*?block-(\d+)\.ts/, (_, index) => blocks[Number(index)]?.place ?? line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file of the repository, or a part of one, to the letter: it is compiled and run there. */
function isFile(code: string): boolean {
  return texts.some((text) => text.includes(code));
}

it("every block of TypeScript on every page compiles", { timeout: 60_000 }, () => {
  const blocks = readBlocks().filter(({ language, code }) => language === "ts" && !isFile(code));
  expect(blocks.length).toBeGreaterThan(10);
  expect(compile(blocks)).toEqual([]);
});

it("every block of JSON is JSON, and no block is in a language that nothing checks", () => {
  for (const { place, language, code } of readBlocks()) {
    expect([place, ["ts", "sh", "json", "http", "text"].includes(language) || isFile(code)]).toEqual([place, true]);
    if (language === "json") expect([place, typeof JSON.parse(code)]).toEqual([place, "object"]);
  }
});
