import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { createEmulator } from "@cloudbase-auth/emulator";
import { faultsOf } from "./ask.ts";
import { kindsOf } from "./kinds.ts";
import type { Kind } from "./kinds.ts";
import { coveringRows, everyRow, managers, nodes } from "./matrix.ts";
import type { Row } from "./matrix.ts";
import { createProject, programs } from "./project.ts";
import { commandOf, pack, publicPackages, tarballsIn } from "./tools.ts";

const options = new Command("consumers")
  .description("Installs the packed packages as their users do, and asks a guarded server that was written with them.")
  .option("--covering", "only as many combinations as bring every two values together")
  .option("--tarballs <folder>", "packed already; by default they are packed from dist, so build first")
  .option("--only <text>", "only those whose name has this in it")
  .parse()
  .opts<{ readonly covering?: true; readonly tarballs?: string; readonly only?: string }>();

process.exitCode = await main();

async function main(): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), "consumers-"));
  const emulator = await createEmulator({ envId: "demo" });
  try {
    const tarballs = options.tarballs === undefined ? await packInto(work) : tarballsIn(options.tarballs);
    const missing = publicPackages().filter((name) => !tarballs.has(name));
    if (missing.length > 0) throw new Error(`there is no tarball of ${missing.join(", ")}`);
    const kinds = kindsOf(publicPackages());
    const rows = (options.covering ? coveringRows(kinds) : everyRow(kinds)).filter(({ kind, manager, node, flavour }) =>
      `${kind.name} ${manager} ${node} ${flavour}`.includes(options.only ?? ""),
    );
    const pnpm = await commandOf("pnpm@12", "pnpm");
    const nodeOf = new Map<string, string>();
    for (const version of nodes) nodeOf.set(version, await commandOf(`${nodePackage()}@${version}`, "node"));
    const token = await emulator.issueToken({ sub: "consumer-1" });
    const about = { endpoint: emulator.endpoint, token, userId: "consumer-1" };

    // A folder for each kind and manager; its rows are run in it, one after the other.
    const projects = kinds
      .flatMap((kind) => managers.map((manager) => rows.filter((row) => row.kind === kind && row.manager === manager)))
      .filter((of) => of.length > 0);
    const failed: string[] = [];
    const queue = projects.entries();
    const workOff = async (): Promise<void> => {
      for (const [index, of] of queue) {
        const folder = join(work, String(index));
        failed.push(...(await runProject(folder, of, tarballs, pnpm, nodeOf, about)));
        rmSync(folder, { recursive: true, force: true });
      }
    };
    await Promise.all([workOff(), workOff()]); // two at a time, one for each core of the smallest machine
    console.log(`${String(rows.length - failed.length)} consumers answer, ${String(failed.length)} do not`);
    return failed.length === 0 && rows.length > 0 ? 0 : 1;
  } finally {
    await emulator.close();
    rmSync(work, { recursive: true, force: true });
  }
}

function packInto(work: string): ReturnType<typeof pack> {
  mkdirSync(join(work, "tarballs"));
  return pack(join(work, "tarballs"));
}

/** Runs the rows of one folder, says a line for each, and answers those that failed. */
async function runProject(
  folder: string,
  rows: readonly Row<Kind>[],
  tarballs: ReadonlyMap<string, string>,
  pnpm: string,
  nodeOf: ReadonlyMap<string, string>,
  about: Parameters<typeof faultsOf>[4],
): Promise<readonly string[]> {
  const failed: string[] = [];
  const [first] = rows;
  if (first === undefined) return failed;
  const isCompiled = rows.some(({ flavour }) => flavour !== "JavaScript");
  const problem = await createProject(folder, first.kind, first.manager, tarballs, pnpm, isCompiled).catch(String);
  for (const { kind, flavour, manager, node } of rows) {
    const name = `${kind.name}, ${flavour}, ${manager}, Node ${node}`;
    const binary = nodeOf.get(node) ?? node;
    const faults =
      problem === undefined
        ? await faultsOf(binary, programs[flavour], folder, kind.servers, about).catch((error: unknown) => [
            String(error),
          ])
        : [problem];
    console.log(`${faults.length === 0 ? "ok    " : "FAILED"}  ${name}`);
    for (const fault of faults) console.log(`        ${fault}`);
    if (faults.length > 0) failed.push(name);
  }
  return failed;
}

/** The package that has this machine's Node in it. */
function nodePackage(): string {
  return `node-linux-${process.arch}`;
}
