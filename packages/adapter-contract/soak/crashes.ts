/**
 * kill -9 at each point of an exchange, many times over, against an Auth API that ends a session whose refresh token is
 * used twice. What may come of it: the session goes on, or one sign-in; never a loop, and nothing else.
 */
import { Command, InvalidArgumentError } from "commander";
import { crash, crashPoints } from "../test/support/crash.ts";
import type { CrashPoint } from "../test/support/crash.ts";
import { createSessionCluster } from "../test/support/session-cluster.ts";

const { times } = new Command("crashes")
  .description("Kills a server in the middle of an exchange of a refresh token and asks another one what became of it.")
  .option("--times <times>", "how often at each point", parseTimes, 20)
  .parse()
  .opts<{ readonly times: number }>();

let unexpected = 0;
for (const keptIn of ["cookie", "store"] as const) {
  const cluster = await createSessionCluster(keptIn);
  const healthy = await cluster.start();
  try {
    for (const point of Object.keys(crashPoints) as CrashPoint[]) {
      const counts = new Map<string, number>();
      for (let round = 0; round < times; round += 1) {
        const { outcome, exchanges, exchangesAfter } = await crash(cluster, healthy, point);
        const isExpected = outcome === crashPoints[point] && exchanges <= 2 && exchangesAfter === 0;
        if (!isExpected) unexpected += 1;
        const seen = `${outcome}, ${String(exchanges)} exchanged${exchangesAfter > 0 ? ", and a LOOP" : ""}`;
        counts.set(seen, (counts.get(seen) ?? 0) + 1);
      }
      const summary = [...counts].map(([seen, count]) => `${String(count)} × ${seen}`).join("; ");
      console.log(`${keptIn.padEnd(6)}  killed ${point.padEnd(30)}  ${summary}`);
    }
  } catch (error) {
    console.error(`What the other server said:\n${healthy.running.stdout()}${healthy.running.stderr()}`);
    throw error;
  } finally {
    await cluster.close();
  }
}
console.log(unexpected === 0 ? "All as expected." : `${String(unexpected)} were not as expected.`);
process.exitCode = unexpected === 0 ? 0 : 1;

function parseTimes(text: string): number {
  const parsed = Number(text);
  if (Number.isInteger(parsed) && parsed > 0) return parsed;
  throw new InvalidArgumentError("It must be a whole number from 1 up.");
}
