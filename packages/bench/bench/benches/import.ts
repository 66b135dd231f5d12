import type { Bench, Context, Outcome } from "../bench.ts";
import { startChild } from "../child.ts";
import { numberOf } from "../messages.ts";
import type { Numbers } from "../messages.ts";
import { formatSpread, measureOf } from "../report/timings.ts";
import { spreadOf } from "../statistics.ts";

const probe = new URL("../import/probe.ts", import.meta.url);
const names = ["jose", "@cloudbase-auth/express"] as const;

async function inFreshProcess(question: string, name = ""): Promise<Numbers> {
  const child = startChild(probe, []);
  try {
    return await child.ask(question, { name });
  } finally {
    await child.stop();
  }
}

async function run({ effort }: Context): Promise<Outcome> {
  if (numberOf(await inFreshProcess("importUndici"), "undiciModules") === 0) {
    throw new Error("the probe does not see undici where it is loaded");
  }
  const samples = new Map(names.map((name) => [name, [] as Numbers[]]));
  for (let round = 0; round < effort.imports; round += 1) {
    for (const name of names) samples.get(name)?.push(await inFreshProcess("import", name));
  }
  const series = (name: (typeof names)[number], what: string): number[] =>
    (samples.get(name) ?? []).map((numbers) => numberOf(numbers, what));
  const jose = series("jose", "cpuMillis");
  const beyond = series("@cloudbase-auth/express", "cpuMillis").map((millis, round) => millis - (jose[round] ?? 0));
  return {
    measures: {
      "milliseconds beyond jose": measureOf(spreadOf(beyond)),
      "undici modules loaded": { value: Math.max(...series("@cloudbase-auth/express", "undiciModules")) },
    },
    tables: [
      {
        title: "Import, in fresh processes",
        head: ["", "CPU ms", "wall ms"],
        rows: names.map((name) => [
          name,
          ...["cpuMillis", "wallMillis"].map((what) => formatSpread(spreadOf(series(name, what)))),
        ]),
      },
    ],
  };
}

export const importCost: Bench = {
  name: "import",
  about: "what `import` of @cloudbase-auth/express costs beyond `import` of jose",
  timed: true,
  run,
};
