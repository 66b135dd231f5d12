import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Contender } from "./contenders.ts";

const run = promisify(execFile);
const root = new URL("../../../../", import.meta.url).pathname;

export interface Installed {
  readonly packages: number;
  readonly bytes: number;
  /** Of these, what Node would load: no types, no source maps, no sources, no pages. */
  readonly scriptBytes: number;
}

/** Packs ours from `dist`; answers the tarballs by folder. */
export async function pack(into: string): Promise<ReadonlyMap<string, string>> {
  const names = ["core", "express", "koa", "fastify"];
  const filters = names.flatMap((name) => ["--filter", `@cloudbase-auth/${name}`]);
  await run("npx", ["--yes", "pnpm@12", "-r", ...filters, "pack", "--pack-destination", into], { cwd: root });
  return new Map(
    names.map((name) => {
      const file = readdirSync(into).find((candidate) => candidate.startsWith(`cloudbase-auth-${name}-`));
      if (file === undefined) throw new Error(`${name} was not packed`);
      return [name, join(into, file)];
    }),
  );
}

/** Installs a contender into a folder of its own, and counts what is there then. */
export async function install(contender: Contender, tarballs: ReadonlyMap<string, string>): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), "installed-"));
  try {
    const ours = (contender.ours ?? []).map((name) => tarballs.get(name) ?? name);
    const theirs = (contender.theirs ?? []).map((name) => `${name}@${versionOf(name)}`);
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    // Without peers: those are the framework, which is there already.
    const options = ["--legacy-peer-deps", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["install", ...options, ...ours, ...theirs], { cwd: folder });
    return count(join(folder, "node_modules"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(modules: string): Installed {
  let [packages, bytes, scriptBytes] = [0, 0, 0];
  for (const path of readdirSync(modules, { recursive: true, encoding: "utf8" })) {
    const entry = statSync(join(modules, path));
    if (!entry.isFile() || path.startsWith(".")) continue;
    bytes += entry.size;
    if (/\.[cm]?js$/.test(path)) scriptBytes += entry.size;
    if (/(?:^|node_modules\/)(?:@[^/]+\/)?[^@/][^/]*\/package\.json$/.test(path)) packages += 1;
  }
  return { packages, bytes, scriptBytes };
}

function versionOf(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const version = memberOf(memberOf(manifest, "dependencies"), name);
  if (typeof version !== "string") throw new Error(`${name} is no dependency of the bench`);
  return version;
}

function memberOf(value: unknown, name: string): unknown {
  const member: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return member;
}
