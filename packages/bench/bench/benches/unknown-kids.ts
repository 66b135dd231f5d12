import type { Bench, Context, Measure, Outcome } from "../bench.ts";
import { coldFrom, hotTokens, warmFrom } from "../effort.ts";
import { numberOf } from "../messages.ts";
import type { Numbers } from "../messages.ts";
import { say } from "../progress.ts";
import { formatNumber } from "../report/timings.ts";
import { keyFetchers, nameOf } from "../servers/key-fetchers.ts";
import { startServer, withServer } from "../servers/start.ts";
import type { RunningServer } from "../servers/start.ts";
import { startLoadMaker } from "../start-load.ts";
import type { LoadMaker, LoadPlan } from "../start-load.ts";
import { spreadOf } from "../statistics.ts";

const connections = 50;

/** What one server did. */
interface Seen {
  readonly fetches: number;
  readonly failed: number;
  /** Of the server's CPU time for one request, cold valid ÷ unknown; above 1, a flood is cheaper than valid traffic. */
  readonly cheapness: number;
  readonly unknownPerSecond: number;
  readonly validPerSecond: number;
  readonly besideRefused: number;
  /** What 97.5 % of the valid requests waited at most, beside the flood and beside as many valid cold tokens. */
  readonly besideMillis: number;
  readonly calmMillis: number;
}

interface Makers {
  readonly flood: LoadMaker;
  readonly beside: LoadMaker;
}

async function observe(server: RunningServer, ours: boolean, { effort }: Context, makers: Makers): Promise<Seen> {
  const { flood: count } = effort;
  const rounds = ours && !effort.quick ? 2 : 1;
  const { port, keyServer } = server;
  const hot: LoadPlan = { tokens: "pool", from: 0, count: hotTokens, connections: 10, amount: count / 5 };
  const valid = (round: number): LoadPlan => {
    return { tokens: "pool", from: coldFrom + round * count, count, connections, amount: count };
  };
  const unknown = (round: number): LoadPlan => ({ ...valid(round), tokens: "unknown", from: round * count });

  const warm = ours ? count : 2_000;
  await makers.flood.send(port, { ...hot, from: warmFrom, count: warm, amount: warm });
  if (ours) await makers.beside.send(port, { ...hot, amount: 2 * hotTokens });
  const fetchesBefore = keyServer.fetches();
  // The first flood is counted and not timed: V8 compiles what only a flood needs, as it did above for valid tokens.
  // Peers have no bar here that their speed would be held to.
  const first = ours ? await makers.flood.send(port, unknown(2 * rounds)) : undefined;
  const [cheapness, unknownSpeed, validSpeed, besideWait, calmWait]: number[][] = [[], [], [], [], []];
  let fetches = keyServer.fetches() - fetchesBefore;
  let [failed, besideRefused] = [first === undefined ? 0 : numberOf(first, "failed"), 0];
  for (let round = 0; round < rounds; round += 1) {
    const good = await timed(server, makers.flood, valid(2 * round));
    const bad = await timed(server, makers.flood, unknown(2 * round));
    if (!ours) fetches = keyServer.fetches() - fetchesBefore;
    failed += numberOf(bad.seen, "failed");
    cheapness?.push(good.cpu / bad.cpu);
    unknownSpeed?.push(numberOf(bad.seen, "perSecond"));
    validSpeed?.push(numberOf(good.seen, "perSecond"));
    if (!ours) continue; // the bars beside a flood are for us alone
    const calm = await together(port, makers, valid(2 * round + 1), hot);
    const beside = await together(port, makers, unknown(2 * round + 1), hot);
    calmWait?.push(numberOf(calm, "p97Millis"));
    besideWait?.push(numberOf(beside, "p97Millis"));
    besideRefused += hot.amount - numberOf(beside, "accepted");
  }
  const median = (samples: readonly number[] = []): number => spreadOf(samples).median;
  return {
    ...{ fetches, failed, besideRefused },
    cheapness: median(cheapness),
    unknownPerSecond: median(unknownSpeed),
    validPerSecond: median(validSpeed),
    besideMillis: median(besideWait),
    calmMillis: median(calmWait),
  };
}

async function timed(server: RunningServer, maker: LoadMaker, plan: LoadPlan): Promise<{ seen: Numbers; cpu: number }> {
  const before = await server.cpuMicros();
  const seen = await maker.send(server.port, plan);
  return { seen, cpu: (await server.cpuMicros()) - before };
}

async function together(port: number, makers: Makers, flood: LoadPlan, hot: LoadPlan): Promise<Numbers> {
  const [beside] = await Promise.all([makers.beside.send(port, hot), makers.flood.send(port, flood)]);
  return beside;
}

async function run(context: Context): Promise<Outcome> {
  const makers: Makers = { flood: startLoadMaker(), beside: startLoadMaker() };
  const ours: { readonly name: string; readonly seen: Seen }[] = [];
  const rows: string[][] = [];
  try {
    for (const fetcher of keyFetchers()) {
      say(`unknown-kids: ${nameOf(fetcher)}`);
      const starting = startServer(fetcher.framework, fetcher.contestant, context.keys, 20);
      const seen = await withServer(starting, (server) => observe(server, fetcher.ours, context, makers));
      if (fetcher.ours) ours.push({ name: fetcher.framework, seen });
      const { fetches, failed, unknownPerSecond, validPerSecond, cheapness, besideRefused, besideMillis, calmMillis } =
        seen;
      const speeds = [Math.round(unknownPerSecond), Math.round(validPerSecond), cheapness];
      const beside = fetcher.ours ? [besideRefused, besideMillis, calmMillis] : [];
      const numbers = [fetches, failed, ...speeds, ...beside];
      rows.push([nameOf(fetcher), ...numbers.map(formatNumber), ...(fetcher.ours ? [] : ["", "", ""])]);
    }
  } finally {
    await Promise.all([makers.flood.stop(), makers.beside.stop()]);
  }
  const worst = (of: (seen: Seen) => number, pick: (...values: number[]) => number): Measure => {
    const value = pick(...ours.map(({ seen }) => of(seen)));
    return { value, detail: `on ${ours.find(({ seen }) => of(seen) === value)?.name ?? "none"}` };
  };
  return {
    measures: {
      "key-set fetches": worst(({ fetches }) => fetches, Math.max),
      "answers with 5xx": worst(({ failed }) => failed, Math.max),
      "valid cold CPU over unknown CPU": worst(({ cheapness }) => cheapness, Math.min),
      "valid requests refused beside the flood": worst(({ besideRefused }) => besideRefused, Math.max),
      "waiting of valid requests, flood over calm": worst(
        ({ besideMillis, calmMillis }) => besideMillis / calmMillis,
        Math.max,
      ),
    },
    tables: [
      {
        title: `${formatNumber(context.effort.flood)} tokens of unknown keys`,
        head: ["", "fetches", "5xx", "unknown/s", "valid cold/s", "CPU, valid ÷ unknown"].concat([
          "valid refused beside",
          "p97.5 beside, ms",
          "p97.5 beside valid cold, ms",
        ]),
        rows,
        note: "Every token has a key id of its own. Beside the flood, 1,000 known valid tokens are sent over 10 connections.",
      },
    ],
  };
}

export const unknownKids: Bench = {
  name: "unknown-kids",
  about: "5,000 tokens of keys that nobody has: fetches, errors, cost, and valid traffic beside them",
  timed: true,
  run,
};
