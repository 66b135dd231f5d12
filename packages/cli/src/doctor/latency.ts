import { failed, ok } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";
import { formatMs } from "../terminal/times.ts";
import type { Samples } from "./samples.ts";

/** How long an answer takes: a server waits so long for the key set once in a while, and never for a known token. */
export function judgeLatency(samples: Samples, endpoint: string): Outcome {
  if (samples.answered) {
    const times = samples.all.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
    const [median = 0, longest = 0] = [times[Math.floor(times.length / 2)], times.at(-1)];
    return ok(`${formatMs(median)} for an answer, ${formatMs(longest)} for the slowest of ${String(times.length)}`);
  }
  if (samples.why === "silence") {
    return failed(
      `${endpoint} takes connections and does not answer`,
      "Whoever runs what listens there has to look at it: it hangs, or it is not the Auth API. Nothing is known against you.",
    );
  }
  return failed(
    `${endpoint} takes connections and does not speak HTTP (${samples.code})`,
    "Correct the endpoint (http or https? the right port?), or restart what listens there.",
  );
}
