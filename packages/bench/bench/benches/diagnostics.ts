import type { Bench, Context, Outcome } from "../bench.ts";
import { measureOf, timesTable } from "../report/timings.ts";
import { ratioOf } from "../statistics.ts";
import { cpuOf, measureChecks } from "./authenticate.ts";

const note =
  "A build without the channels does not exist, so what they cost where nobody listens is taken apart: the question whether anybody does, in a process of its own and less the empty loop, over the whole call.";

async function run(context: Context): Promise<Outcome> {
  const names = ["ours", "ours, listened to", "whether anybody listens", "nothing at all"];
  // Half of the rounds: what is looked for is far below the bar or plainly above it.
  const effort = { ...context.effort, shortRounds: Math.ceil(context.effort.shortRounds / 2) };
  const timings = await measureChecks({ ...context, effort }, "hot", names);
  const [ours = [], listened = [], question = [], loop = []] = names.map((name) => cpuOf(timings, name));
  const added = question.map((micros, round) => 100 * (micros - (loop[round] ?? Number.NaN)));
  return {
    measures: {
      "percent of the call where nobody listens": measureOf(ratioOf(added, ours)),
      "listened to over not": measureOf(ratioOf(listened, ours)),
    },
    tables: [{ ...timesTable("Diagnostics channels, at a known token", timings, "ours"), note }],
  };
}

export const diagnostics: Bench = {
  name: "diagnostics",
  about: "what the diagnostics channels cost a known token, listened to and not",
  timed: true,
  run,
};
