import type { Bench, Context, Outcome } from "../bench.ts";
import { startChild } from "../child.ts";
import { numberOf } from "../messages.ts";
import { say } from "../progress.ts";
import { formatNumber, measureOf, timesTable } from "../report/timings.ts";
import { ratioOf } from "../statistics.ts";

const worker = new URL("../growth/worker.ts", import.meta.url);

async function run({ effort }: Context): Promise<Outcome> {
  const few = 1_000;
  const many = effort.liveTokens;
  const sizes = [
    { name: "1,000 tokens, 1 environment", args: ["ours", few, 1] },
    { name: `${formatNumber(many)} tokens, 1 environment`, args: ["ours", many, 1] },
    { name: "1,000 tokens, 8 environments", args: ["ours", few, 8] },
    { name: "bare Map, 1,000 tokens", args: ["map", few, 1] },
    { name: `bare Map, ${formatNumber(many)} tokens`, args: ["map", many, 1] },
  ] as const;
  say(`growth: signing and checking ${formatNumber(many)} tokens`);
  const children = sizes.map(({ name, args }) => ({ name, child: startChild(worker, args.map(String)) }));
  const timings = new Map(sizes.map(({ name }) => [String(name), { cpu: [] as number[], wall: [] as number[] }]));
  try {
    for (const { child } of children) await child.ask("round", { portions: 20 });
    for (let round = 0; round < 2 * effort.rounds; round += 1) {
      for (const { name, child } of children) {
        const used = await child.ask("round", { portions: effort.quick ? 2 : 40 });
        timings.get(name)?.cpu.push(numberOf(used, "cpuMicros"));
        timings.get(name)?.wall.push(numberOf(used, "wallMicros"));
      }
    }
  } finally {
    await Promise.all(children.map(({ child }) => child.stop()));
  }
  const cpu = (index: number): readonly number[] => timings.get(sizes[index]?.name ?? "")?.cpu ?? [];
  return {
    measures: {
      "100,000 live tokens over 1,000": measureOf(ratioOf(cpu(1), cpu(0))),
      "8 environments over 1": measureOf(ratioOf(cpu(2), cpu(0))),
    },
    tables: [
      {
        ...timesTable("Cost of a known token as work grows", timings, sizes[0].name),
        note: "Tokens at random, in fresh strings. The bare Map, keyed by the whole header, shows what memory itself costs.",
      },
    ],
  };
}

export const growth: Bench = {
  name: "growth",
  about: "a known token among 1,000 and among 100,000, in 1 and in 8 environments",
  timed: true,
  run,
};
