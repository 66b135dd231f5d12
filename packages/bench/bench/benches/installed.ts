import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Outcome } from "../bench.ts";
import { contenders } from "../installed/contenders.ts";
import { install, pack } from "../installed/install.ts";

async function run(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "packed-"));
  try {
    const tarballs = await pack(folder);
    const rows = [];
    for (const contender of contenders) rows.push({ contender, found: await install(contender, tarballs) });
    const ours = rows.find(({ contender }) => contender.label === "@cloudbase-auth/express");
    return {
      measures: {
        "packages of @cloudbase-auth/express": { value: ours?.found.packages ?? 0 },
        "bytes of @cloudbase-auth/express": { value: ours?.found.bytes ?? 0 },
      },
      tables: [
        {
          title: "Installed, beside the framework",
          head: ["", "packages", "on disk", "of that JavaScript"],
          rows: rows.map(({ contender, found: { packages, bytes, scriptBytes } }) => [
            contender.label,
            String(packages),
            megabytes(bytes),
            megabytes(scriptBytes),
          ]),
          note: "Installed by npm into an empty folder, without peers. Ours bring their sources and source maps, so that a debugger shows TypeScript.",
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(2)} MB`;
}

export const installed: Bench = {
  name: "installed",
  about: "how many packages, and how large, @cloudbase-auth and its peers are when they are installed",
  timed: false,
  run,
};
