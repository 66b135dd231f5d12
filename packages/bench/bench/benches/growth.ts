import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Context, Measure, Outcome } from "../bench.ts";
import { startChild } from "../child.ts";
import type { Child } from "../child.ts";
import type { Effort } from "../effort.ts";
import { numberOf } from "../messages.ts";
import { say } from "../progress.ts";
import { formatNumber, measureOf, timesTable } from "../report/timings.ts";
import { startLoadMaker } from "../start-load.ts";
import { ratioOf } from "../statistics.ts";

const worker = new URL("../growth/worker.ts", import.meta.url);

interface Size {
  readonly name: string;
  readonly args: readonly [kind: "ours" | "map", live: number, environments: number];
}

interface Running {
  readonly name: string;
  readonly child: Child;
}

type Timed = Map<string, { readonly cpu: number[]; readonly wall: number[] }>;

async function run({ effort }: Context): Promise<Outcome> {
  const [few, many] = [1_000, effort.liveTokens];
  const sizes: readonly Size[] = [
    { name: "1,000 tokens, 1 environment", args: ["ours", few, 1] },
    { name: `${formatNumber(many)} tokens, 1 environment`, args: ["ours", many, 1] },
    { name: "1,000 tokens, 8 environments", args: ["ours", few, 8] },
    { name: "bare Map, 1,000 tokens", args: ["map", few, 1] },
    { name: `bare Map, ${formatNumber(many)} tokens`, args: ["map", many, 1] },
  ];
  say(`growth: signing and checking ${formatNumber(many)} tokens`);
  const children = sizes.map(({ name, args }) => ({ name, child: startChild(worker, args.map(String)) }));
  const ours = children.slice(0, 3);
  try {
    const calls = await measureCalls(children, effort);
    const routes = await measureRoutes(ours, effort);
    const overFirst = (index: number): Measure => {
      const cpu = (at: number): readonly number[] => routes.get(ours[at]?.name ?? "")?.cpu ?? [];
      return measureOf(ratioOf(cpu(index), cpu(0)));
    };
    const first = sizes[0]?.name ?? "";
    return {
      measures: { "100,000 live tokens over 1,000": overFirst(1), "8 environments over 1": overFirst(2) },
      tables: [
        timesTable("A request with a known token as work grows, on Fastify", routes, first),
        {
          ...timesTable("Of that, `authenticate` alone", calls, first),
          note: "Tokens in no order, in fresh strings. A bare Map, keyed by the whole header, shows what memory itself costs: what is spread over 150 MB is not in the processor's cache.",
        },
      ],
    };
  } finally {
    await Promise.all(children.map(({ child }) => child.stop()));
  }
}

async function measureCalls(children: readonly Running[], effort: Effort): Promise<Timed> {
  const timings: Timed = new Map(children.map(({ name }) => [name, { cpu: [], wall: [] }]));
  for (const { child } of children) await child.ask("round", { checks: 10_000 });
  for (let round = 0; round < effort.growthRounds; round += 1) {
    for (const { name, child } of children) {
      const used = await child.ask("round", { checks: effort.quick ? 1_000 : 20_000 });
      timings.get(name)?.cpu.push(numberOf(used, "cpuMicros"));
      timings.get(name)?.wall.push(numberOf(used, "wallMicros"));
    }
  }
  return timings;
}

async function measureRoutes(children: readonly Running[], effort: Effort): Promise<Timed> {
  const timings: Timed = new Map(children.map(({ name }) => [name, { cpu: [], wall: [] }]));
  const loadMaker = startLoadMaker();
  const folder = mkdtempSync(join(tmpdir(), "bench-growth-"));
  try {
    const servers: { readonly running: Running; readonly port: number; readonly file: string }[] = [];
    for (const running of children) {
      const file = join(folder, String(servers.length));
      servers.push({ running, file, port: numberOf(await running.child.ask("listen", { file }), "port") });
    }
    // The first rounds warm up.
    for (let round = -2; round < effort.growthRounds; round += 1) {
      for (const { running, port, file } of servers) {
        const amount = effort.growthRequests;
        const plan = { tokens: file, from: (round + 2) * amount, count: amount, connections: 50, amount };
        const before = numberOf(await running.child.ask("cpu"), "micros");
        const seen = await loadMaker.send(port, plan);
        const used = numberOf(await running.child.ask("cpu"), "micros") - before;
        if (seen["accepted"] !== amount) throw new Error(`${running.name}: not all were let in`);
        if (round < 0) continue;
        timings.get(running.name)?.cpu.push(used / amount);
        timings.get(running.name)?.wall.push(1_000_000 / numberOf(seen, "perSecond"));
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
    await loadMaker.stop();
  }
  return timings;
}

export const growth: Bench = {
  name: "growth",
  about: "a known token among 1,000 and among 100,000, in 1 and in 8 environments",
  timed: true,
  run,
};
