import type { Bench, Context, Outcome } from "../bench.ts";
import { coldFrom } from "../effort.ts";
import { formatNumber } from "../report/timings.ts";
import { keyFetchers, nameOf } from "../servers/key-fetchers.ts";
import { startServer, withServer } from "../servers/start.ts";
import { startLoadMaker } from "../start-load.ts";

// Slow enough that all requests are there before the first answer.
const keyDelayMs = 300;

async function run({ effort, keys }: Context): Promise<Outcome> {
  const requests = effort.quick ? 100 : 1_000;
  const loadMaker = startLoadMaker();
  const plan = { tokens: "pool", from: coldFrom, count: requests, connections: requests, amount: requests } as const;
  const rows: string[][] = [];
  let mostFetches = 0;
  let leastAccepted = requests;
  try {
    for (const fetcher of keyFetchers()) {
      const starting = startServer(fetcher.framework, fetcher.contestant, keys, keyDelayMs);
      const { seen, fetches } = await withServer(starting, async ({ port, keyServer }) => {
        return { seen: await loadMaker.send(port, plan), fetches: keyServer.fetches() };
      });
      if (fetcher.ours) {
        mostFetches = Math.max(mostFetches, fetches);
        leastAccepted = Math.min(leastAccepted, seen["accepted"] ?? 0);
      }
      rows.push([nameOf(fetcher), ...[fetches, seen["accepted"], seen["failed"]].map((n) => formatNumber(n ?? 0))]);
    }
  } finally {
    await loadMaker.stop();
  }
  return {
    measures: { "key-set fetches": { value: mostFetches }, accepted: { value: leastAccepted / requests } },
    tables: [
      {
        title: `${formatNumber(requests)} simultaneous first requests`,
        head: ["", "key-set fetches", "let in", "5xx"],
        rows,
        note: `Each on a connection of its own, against a server that has no key yet; the key set takes ${String(keyDelayMs)} ms.`,
      },
    ],
  };
}

export const stampede: Bench = {
  name: "stampede",
  about: "1,000 first requests at once: how often is the key set fetched?",
  timed: false,
  run,
};
