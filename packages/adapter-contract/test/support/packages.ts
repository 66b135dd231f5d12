import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./processes.ts";

/** What a package.json says, as far as anybody here asks. */
export type Manifest = Readonly<Record<string, unknown>>;

/** The published packages: folder below `packages`, and manifest. */
export function publicPackages(): readonly (readonly [name: string, manifest: Manifest])[] {
  return readdirSync(join(root, "packages"))
    .map((name) => [name, readManifest(join(root, "packages", name))] as const)
    .filter(([, manifest]) => manifest["private"] !== true);
}

/** What comes along when a package is installed: its dependencies and theirs, by name and version. */
export function productionDependenciesOf(folder: string): ReadonlyMap<string, Manifest> {
  const found = new Map<string, Manifest>();
  const visit = (from: string): void => {
    for (const name of Object.keys(recordOf(readManifest(from)["dependencies"]))) {
      const inner = installed(from, name);
      const manifest = readManifest(inner);
      const key = `${name}@${String(manifest["version"])}`;
      if (found.has(key)) continue;
      found.set(key, manifest);
      visit(inner);
    }
  };
  visit(folder);
  return found;
}

export function recordOf(value: unknown): Manifest {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

export function readManifest(folder: string): Manifest {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return recordOf(manifest);
}

/** As Node looks for it: in the `node_modules` of the folder and of those above it. */
function installed(from: string, name: string): string {
  for (let folder = realpathSync(from); folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(candidate)) return realpathSync(candidate);
  }
  throw new Error(`${name} is not installed for ${from}`);
}
