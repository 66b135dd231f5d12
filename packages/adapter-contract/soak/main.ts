import { Command, InvalidArgumentError } from "commander";
import { createEmulator } from "@cloudbase-auth/emulator";
import { judge } from "./judge.ts";
import type { Sample } from "./judge.ts";
import { startServers } from "./servers-process.ts";
import { startTraffic } from "./traffic.ts";
import { createTrouble } from "./trouble.ts";
import { createWallet } from "./wallet.ts";

const { minutes } = new Command("soak")
  .description("Mixed traffic to an Express, a Koa and a Fastify server; at the end, memory and files must be flat.")
  .option("--minutes <minutes>", "for how long", parseMinutes, 10)
  .parse()
  .opts<{ readonly minutes: number }>();

const sampleEveryMs = 5_000;
const progressEveryMs = 30_000;
const envId = "demo";

process.exitCode = await main();

async function main(): Promise<number> {
  const emulator = await createEmulator({ envId, users: [{ username: "lihua", password: "secret-1" }] });
  const servers = await startServers(envId, emulator.endpoint);
  const wallet = await createWallet(envId, emulator, servers);
  const trouble = createTrouble(emulator, wallet);
  const traffic = startTraffic(servers.ports, wallet, trouble);
  const samples: Sample[] = [];
  let interrupted = false;
  process.once("SIGINT", () => (interrupted = true));

  const begun = performance.now();
  const endsAt = begun + minutes * 60_000;
  let nextProgress = begun + progressEveryMs;
  say(`${minutes} minutes of mixed traffic at about 100 requests a second; a line every 30 seconds.`);
  try {
    while (performance.now() < endsAt && !interrupted && servers.isUp()) {
      await traffic.runFor(Math.min(sampleEveryMs, endsAt - performance.now()));
      // Nothing is under way at a sample, so that it counts what is kept and not what is in use.
      const atSeconds = (performance.now() - begun) / 1_000;
      samples.push({ atSeconds, ...(await servers.measure()) });
      if (performance.now() >= nextProgress) {
        say(progressLine(samples.at(-1), traffic.counts()));
        nextProgress += progressEveryMs;
      }
    }
    const verdict = judge({ samples, counts: traffic.counts(), ended: servers.endedWith(), interrupted });
    say("");
    for (const line of verdict.lines) say(line);
    return verdict.isGood ? 0 : 1;
  } finally {
    await servers.stop();
    await emulator.close();
  }
}

function progressLine(
  sample: Sample | undefined,
  { sent, unexpected }: ReturnType<ReturnType<typeof startTraffic>["counts"]>,
) {
  if (sample === undefined) return "";
  const { atSeconds, heap, rss, files, unhandled } = sample;
  const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1);
  return (
    `${String(Math.round(atSeconds)).padStart(5)} s  ${String(sent).padStart(7)} requests  ` +
    `heap ${megabytes(heap)} MB  RSS ${megabytes(rss)} MB  files ${String(files)}  ` +
    `unexpected ${String(unexpected.length)}  unhandled ${String(unhandled)}`
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function parseMinutes(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 24 * 60) throw new InvalidArgumentError("give a number of minutes above 0.");
  return value;
}
