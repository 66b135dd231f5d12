import type { Bench, Context, Measure, Outcome, Share } from "../bench.ts";
import { coldFrom, hotTokens, warmFrom } from "../effort.ts";
import { numberOf } from "../messages.ts";
import { say } from "../progress.ts";
import { measureOf } from "../report/timings.ts";
import { routesTable } from "../report/routes.ts";
import type { RouteSamples, RouteSeries } from "../report/routes.ts";
import type { Framework } from "../servers/contestant.ts";
import { forgeriesFor, prove } from "../servers/prove.ts";
import { startServer } from "../servers/start.ts";
import type { RunningServer } from "../servers/start.ts";
import { startLoadMaker } from "../start-load.ts";
import type { LoadMaker, LoadPlan } from "../start-load.ts";
import { ratioOf } from "../statistics.ts";
import type { Series } from "../statistics.ts";

type Heat = "hot" | "cold";

/** What one server gets in one round. */
interface Turn {
  /** Not counted: it was left alone while the others had their turns, as a server under load never is. */
  readonly runUp: LoadPlan;
  readonly plan: LoadPlan;
}

const connections = 50;

/** A guarded route beside the bare one and beside every peer, over real HTTP; the load comes from a second process. */
export function guarded(framework: Framework): Bench {
  return {
    name: `guarded-${framework.name.toLowerCase()}`,
    about: `a guarded route on ${framework.name}, beside the bare one and its peers`,
    timed: true,
    async run(context) {
      const loadMaker = startLoadMaker();
      const servers: RunningServer[] = [];
      try {
        for (const contestant of Object.keys(framework.contestants)) {
          servers.push(await startServer(framework.name, contestant, context.keys));
        }
        await proveAll(framework, servers, context);
        const cold = await measure(framework, servers, "cold", { context, loadMaker });
        const hot = await measure(framework, servers, "hot", { context, loadMaker });
        return conclude(framework, hot, cold);
      } finally {
        await Promise.all([loadMaker.stop(), ...servers.map((server) => server.stop())]);
      }
    },
  };
}

async function proveAll(framework: Framework, servers: readonly RunningServer[], { pool }: Context): Promise<void> {
  const forgeries = await forgeriesFor(pool);
  for (const server of servers) {
    const contestant = framework.contestants[server.contestant];
    if (contestant === undefined || contestant.part === "bare") continue;
    await prove(server, contestant, { good: pool.token(warmFrom), forgeries });
  }
}

async function measure(
  framework: Framework,
  all: readonly RunningServer[],
  heat: Heat,
  { context: { effort }, loadMaker }: { readonly context: Context; readonly loadMaker: LoadMaker },
): Promise<RouteSamples> {
  const servers = all.filter(({ contestant }) => (framework.contestants[contestant]?.only ?? heat) === heat);
  const samples = new Map(servers.map(({ contestant }) => [contestant, emptySeries()]));
  const isFar = ({ contestant }: RunningServer): boolean =>
    ["peer", "by hand"].includes(framework.contestants[contestant]?.part ?? "");
  const hot: LoadPlan = { tokens: "pool", from: 0, count: hotTokens, connections, amount: effort.requests };
  const turnIn = (round: number): Turn => {
    if (heat === "hot") return { runUp: { ...hot, amount: effort.runUp }, plan: hot };
    const from = coldFrom + round * (effort.runUp + effort.requests);
    return { runUp: coldPlan(from, effort.runUp), plan: coldPlan(from + effort.runUp, effort.requests) };
  };

  for (const server of servers) {
    const cold = coldPlan(warmFrom, effort.warmRequests * (isFar(server) ? 0.15 : 1));
    await loadMaker.send(server.port, heat === "hot" ? { ...hot, amount: 3 * hotTokens } : cold);
  }
  for (let round = 0; round < effort.rounds; round += 1) {
    say(`${framework.name}, ${heat}: round ${String(round + 1)} of ${String(effort.rounds)}`);
    // Each begins as often as any other: what one leaves behind in the processor is the next one's.
    const first = round % servers.length;
    for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
      // Peers are farther from their bars than the ideal: fewer rounds do, and keep the others from standing idle.
      const sitsOut = isFar(server) && round % effort.peersEvery !== 0;
      const seen = sitsOut ? undefined : await sample(server, turnIn(round), loadMaker);
      const series = samples.get(server.contestant);
      series?.cpu.push(seen?.cpu);
      series?.perSecond.push(seen?.perSecond);
      series?.busy.push(seen?.busy);
    }
  }
  return samples;
}

function emptySeries(): RouteSeries {
  return { cpu: [], perSecond: [], busy: [] };
}

function coldPlan(from: number, count: number): LoadPlan {
  return { tokens: "pool", from, count, connections, amount: count };
}

async function sample(server: RunningServer, { runUp, plan }: Turn, loadMaker: LoadMaker) {
  await loadMaker.send(server.port, runUp);
  const before = await server.cpuMicros();
  const seen = await loadMaker.send(server.port, plan);
  const used = (await server.cpuMicros()) - before;
  if (seen["accepted"] !== plan.amount) {
    const { contestant, framework } = server;
    throw new Error(`${contestant} on ${framework} did not let all in: ${JSON.stringify(seen)}`);
  }
  return { cpu: used / plan.amount, perSecond: numberOf(seen, "perSecond"), busy: numberOf(seen, "busy") };
}

function conclude(framework: Framework, hot: RouteSamples, cold: RouteSamples): Outcome {
  const named = (is: Framework["isRival"]): string[] =>
    Object.entries(framework.contestants)
      .filter(([, contestant]) => is(contestant))
      .map(([name]) => name);
  const byPart = (wanted: string): string[] => named(({ part }) => part === wanted);
  const [ours = ""] = byPart("ours");
  const cpu = (samples: RouteSamples, name: string): Series => samples.get(name)?.cpu ?? [];
  const lead = (samples: RouteSamples, over: string): Measure => ({
    ...measureOf(ratioOf(cpu(samples, over), cpu(samples, ours))),
    detail: over,
  });
  const least = (measures: readonly Measure[], by: (measure: Measure) => number): Measure =>
    measures.reduce((a, b) => (by(b) < by(a) ? b : a));
  const peers = [...byPart("peer"), ...byPart("by hand")];
  const ideals = byPart("ideal");
  const idealOf = (samples: RouteSamples): string => ideals.find((name) => samples.has(name)) ?? "";

  const measures: Record<string, Measure> = {
    "hot: share of the ideal": lead(hot, idealOf(hot)),
    "hot: lead over the best peer": least(
      named(framework.isRival).map((name) => lead(hot, name)),
      ({ value }) => value,
    ),
    "cold: share of the ideal": lead(cold, idealOf(cold)),
    // A peer is ahead if it is so in the better quarter of the rounds, too.
    "cold: lead over the best peer, upper quartile": bestCase(
      least(
        peers.map((name) => lead(cold, name)),
        ({ high = 0 }) => high,
      ),
    ),
  };
  const [cached] = named(({ cachesTokens = false }) => cachesTokens);
  if (cached !== undefined) measures["hot: lead over a static key with cache"] = lead(hot, cached);

  const shares: Share[] = [...byPart("ours"), ...peers].map((label) => ({
    group: framework.name,
    label,
    hot: ratioOf(cpu(hot, "bare"), cpu(hot, label)).median,
    cold: ratioOf(cpu(cold, "bare"), cpu(cold, label)).median,
  }));
  return {
    measures,
    shares,
    tables: [
      routesTable(`${framework.name}, hot: 1,000 tokens reused`, hot),
      routesTable(`${framework.name}, cold: every token distinct`, cold),
    ],
  };
}

function bestCase({ high = Number.NaN, ...rest }: Measure): Measure {
  return { ...rest, value: high };
}
