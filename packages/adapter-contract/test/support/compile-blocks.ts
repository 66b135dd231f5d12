import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Block } from "./markdown-blocks.ts";
import { root } from "./processes.ts";

/** What a block takes for granted: by name, the line that declares it. */
export type Given = Readonly<Record<string, string>>;

/** What blocks import and this package does not depend on: by name, where it is to be had. */
const elsewhere: Readonly<Record<string, string>> = {
  "@cloudbase": "packages/emulator",
  "@koa": "examples/koa",
  "@types/supertest": "packages/express",
  supertest: "packages/express",
};

/** A module of its own: what it uses and does not declare itself is given. */
function moduleOf({ place, code }: Block, given: Given): string {
  const isDeclared = (name: string): boolean =>
    new RegExp(`\\b(?:const|let|function) (?:\\{[^}]*)?\\b${name}\\b|import [^;]*\\b${name}\\b[^;]* from`).test(code);
  const isUsed = (name: string): boolean => new RegExp(`(?<![.\\w])${name}\\b(?!:)`).test(code);
  const lines = Object.entries(given).flatMap(([name, line]) => (isUsed(name) && !isDeclared(name) ? [line] : []));
  return `${lines.join(" ")} export {}; // ${place}\n${code}`;
}

/** One program of all blocks; a line for each complaint, by the place of its block. */
export function compile(blocks: readonly Block[], givenTo: (block: Block) => Given): readonly string[] {
  const folder = mkdtempSync(join(root, "packages/adapter-contract/node_modules/.blocks-"));
  try {
    mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
    for (const [name, from] of Object.entries(elsewhere)) {
      symlinkSync(join(root, from, "node_modules", name), join(folder, "node_modules", name));
    }
    blocks.forEach((block, index) =>
      writeFileSync(join(folder, `block-${String(index)}.ts`), moduleOf(block, givenTo(block))),
    );
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
