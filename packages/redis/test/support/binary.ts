import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

/** How to start a Redis or a Valkey. */
export interface ServerBinary {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

const packages = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1"];
const cache = join(import.meta.dirname, "../../../../node_modules/.cache/redis");

/**
 * `redis-server` or `valkey-server` on PATH, else Debian's package, unpacked below node_modules without root and without
 * touching the system.
 */
export function findServer(): ServerBinary {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const name of ["redis-server", "valkey-server"]) {
    const folder = folders.find((candidate) => existsSync(join(candidate, name)));
    if (folder !== undefined) return { command: join(folder, name), env: process.env };
  }
  const unpacked = join(cache, "root");
  if (!existsSync(unpacked)) unpackTo(unpacked);
  const libraries = globSync(join(unpacked, "usr/lib/*-linux-*")).join(":");
  return { command: join(unpacked, "usr/bin/redis-server"), env: { ...process.env, LD_LIBRARY_PATH: libraries } };
}

function unpackTo(destination: string): void {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, "unpacking-"));
  try {
    for (const folder of ["lists/partial", "archives/partial", "root"]) {
      mkdirSync(join(scratch, folder), { recursive: true });
    }
    const options = [
      `Dir::State::Lists=${scratch}/lists`,
      `Dir::Cache=${scratch}`,
      `Dir::Cache::archives=${scratch}/archives`,
    ];
    const flags = [...options, "APT::Sandbox::User=", "Debug::NoLocking=1"].flatMap((option) => ["-o", option]);
    const run = (command: string, args: readonly string[]): void => {
      execFileSync(command, args, { cwd: scratch, stdio: "pipe", timeout: 120_000 });
    };
    run("apt-get", [...flags, "update"]);
    run("apt-get", [...flags, "download", ...packages]);
    for (const file of readdirSync(scratch).filter((name) => name.endsWith(".deb"))) {
      run("dpkg-deb", ["-x", file, "root"]);
    }
    // Two test files may do this at once: the first to be ready counts.
    if (!existsSync(destination)) renameSync(join(scratch, "root"), destination);
  } catch (cause) {
    if (existsSync(destination)) return;
    throw new Error(
      "the tests of @cloudbase-auth/redis need redis-server or valkey-server >= 7 on PATH (Debian: apt-get install redis-server)",
      { cause },
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
