import { posix } from "node:path";
import { parseFile } from "./imports.ts";
import type { Import } from "./imports.ts";

export interface SourceFile {
  /** From the root of the workspace, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Manifest {
  /** From the root of the workspace: `packages/core`. */
  readonly directory: string;
  readonly name: string;
  /** Keys of `exports`: `.`, `./adapter`. */
  readonly exports: readonly string[];
  /** Names in `dependencies` and `peerDependencies`. */
  readonly dependencies: readonly string[];
}

const scope = "@cloudbase-auth/";

/** Which of our packages each may import; a package that is not here has no place in the house yet. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  emulator: [],
  express: ["core", "sessions"],
  koa: ["core", "sessions"],
  fastify: ["core", "sessions"],
  sessions: ["core"],
  redis: ["core", "sessions"],
  testing: ["core", "sessions", "emulator"],
  cli: ["core", "sessions"],
  "adapter-contract": ["core", "emulator"],
};
const examplesMayImport = ["core", "emulator", "express", "fastify", "koa", "redis", "sessions", "testing"];

const coreDependencies = ["jose", "lru-cache", "undici"];
const coreFloors = ["words", "protocol", "outside", "seam"];
/** The only place that sends a request; undici costs too much to load before the first one. */
const requestSender = "packages/core/src/outside/http.ts";
/** The only place where what the users of OpenTelemetry have beside us may be imported. */
const telemetryRoom = "packages/core/src/opentelemetry/";
/** The only place that loads what somebody names when the command runs. */
const entryLoader = "packages/cli/src/routes/load-from-app.ts";

const vagueName = /^(?:utils?|helpers?|commons?|types?|misc)$/;
const maxLines = 250;

/** Everything in the files that the layout of the house forbids, as `path:line: sentence`. */
export function findViolations(files: readonly SourceFile[], manifests: readonly Manifest[]): string[] {
  const parsed = files.map((file) => ({ ...file, ...parseFile(file.path, file.text) }));
  const byPath = new Map(parsed.map((file) => [file.path, file]));
  const violations = parsed.flatMap((file) => {
    const owner = manifests.find(({ directory }) => file.path.startsWith(`${directory}/`));
    if (owner === undefined) return [`${file.path}: belongs to no package`];
    const ofImports = file.imports.flatMap((found) => {
      const sentence = judgeImport(file.path, owner, found, manifests, byPath);
      return sentence === undefined ? [] : [`${file.path}:${found.line}: ${sentence}`];
    });
    return [...ofImports, ...judgeFile(file, owner).map((sentence) => `${file.path}: ${sentence}`)];
  });
  return [...violations, ...findCycles(new Map(parsed.map(({ path, imports }) => [path, imports])))];
}

function judgeFile(file: SourceFile & ReturnType<typeof parseFile>, owner: Manifest): string[] {
  if (!isSource(file.path)) return [];
  const sentences: string[] = [];
  const lines = file.text.trimEnd().split("\n").length;
  if (lines > maxLines) sentences.push(`has ${lines} lines, more than ${maxLines}`);
  const inside = file.path.slice(owner.directory.length + "/src/".length).split("/");
  const vague = inside.map((part) => part.replace(/\..*$/, "")).find((part) => vagueName.test(part));
  if (vague !== undefined) sentences.push(`is named ${vague}, which says nothing of what is inside`);
  if (inside.join("/") === "index.ts" && !file.onlyReExports) sentences.push("does more than export");
  if (file.hasDefaultExport && owner.name !== `${scope}fastify`) sentences.push("has a default export");
  return sentences;
}

function judgeImport(
  path: string,
  owner: Manifest,
  found: Import,
  manifests: readonly Manifest[],
  byPath: ReadonlyMap<string, unknown>,
): string | undefined {
  const { specifier } = found;
  if (specifier === undefined) return path === entryLoader ? undefined : "loads a module whose name is computed";
  if (specifier.startsWith(".")) return judgeRelative(path, owner, specifier, byPath);
  if (/^(?:node:|[/#]|[a-z]+:)/.test(specifier)) {
    return specifier.startsWith("node:") ? undefined : `imports ${specifier}, which is no package`;
  }
  const name = packageOf(specifier);
  if (!owner.dependencies.includes(name)) {
    return `imports ${name}, which is neither among dependencies nor peerDependencies`;
  }
  if (name.startsWith(scope)) return judgeOurs(owner, specifier, name, manifests);
  if (owner.name !== `${scope}core`) return undefined;
  if (name === "@opentelemetry/api") {
    return path.startsWith(telemetryRoom) ? undefined : `imports ${name}; only ${telemetryRoom} may`;
  }
  if (!coreDependencies.includes(name))
    return `core imports ${name}; it may import ${coreDependencies.join(", ")} only`;
  if (name !== "undici" || found.kind === "type") return undefined;
  if (path !== requestSender) return `loads undici; only ${requestSender} sends requests`;
  return found.kind === "static" ? "loads undici at once; it may do so at the first request only" : undefined;
}

function judgeRelative(
  path: string,
  owner: Manifest,
  specifier: string,
  byPath: ReadonlyMap<string, unknown>,
): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith(`${owner.directory}/`)) return `imports ${specifier}, out of its package`;
  if (isSource(path) && !target.startsWith(`${owner.directory}/src/`)) return `imports ${specifier}, out of src`;
  if (!byPath.has(target)) return `imports ${specifier}, which is not there`;
  if (owner.name !== `${scope}core`) return undefined;
  const [from, to] = [floorOf(path), floorOf(target)];
  return from < to ? `is on floor ${floorName(from)} and imports ${specifier} from above` : undefined;
}

function judgeOurs(
  owner: Manifest,
  specifier: string,
  name: string,
  manifests: readonly Manifest[],
): string | undefined {
  const allowed = owner.directory.startsWith("examples/")
    ? examplesMayImport
    : mayImport[owner.name.slice(scope.length)];
  if (allowed === undefined) return `is in ${owner.name}, which the layering test does not know`;
  if (!allowed.includes(name.slice(scope.length))) return `imports ${name}; ${owner.name} may not`;
  const door = `.${specifier.slice(name.length)}`;
  const exported = manifests.find((manifest) => manifest.name === name)?.exports ?? [];
  return exported.includes(door) ? undefined : `imports ${specifier}, an internal of ${name}`;
}

/** Files that import each other in a ring, each ring once. Outside core, types may: they are gone when the code runs. */
function findCycles(graph: ReadonlyMap<string, readonly Import[]>): string[] {
  const cycles: string[] = [];
  const finished = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push(`${path}: imports itself by way of ${[...trail.slice(trail.indexOf(path) + 1), path].join(" → ")}`);
      return;
    }
    if (finished.has(path)) return;
    for (const { specifier, kind } of graph.get(path) ?? []) {
      if (kind === "type" && !path.startsWith("packages/core/")) continue;
      if (specifier?.startsWith(".")) walk(posix.join(posix.dirname(path), specifier), [...trail, path]);
    }
    finished.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return cycles;
}

function isSource(path: string): boolean {
  return /^packages\/[^/]+\/src\//.test(path);
}

/** The doors (`index.ts`, `adapter.ts`) are above all floors. */
function floorOf(path: string): number {
  const room = path.split("/")[3] ?? "";
  const floor = coreFloors.indexOf(room);
  return floor === -1 ? coreFloors.length : floor;
}

function floorName(floor: number): string {
  return coreFloors[floor] ?? "doors";
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
