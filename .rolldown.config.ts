import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { RolldownOptions } from "rolldown";

/** What is read of a package.json. */
interface Manifest {
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, string | { readonly "@cloudbase-auth/source"?: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * A published package is one file for each of its doors, and one for what they share: `import` of core took three times
 * as long with a file for each module. The types stay as tsc writes them, and the sources are in the package.
 */
const packages = globSync("packages/*/package.json")
  .map((file) => ({ folder: dirname(file), manifest: JSON.parse(readFileSync(file, "utf8")) as Manifest }))
  .filter(({ folder, manifest }) => manifest.private !== true && existsSync(`${folder}/tsconfig.build.json`));

export default packages.map(({ folder, manifest }): RolldownOptions => ({
  cwd: resolve(folder),
  input: Object.fromEntries(sourcesOf(manifest).map((source) => [basename(source, ".ts"), source])),
  external: dependenciesOf(manifest).map((name) => new RegExp(`^${name}(?:/|$)`)),
  platform: "node",
  output: {
    ...{ dir: "dist", format: "esm", sourcemap: true, cleanDir: true },
    codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] },
    chunkFileNames: "[name].js",
  },
}));

function dependenciesOf({ dependencies, peerDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies });
}

function sourcesOf({ exports, bin = {} }: Manifest): string[] {
  const doors = Object.values(exports).flatMap((door) =>
    typeof door === "string" ? [] : (door["@cloudbase-auth/source"] ?? []),
  );
  const commands = Object.values(bin).map((file) => `./src/${basename(file, ".js")}.ts`);
  return [...doors, ...commands];
}
