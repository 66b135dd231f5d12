import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

export const root = new URL("../../../", import.meta.url).pathname;
const run = promisify(execFile);

/** Runs a command to its end; what it wrote is in the error if it failed. */
export async function command(file: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(file, [...args], { cwd, timeout: 300_000, maxBuffer: 64 * 1_048_576 });
    return stdout;
  } catch (cause) {
    const { stdout, stderr } = Object(cause) as { readonly stdout?: unknown; readonly stderr?: unknown };
    throw new Error(`${file} ${args.join(" ")}: ${String(stdout)}${String(stderr)}`.slice(0, 4_000), { cause });
  }
}

/** The command of a package on the registry, without npx in front of it each time. */
export async function commandOf(specification: string, name: string): Promise<string> {
  const stdout = await command("npx", ["--yes", "-p", specification, "-c", `command -v ${name}`], root);
  return stdout.trim();
}

/** The folders of `packages` that are published. */
export function publicPackages(): readonly string[] {
  return readdirSync(`${root}packages`).filter((name) => {
    const manifest: unknown = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8"));
    return !(typeof manifest === "object" && manifest !== null && "private" in manifest && manifest.private === true);
  });
}

/** Packs every public package; answers the tarballs by package, without the scope. */
export async function pack(folder: string): Promise<ReadonlyMap<string, string>> {
  const filters = publicPackages().flatMap((name) => ["--filter", `@cloudbase-auth/${name}`]);
  await command("npx", ["--yes", "pnpm@12", "-r", ...filters, "pack", "--pack-destination", folder], root);
  return tarballsIn(folder);
}

export function tarballsIn(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder).flatMap((file) => {
      const name = /^cloudbase-auth-(.+)-\d+\.\d+\.\d+.*\.tgz$/.exec(file)?.[1];
      return name === undefined ? [] : [[name, `${folder}/${file}`] as const];
    }),
  );
}
