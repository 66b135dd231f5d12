import { coldFrom, hotTokens, warmFrom } from "../effort.ts";
import type { Effort } from "../effort.ts";
import { numberOf } from "../messages.ts";
import { say } from "../progress.ts";
import type { RouteSamples } from "../report/routes.ts";
import type { Framework } from "../servers/contestant.ts";
import type { RunningServer } from "../servers/start.ts";
import type { LoadMaker, LoadPlan } from "../start-load.ts";

/** Whether the tokens were seen before. */
export type Heat = "hot" | "cold";

/** The servers of one generation, and what they get. */
interface Generation {
  readonly framework: Framework;
  readonly heat: Heat;
  /** New in each generation. */
  readonly near: readonly RunningServer[];
  /** Those that live through all of them: farther from their bars, fewer rounds in one process do. */
  readonly far: readonly RunningServer[];
  readonly generation: number;
  readonly effort: Effort;
  readonly loadMaker: LoadMaker;
}

/** What one server gets in one round. */
interface Turn {
  /** Not counted: it was left alone while the others had their turns, as a server under load never is. */
  readonly runUp: LoadPlan;
  readonly plan: LoadPlan;
}

const connections = 50;

/** Empty series for all who take part. */
export function startSamples({ contestants }: Framework, heat: Heat): RouteSamples {
  const parts = Object.entries(contestants).filter(([, { only = heat }]) => only === heat);
  return new Map(parts.map(([name]) => [name, { cpu: [], perSecond: [], busy: [] }]));
}

/** Warms up and takes turns, one generation's share of all rounds; adds to `samples`. */
export async function takeRounds(
  { framework, heat, near, far, generation, effort, loadMaker }: Generation,
  samples: RouteSamples,
): Promise<void> {
  const servers = [...near, ...far].filter(({ contestant }) => samples.has(contestant));
  const hot: LoadPlan = { tokens: "pool", from: 0, count: hotTokens, connections, amount: effort.requests };
  const turnIn = (round: number): Turn => {
    if (heat === "hot") return { runUp: { ...hot, amount: effort.runUp }, plan: hot };
    const from = coldFrom + round * (effort.runUp + effort.requests);
    return { runUp: coldPlan(from, effort.runUp), plan: coldPlan(from + effort.runUp, effort.requests) };
  };

  for (const server of servers) {
    const isFar = far.includes(server);
    if (isFar && generation > 0) continue;
    const cold = coldPlan(warmFrom, isFar ? effort.peerWarmRequests : effort.warmRequests);
    await loadMaker.send(server.port, heat === "hot" ? { ...hot, amount: 3 * hotTokens } : cold);
  }
  for (let turn = 0; turn < effort.rounds; turn += 1) {
    const round = generation * effort.rounds + turn;
    say(`${framework.name}, ${heat}: round ${String(round + 1)} of ${String(effort.generations * effort.rounds)}`);
    // Each begins as often as any other: what one leaves behind in the processor is the next one's.
    const first = round % servers.length;
    for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
      // Fewer rounds for them keep the others from standing idle.
      const sitsOut = far.includes(server) && round % effort.peersEvery !== 0;
      const seen = sitsOut ? undefined : await sample(server, turnIn(round), loadMaker);
      const series = samples.get(server.contestant);
      series?.cpu.push(seen?.cpu);
      series?.perSecond.push(seen?.perSecond);
      series?.busy.push(seen?.busy);
    }
  }
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
