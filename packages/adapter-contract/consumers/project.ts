import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import type { Kind } from "./kinds.ts";
import { sourceOf } from "./kinds.ts";
import type { Row } from "./matrix.ts";
import { command, root } from "./tools.ts";

const say = readFileSync(new URL("apps/say.ts", import.meta.url), "utf8");

/** Where the program lies in a consumer's folder, by what its author writes. */
export const programs = { TypeScript: "out/main.mjs", CommonJS: "out/main.cjs", JavaScript: "main.js" } as const;

/** A folder with a consumer in it, in all three flavours, and everything installed by one package manager; compiled if need be. */
export async function createProject(
  folder: string,
  kind: Kind,
  manager: Row<Kind>["manager"],
  tarballs: ReadonlyMap<string, string>,
  pnpm: string,
  isCompiled: boolean,
): Promise<void> {
  mkdirSync(folder);
  // The inner dependencies are on no registry yet: wherever one of ours is asked for, its tarball is what answers.
  const ours = Object.fromEntries([...tarballs].map(([name, file]) => [`@cloudbase-auth/${name}`, `file:${file}`]));
  const isDirect = (name: string): boolean => kind.packages.some((one) => name === `@cloudbase-auth/${one}`);
  const direct = Object.entries(ours).filter(([name]) => isDirect(name));
  const manifest = {
    ...{ name: "consumer", private: true, type: "module" },
    dependencies: { ...Object.fromEntries<string>(direct), "@types/node": "^22.20.5", ...kind.others },
    ...(manager === "npm" && { overrides: ours }),
  };
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("package.json", JSON.stringify(manifest, null, 2));
  if (manager === "pnpm") write("pnpm-workspace.yaml", `overrides: ${JSON.stringify(ours)}\n`);

  const source = sourceOf(kind);
  for (const letter of ["m", "c"]) {
    write(`main.${letter}ts`, source.replace("./say.ts", `./say.${letter}js`));
    write(`say.${letter}ts`, say);
  }
  write("main.js", stripTypeScriptTypes(source.replace("./say.ts", "./say.js")));
  write("say.js", stripTypeScriptTypes(say));
  const compilerOptions = {
    ...{ target: "es2024", lib: ["es2024"], module: "nodenext", types: ["node"], strict: true, outDir: "out" },
    skipLibCheck: kind.skipLibCheck,
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["*.mts", "*.cts"] }));

  if (manager === "pnpm") await command(pnpm, ["install", "--prefer-offline", "--reporter=silent"], folder);
  else await command("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  if (isCompiled) await command(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], folder);
}
