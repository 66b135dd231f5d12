import type { Bench, Context, Outcome } from "../bench.ts";
import { startChild } from "../child.ts";
import { numberOf } from "../messages.ts";
import { say } from "../progress.ts";
import { formatNumber } from "../report/timings.ts";

const worker = new URL("../memory/worker.ts", import.meta.url);
const portion = 50_000;

async function run({ effort }: Context): Promise<Outcome> {
  const child = startChild(worker, [], ["--expose-gc"]);
  try {
    await child.ask("verify", { count: 2_000 }); // what is compiled and buffered once is not counted
    const start = await child.ask("settle");
    let peak = 0;
    for (let done = 0; done < effort.distinct; done += portion) {
      const count = Math.min(portion, effort.distinct - done);
      peak = Math.max(peak, numberOf(await child.ask("verify", { count }), "usedMiB"));
      say(`memory: ${formatNumber(done + count)} of ${formatNumber(effort.distinct)} tokens`);
    }
    const end = await child.ask("settle");
    const [before, after] = [numberOf(start, "usedMiB"), numberOf(end, "usedMiB")];
    const numbers = [before, peak, after, numberOf(start, "rssMiB"), numberOf(end, "rssMiB")];
    return {
      measures: { "MiB above the start": { value: after - before } },
      tables: [
        {
          title: `${formatNumber(effort.distinct)} distinct EdDSA tokens`,
          head: ["MiB before", "highest, with garbage", "MiB after", "resident before", "resident after"],
          rows: [numbers.map(formatNumber)],
          note: "JavaScript heap and external memory of the verifying process, after garbage collection but for the highest.",
        },
      ],
    };
  } finally {
    await child.stop();
  }
}

export const memory: Bench = {
  name: "memory",
  about: "1,000,000 distinct tokens: does memory come back?",
  timed: false,
  run,
};
