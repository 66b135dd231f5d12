import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What to unpack, and of which Debian, if not of the machine's own. */
export interface DebianPackages {
  readonly names: readonly string[];
  readonly suite?: string;
}

/** Unpacks packages of Debian into a folder, without root and without touching the system. It does so once. */
export function unpackDebian({ names, suite }: DebianPackages, destination: string, env = process.env): void {
  if (existsSync(destination)) return;
  mkdirSync(dirname(destination), { recursive: true });
  const scratch = mkdtempSync(`${destination}-unpacking-`);
  try {
    for (const folder of ["lists/partial", "archives/partial", "root"]) {
      mkdirSync(join(scratch, folder), { recursive: true });
    }
    const options = [
      ...[`Dir::State::Lists=${scratch}/lists`, `Dir::Cache=${scratch}`, `Dir::Cache::archives=${scratch}/archives`],
      ...(suite === undefined ? [] : sourcesOf(suite, scratch)),
      ...["APT::Sandbox::User=", "Debug::NoLocking=1"],
    ];
    const flags = options.flatMap((option) => ["-o", option]);
    const run = (command: string, args: readonly string[]): void => {
      execFileSync(command, args, { cwd: scratch, stdio: "pipe", timeout: 120_000, env });
    };
    run("apt-get", [...flags, "update"]);
    run("apt-get", [...flags, "download", ...names]);
    for (const file of readdirSync(scratch).filter((name) => name.endsWith(".deb"))) {
      run("dpkg-deb", ["-x", file, "root"]);
    }
    // Two test files may do this at once: the first to be ready counts.
    if (!existsSync(destination)) renameSync(join(scratch, "root"), destination);
  } catch (error) {
    if (!existsSync(destination)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function sourcesOf(suite: string, scratch: string): readonly string[] {
  const list = join(scratch, "sources.list");
  const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
  writeFileSync(list, `deb [signed-by=${keys}] http://deb.debian.org/debian ${suite} main\n`);
  return [`Dir::Etc::sourcelist=${list}`, "Dir::Etc::sourceparts=/dev/null"];
}
