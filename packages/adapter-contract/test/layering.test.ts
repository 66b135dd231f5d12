import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseFile } from "./layering/imports.ts";
import { findViolations } from "./layering/rules.ts";
import type { Manifest, SourceFile } from "./layering/rules.ts";

const root = join(import.meta.dirname, "../../..");
const patterns = ["packages/*/src/**/*.{ts,mts,cts,tsx}", "examples/**/*.{ts,mts,cts,tsx}"];
/** The tests of an example, with dependencies of their own. */
const exampleTests = ["examples/*/browser/**", "examples/*/*.test.ts"];

function readFiles(): SourceFile[] {
  return globSync(patterns, { cwd: root, exclude: ["**/node_modules/**", "**/dist/**", ...exampleTests] })
    .filter((path) => !path.includes("node_modules"))
    .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(root, path), "utf8") }));
}

function readManifests(): Manifest[] {
  return globSync(["packages/*", "examples/*"], { cwd: root })
    .filter((directory) => existsSync(join(root, directory, "package.json")))
    .map((directory) => {
      const manifest = JSON.parse(readFileSync(join(root, directory, "package.json"), "utf8")) as {
        readonly name: string;
        readonly exports?: Readonly<Record<string, unknown>>;
        readonly dependencies?: Readonly<Record<string, string>>;
        readonly peerDependencies?: Readonly<Record<string, string>>;
      };
      return {
        directory: directory.replaceAll("\\", "/"),
        name: manifest.name,
        exports: Object.keys(manifest.exports ?? {}),
        dependencies: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      };
    });
}

describe("the house (design: imports point one way)", () => {
  test("every import of every package and example keeps to the layout", () => {
    expect(findViolations(readFiles(), readManifests())).toEqual([]);
  });

  test("what is checked is really there", () => {
    const files = readFiles();
    const packages = new Set(files.map(({ path }) => path.split("/").slice(0, 2).join("/")));
    expect([...packages]).toEqual(
      expect.arrayContaining(["packages/core", "packages/emulator", "packages/express", "packages/koa"]),
    );
    expect(files.flatMap(({ path, text }) => parseFile(path, text).imports).length).toBeGreaterThan(100);
  });
});

describe("the reader of imports", () => {
  test.for([
    ['import x from "a";', "static"],
    ['import "a";', "static"],
    ['import { type X } from "a";', "static"],
    ['import type { X } from "a";', "type"],
    ['export { x } from "a";', "static"],
    ['export * from "a";', "static"],
    ['export * as x from "a";', "static"],
    ['export type { X } from "a";', "type"],
    ['export type * from "a";', "type"],
    ['type X = import("a").X;', "type"],
    ['type X = typeof import("a");', "type"],
    ['const x = await import("a");', "dynamic"],
    ["const x = import(`a`);", "dynamic"],
    ['if (x) { y(() => import("a")); }', "dynamic"],
    ['const x = require("a");', "dynamic"],
    ['const x = createRequire(import.meta.url)("a");', "dynamic"],
    ['const x = import.meta.resolve("a");', "dynamic"],
    ['const x = require.resolve("a");', "dynamic"],
    ['import x = require("a");', "static"],
  ] as const)("%s is %s", ([text, kind]) => {
    expect(parseFile("a.ts", text).imports).toEqual([{ specifier: "a", kind, line: 1 }]);
  });

  test.for(['// import "a";', "const x = \"import y from 'a'\";", "const x = 1; export { x };", "x.import('a');"])(
    "%s is none",
    (text) => {
      expect(parseFile("a.ts", text).imports).toEqual([]);
    },
  );

  test("a computed name is seen", () => {
    expect(parseFile("a.ts", "\nawait import(name);").imports).toEqual([
      { specifier: undefined, kind: "dynamic", line: 2 },
    ]);
  });

  test("text that is no TypeScript is an error and not an empty list", () => {
    expect(() => parseFile("a.ts", "import {")).toThrow("a.ts");
  });
});

describe("the checker", () => {
  const manifest = (name: string, dependencies: readonly string[], exports: readonly string[] = ["."]): Manifest => ({
    directory: name.startsWith("example-") ? `examples/${name.slice(8)}` : `packages/${name}`,
    name: name.startsWith("example-") ? name : `@cloudbase-auth/${name}`,
    exports,
    dependencies: dependencies.map((entry) => entry.replace("~", "@cloudbase-auth/")),
  });
  const manifests = [
    manifest(
      "core",
      ["jose", "undici", "lru-cache", "zod", "@opentelemetry/api", "~emulator", "~express"],
      [".", "./adapter"],
    ),
    manifest("emulator", ["jose", "~core"]),
    manifest("express", ["~core", "~emulator", "~koa", "express"]),
    manifest("koa", ["~core"]),
    manifest("fastify", ["~core"]),
    manifest("testing", ["~core", "~emulator"]),
    manifest("cli", ["~core", "~emulator"]),
    manifest("newcomer", ["~core"]),
    manifest("example-tour", ["~emulator", "~express", "~cli"]),
  ];
  const check = (files: Readonly<Record<string, string>>): string[] =>
    findViolations(
      Object.entries(files).map(([path, text]) => ({ path, text })),
      manifests,
    );

  test.for([
    ["packages/emulator/src/a.ts", 'import { x } from "@cloudbase-auth/core";', "may not"],
    ["packages/emulator/src/a.ts", 'import type { X } from "@cloudbase-auth/core";', "may not"],
    ["packages/express/src/a.ts", 'import { x } from "@cloudbase-auth/emulator";', "may not"],
    ["packages/cli/src/a.ts", 'await import("@cloudbase-auth/emulator");', "may not"],
    ["packages/core/src/seam/a.ts", 'import { x } from "@cloudbase-auth/emulator";', "may not"],
    ["packages/core/src/seam/a.ts", 'export { x } from "@cloudbase-auth/express";', "may not"],
    ["packages/express/src/a.ts", 'import { x } from "@cloudbase-auth/koa";', "may not"],
    ["examples/tour/a.ts", 'import { x } from "@cloudbase-auth/cli";', "may not"],
    ["packages/newcomer/src/a.ts", 'import { x } from "@cloudbase-auth/core";', "does not know"],
    ["packages/koa/src/a.ts", 'import { x } from "@cloudbase-auth/core/src/seam/create.ts";', "an internal of"],
    ["packages/koa/src/a.ts", 'import { x } from "@cloudbase-auth/core/dist/index.js";', "an internal of"],
    ["packages/koa/src/a.ts", 'import { x } from "../../core/src/index.ts";', "out of its package"],
    ["packages/koa/src/a.ts", 'import { x } from "../test/a.ts";', "out of src"],
    ["packages/koa/src/a.ts", 'import { x } from "./gone.ts";', "not there"],
    ["packages/koa/src/a.ts", 'import type Koa from "koa";', "neither among dependencies"],
    ["packages/koa/src/a.ts", 'import { x } from "fs";', "neither among dependencies"],
    ["packages/koa/src/a.ts", 'import { x } from "/etc/passwd";', "no package"],
    ["packages/koa/src/a.ts", 'import { x } from "https://example.test/x.js";', "no package"],
    ["packages/koa/src/a.ts", "await import(name);", "computed"],
    ["packages/cli/src/a.ts", "await import(name);", "computed"],
    ["packages/core/src/seam/a.ts", 'import type { X } from "zod";', "may import"],
    ["packages/core/src/seam/a.ts", 'await import("undici");', "sends requests"],
    ["packages/core/src/index.ts", 'export { x } from "@opentelemetry/api";', "opentelemetry/ may"],
    ["packages/core/src/outside/http.ts", 'import { Agent } from "undici";', "at once"],
    ["packages/core/src/outside/http.ts", 'export { Agent } from "undici";', "at once"],
    ["packages/koa/src/utils.ts", "export const x = 1;", "named utils"],
    ["packages/koa/src/helpers/a.ts", "export const x = 1;", "named helpers"],
    ["packages/koa/src/types.d.ts", "export type X = 1;", "named types"],
    ["packages/koa/src/a.ts", "\n".repeat(250) + "export const x = 1;", "has 251 lines"],
    ["packages/koa/src/index.ts", "export const x = 1;", "does more than export"],
    ["packages/koa/src/index.ts", 'import { x } from "@cloudbase-auth/core";', "does more than export"],
    ["packages/koa/src/index.ts", 'import type {} from "@cloudbase-auth/core";', "does more than export"],
    ["packages/koa/src/a.ts", "export default 1;", "default export"],
    ["packages/koa/src/a.ts", "const x = 1; export { x as default };", "default export"],
    ["packages/nobody/src/a.ts", "export const x = 1;", "belongs to no package"],
  ] as const)("%s: %s", ([path, text, sentence]) => {
    expect(check({ [path]: text })).toEqual([expect.stringContaining(sentence)]);
  });

  test.for([
    ["words", "protocol"],
    ["words", "seam"],
    ["protocol", "outside"],
    ["outside", "seam"],
  ])("core: %s may not import from %s above, not even a type", ([from, to]) => {
    const files = {
      [`packages/core/src/${from}/a.ts`]: `import type { X } from "../${to}/b.ts";`,
      [`packages/core/src/${to}/b.ts`]: "export type X = 1;",
    };
    expect(check(files)).toEqual([expect.stringContaining("from above")]);
  });

  test("core: no floor imports a door", () => {
    const files = {
      "packages/core/src/seam/a.ts": 'import { x } from "../index.ts";',
      "packages/core/src/index.ts": 'export { x } from "jose";',
    };
    expect(check(files)).toEqual([expect.stringContaining("from above")]);
  });

  const ring = (directory: string, last: string): Record<string, string> => ({
    [`${directory}/a.ts`]: 'import { b } from "./b.ts"; export const a = b;',
    [`${directory}/b.ts`]: 'export { c as b } from "./c.ts";',
    [`${directory}/c.ts`]: `${last} from "./a.ts"; export const c = 1;`,
  });

  test("a ring of files", () => {
    const sentence: unknown = expect.stringContaining("a.ts: imports itself by way of");
    expect(check(ring("packages/koa/src", "import { a }"))).toEqual([sentence]);
    expect(check(ring("packages/koa/src", "import type { a }"))).toEqual([]);
    expect(check(ring("packages/core/src/words", "import type { a }"))).toEqual([sentence]);
  });

  test("what is allowed is let through", () => {
    expect(
      check({
        "packages/core/src/index.ts": 'export { x } from "./seam/x.ts";',
        "packages/core/src/seam/x.ts": 'export { x } from "../words/x.ts"; import "./y.ts";',
        "packages/core/src/seam/y.ts": 'import { z } from "../outside/http.ts"; import { jwtVerify } from "jose";',
        "packages/core/src/outside/http.ts": 'import type { X } from "undici"; const z = await import("undici");',
        "packages/core/src/words/x.ts": 'import type { X } from "undici"; import { y } from "node:crypto";',
        "packages/testing/src/a.ts": 'import { x } from "@cloudbase-auth/emulator";',
        "packages/express/src/index.ts": 'export * from "./a.ts"; export type { X } from "./a.ts";',
        "packages/express/src/a.ts": 'import { x } from "@cloudbase-auth/core/adapter"; import type e from "express";',
        "packages/fastify/src/index.ts": 'export { x as default } from "./a.ts";',
        "packages/fastify/src/a.ts": "export const x = 1;",
        "packages/cli/src/routes/load-from-app.ts": "await import(entry);",
        "examples/tour/a.ts": 'import "@cloudbase-auth/emulator"; import "@cloudbase-auth/express"; import "./b.ts";',
        "examples/tour/b.ts": "export default 1;",
      }),
    ).toEqual([]);
  });
});
