import type { Bench, Context, Measure, Outcome } from "../bench.ts";
import { startChild } from "../child.ts";
import { coldFrom, hotTokens, warmFrom } from "../effort.ts";
import { startKeyServer } from "../key-server.ts";
import { numberOf } from "../messages.ts";
import { say } from "../progress.ts";
import { measureOf, timesTable } from "../report/timings.ts";
import type { Timings } from "../report/timings.ts";
import { ratioOf } from "../statistics.ts";

const worker = new URL("../authenticate/worker.ts", import.meta.url);

type Heat = "hot" | "cold";

export async function measureChecks({ effort, keys }: Context, heat: Heat, names: readonly string[]): Promise<Timings> {
  const keyServer = await startKeyServer(keys);
  const children = names.map((name) => ({ name, child: startChild(worker, [name, keyServer.origin]) }));
  const timings = new Map(names.map((name) => [name, { cpu: [] as number[], wall: [] as number[] }]));
  const hotRound = { from: 0, count: hotTokens, passes: effort.hotPasses };
  const warmRound =
    heat === "hot" ? { ...hotRound, passes: 30 } : { from: warmFrom, count: effort.warmChecks, passes: 1 };
  try {
    for (const { child } of children) await child.ask("round", warmRound);
    for (let round = 0; round < effort.shortRounds; round += 1) {
      say(`authenticate, ${heat}: round ${String(round + 1)} of ${String(effort.shortRounds)}`);
      // Cold is cold: no contender has met a token of the round. It has run for a while, though, as a server has.
      const coldRound = { from: coldFrom + round * effort.coldChecks, count: effort.coldChecks, passes: 1 };
      for (const { name, child } of children) {
        const used = await child.ask("round", heat === "hot" ? hotRound : coldRound);
        timings.get(name)?.cpu.push(numberOf(used, "cpuMicros"));
        timings.get(name)?.wall.push(numberOf(used, "wallMicros"));
      }
    }
  } finally {
    await Promise.all(children.map(({ child }) => child.stop()));
    await keyServer.close();
  }
  return timings;
}

export function cpuOf(timings: Timings, name: string): readonly number[] {
  return timings.get(name)?.cpu ?? [];
}

async function hot(context: Context): Promise<Outcome> {
  const peers = ["fast-jwt, cache", "fast-jwt, cache keyed by the token", "jose + lru-cache"];
  const timings = await measureChecks(context, "hot", ["ours", ...peers]);
  const speedOver = (peer: string): Measure => measureOf(ratioOf(cpuOf(timings, peer), cpuOf(timings, "ours")));
  return {
    measures: { "speed over fast-jwt with its cache": speedOver("fast-jwt, cache") },
    tables: [timesTable("`authenticate`, hot: 1,000 tokens reused, a fresh string each time", timings, "ours")],
  };
}

async function cold(context: Context): Promise<Outcome> {
  const peers = ["jsonwebtoken + KeyObject", "fast-jwt", "aws-jwt-verify", "jose"];
  const timings = await measureChecks(context, "cold", ["ours", "minimal check", ...peers]);
  const ours = cpuOf(timings, "ours");
  const leads = peers.map((peer) => ({ ...measureOf(ratioOf(cpuOf(timings, peer), ours)), detail: peer }));
  return {
    measures: {
      "time over the minimal check": measureOf(ratioOf(ours, cpuOf(timings, "minimal check"))),
      "speed over the fastest verifier": leads.reduce((least, lead) => (lead.value < least.value ? lead : least)),
    },
    tables: [timesTable("`authenticate`, cold: every token distinct", timings, "ours")],
  };
}

export const authenticateHot: Bench = {
  name: "authenticate-hot",
  about: "a token that was seen before, against the caches of others",
  timed: true,
  run: hot,
};

export const authenticateCold: Bench = {
  name: "authenticate-cold",
  about: "a token at first sight, against one bare signature check and against other verifiers",
  timed: true,
  run: cold,
};
