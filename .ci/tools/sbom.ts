// node .ci/tools/sbom.ts FOLDER: writes a CycloneDX bill of materials for every public package, and holds each against
// pnpm-lock.yaml: the same packages with the same digests. What may be there or not: builds for other platforms, and
// the peers of dependencies.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const root = resolve(import.meta.dirname, "../..");
const [folder = ""] = process.argv.slice(2);
if (folder === "") throw new TypeError("say which folder: node .ci/tools/sbom.ts FOLDER");
mkdirSync(folder, { recursive: true });

const lockfile: unknown = parse(readFileSync(join(root, "pnpm-lock.yaml"), "utf8"));
const names = readdirSync(join(root, "packages")).filter(
  (name) => at(manifestOf(`packages/${name}`), "private") !== true,
);
const filters = names.flatMap((name) => ["--filter", `@cloudbase-auth/${name}`]);
const out = join(resolve(folder), "%s.cdx.json");
const args = ["--yes", "pnpm@12", "sbom", "--sbom-format", "cyclonedx", "--prod", "--split", "--out", out, ...filters];
execFileSync("npx", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });

let isSame = true;
for (const name of names) {
  const bill = readJson(join(folder, `cloudbase-auth-${name}.cdx.json`));
  const components = listAt(bill, "components");
  const listed = components.map(lineOf).toSorted();
  const locked = closureOf(`packages/${name}`, false);
  const possible = closureOf(`packages/${name}`, true);
  const wrong = [
    ...[...locked]
      .filter(([line, isOptional]) => !isOptional && !listed.includes(line))
      .map(([line]) => `not in the bill: ${line}`),
    ...listed.filter((line) => !possible.has(line)).map((line) => `not in the lockfile: ${line}`),
    ...components.filter((one) => listAt(one, "licenses").length === 0).map((one) => `no license: ${lineOf(one)}`),
    ...(at(bill, "bomFormat") === "CycloneDX" ? [] : ["it is not CycloneDX"]),
  ];
  if (wrong.length > 0) isSame = false;
  console.log(`${name}: ${String(listed.length)} components${wrong.map((line) => `\n  ${line}`).join("")}`);
}
process.exitCode = isSame ? 0 : 1;

/** Name, version and SHA-512 of everything that a package brings with it, by the lockfile; and whether it may lack. */
function closureOf(importer: string, withPeers: boolean): ReadonlyMap<string, boolean> {
  const lines = new Map<string, boolean>();
  const visitAll = (dependencies: Readonly<Record<string, unknown>>, from: string, without: unknown): void => {
    for (const [name, version] of Object.entries(dependencies)) {
      if (at(without, name) === undefined) visit(name, text(version), from);
    }
  };
  const visit = (name: string, version: string, from: string): void => {
    if (version.startsWith("link:")) {
      const path = join(from, version.slice("link:".length));
      lines.set(`${name}@${text(at(manifestOf(path), "version"))}`, false);
      return visitImporter(path);
    }
    const isAlias = version.replace(/\(.*$/, "").includes("@", 1);
    const id = isAlias ? version : `${name}@${version}`;
    const bare = id.replace(/\(.*$/, "");
    const entry = at(lockfile, "packages", bare);
    const digest = Buffer.from(text(at(entry, "resolution", "integrity")).slice("sha512-".length), "base64");
    const line = `${bare} ${digest.toString("hex")}`;
    if (lines.has(line)) return;
    lines.set(line, at(entry, "os") !== undefined || at(entry, "cpu") !== undefined);
    const snapshot = at(lockfile, "snapshots", id);
    visitAll(
      { ...recordAt(snapshot, "dependencies"), ...recordAt(snapshot, "optionalDependencies") },
      from,
      withPeers ? undefined : at(entry, "peerDependencies"),
    );
  };
  const visitImporter = (path: string): void => {
    const all = {
      ...recordAt(lockfile, "importers", path, "dependencies"),
      ...recordAt(lockfile, "importers", path, "optionalDependencies"),
    };
    visitAll(Object.fromEntries(Object.entries(all).map(([name, of]) => [name, at(of, "version")])), path, undefined);
  };
  visitImporter(importer);
  return lines;
}

function lineOf(component: unknown): string {
  const group = at(component, "group");
  const name = `${group === undefined ? "" : `${text(group)}/`}${text(at(component, "name"))}`;
  const source = listAt(component, "externalReferences").find((one) => at(one, "type") === "distribution");
  const digest = at(listAt(source, "hashes")[0], "content");
  return `${name}@${text(at(component, "version"))}${digest === undefined ? "" : ` ${text(digest)}`}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function manifestOf(path: string): unknown {
  return readJson(join(root, path, "package.json"));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What lies there; `undefined` where nothing does. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    const next: unknown = typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined;
    return next;
  }, value);
}

function recordAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const inner = at(value, ...path);
  return typeof inner === "object" && inner !== null ? Object.fromEntries(Object.entries(inner)) : {};
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const inner = at(value, key);
  return Array.isArray(inner) ? inner : [];
}
