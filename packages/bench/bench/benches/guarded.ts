import type { Bench, Context, Measure, Outcome, Share } from "../bench.ts";
import { warmFrom } from "../effort.ts";
import { measureOf } from "../report/timings.ts";
import { routesTable } from "../report/routes.ts";
import type { RouteSamples } from "../report/routes.ts";
import type { Framework } from "../servers/contestant.ts";
import { forgeriesFor, prove } from "../servers/prove.ts";
import { startServer } from "../servers/start.ts";
import type { RunningServer } from "../servers/start.ts";
import { startLoadMaker } from "../start-load.ts";
import { ratioOf } from "../statistics.ts";
import type { Series } from "../statistics.ts";
import { startSamples, takeRounds } from "./rounds.ts";

/**
 * A guarded route beside the bare one and beside every peer, over real HTTP; the load comes from a second process.
 *
 * Two processes of the same program differ by some hundredths for as long as they live, by how V8 took their first
 * requests. So what is held to a twentieth, which is bare, ours and ideals, is started anew several times.
 */
export function guarded(framework: Framework): Bench {
  return {
    name: `guarded-${framework.name.toLowerCase()}`,
    about: `a guarded route on ${framework.name}, beside the bare one and its peers`,
    timed: true,
    async run(context) {
      const { effort } = context;
      const names = Object.keys(framework.contestants);
      const isFar = (name: string): boolean => ["peer", "by hand"].includes(framework.contestants[name]?.part ?? "");
      const samples = { cold: startSamples(framework, "cold"), hot: startSamples(framework, "hot") };
      const loadMaker = startLoadMaker();
      const far: RunningServer[] = [];
      try {
        await startAll(framework, names.filter(isFar), far, context);
        for (let generation = 0; generation < effort.generations; generation += 1) {
          const near: RunningServer[] = [];
          try {
            await startAll(
              framework,
              names.filter((name) => !isFar(name)),
              near,
              context,
            );
            for (const heat of ["cold", "hot"] as const) {
              await takeRounds({ framework, heat, near, far, generation, effort, loadMaker }, samples[heat]);
            }
          } finally {
            await stopAll(near);
          }
        }
      } finally {
        await Promise.all([loadMaker.stop(), stopAll(far)]);
      }
      return conclude(framework, samples.hot, samples.cold);
    },
  };
}

/** Into `running`, so that those that did start are stopped if one does not. */
async function startAll(
  framework: Framework,
  names: readonly string[],
  running: RunningServer[],
  { keys, pool }: Context,
): Promise<void> {
  const forgeries = await forgeriesFor(pool);
  for (const name of names) {
    const server = await startServer(framework.name, name, keys);
    running.push(server);
    const contestant = framework.contestants[name];
    if (contestant === undefined || contestant.part === "bare") continue;
    await prove(server, contestant, { good: pool.token(warmFrom), forgeries });
  }
}

async function stopAll(servers: readonly RunningServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
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
