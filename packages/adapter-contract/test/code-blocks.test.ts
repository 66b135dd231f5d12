import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compile } from "./support/compile-blocks.ts";
import { givenToDocstrings } from "./support/docstring-context.ts";
import { readBlocks, readDocstringBlocks } from "./support/markdown-blocks.ts";
import { root } from "./support/processes.ts";

const files = globSync(["examples/*/*.ts", "packages/*/test/**/*.ts", "packages/testing/jest/*.js"], { cwd: root });
const texts = files.map((file) => readFileSync(join(root, file), "utf8"));

/** What parts of programs take for granted, by name. */
const given = {
  app: 'declare const app: import("express").Express;',
  auth: 'declare const auth: import("@cloudbase-auth/core").CloudbaseAuth;',
  emulator: 'declare const emulator: import("@cloudbase-auth/emulator").Emulator;',
  password: "declare const password: string;",
  request: 'declare const request: import("@cloudbase-auth/core").AuthRequest;',
  state: "declare const state: string;",
  storage:
    'declare const storage: NonNullable<ConstructorParameters<typeof import("@cloudbase/oauth").CloudbaseOAuth>[0]["storage"]>;',
  username: "declare const username: string;",
};

/** A file of the repository, or a part of one, to the letter: it is compiled and run there. */
function isFile(code: string): boolean {
  return texts.some((text) => text.includes(code));
}

it("every block of TypeScript on every page compiles", { timeout: 60_000 }, () => {
  const blocks = readBlocks().filter(({ language, code }) => language === "ts" && !isFile(code));
  expect(blocks.length).toBeGreaterThan(10);
  expect(compile(blocks, () => given)).toEqual([]);
});

it("every block of JSON is JSON, and no block is in a language that nothing checks", () => {
  for (const { place, language, code } of readBlocks()) {
    expect([place, ["ts", "sh", "console", "json", "http", "text"].includes(language) || isFile(code)]).toEqual([
      place,
      true,
    ]);
    if (language === "json") expect([place, typeof JSON.parse(code)]).toEqual([place, "object"]);
  }
});

it("every example in a docstring compiles: the reference shows them", { timeout: 60_000 }, () => {
  const blocks = readDocstringBlocks();
  expect(blocks.length).toBeGreaterThan(40);
  expect(compile(blocks, givenToDocstrings)).toEqual([]);
});
