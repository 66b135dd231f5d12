import { Command, InvalidArgumentError } from "commander";
import { runCases } from "./cases.ts";
import { createNarrator } from "./narrator.ts";
import { StageError, openStage } from "./stage.ts";
import { tellStory } from "./story.ts";
import { formatTable } from "./table.ts";

interface Flags {
  readonly once?: boolean;
  readonly emulatorPort: number;
  readonly expressPort: number;
  readonly koaPort: number;
  readonly fastifyPort: number;
  readonly pagePort: number;
}

const flags = new Command("start")
  .description("Signs a user in against the emulator and shows what Express, Koa and Fastify make of each token.")
  .option("--once", "stop after the tour; exit code 1 if any answer was not the expected one")
  .option("--emulator-port <port>", "port of the emulator (0: any free one)", parsePort, 9320)
  .option("--express-port <port>", "port of the Express server", parsePort, 3001)
  .option("--koa-port <port>", "port of the Koa server", parsePort, 3002)
  .option("--fastify-port <port>", "port of the Fastify server", parsePort, 3003)
  .option("--page-port <port>", "port of the page to sign in with", parsePort, 3006)
  .parse()
  .opts<Flags>();

process.exitCode = await main();

async function main(): Promise<number> {
  const { say, step, style } = createNarrator(process.stdout);
  const interrupted = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.resolve());

  say("Starting the emulator, then an Express, a Koa and a Fastify server, and a page; this takes a second or two …");
  const stage = await openStage(flags).catch((error: unknown) => {
    if (!(error instanceof StageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return undefined;
  });
  if (stage === undefined) return 1;
  try {
    say(`  emulator  ${stage.emulator.endpoint}`);
    for (const { name, url } of stage.servers) say(`  ${name.padEnd(8)}  ${url}`);
    say(`  page      ${stage.pageUrl}`);

    const tour = tellStory(stage, step).then((tokens) => runCases(stage.servers, tokens));
    const rows = await Promise.race([tour, interrupted.promise]);
    if (rows === undefined) return 130;
    say("");
    say("What each server answers to GET /me, and the challenge (WWW-Authenticate) that it sends:");
    say("");
    say(formatTable(stage.servers, rows, style));
    const differing = rows.flatMap((row) => row.differences);
    if (differing.length > 0) {
      process.stderr.write(`\nNot as expected:\n${differing.map((line) => `  ${line}\n`).join("")}`);
      return 1;
    }
    say("");
    say("All answers are as expected. A revoked token passes local verification until it expires: nobody is asked.");
    if (flags.once === true) return 0;

    say("");
    say(`Everything stays up. Sign in with a browser at ${stage.pageUrl}, or paste, for example:`);
    for (const line of stage.curlLines()) say(`  ${line}`);
    say("");
    say("Ctrl-C stops it all.");
    const died = await Promise.race([interrupted.promise, stage.died]);
    if (died === undefined) return 0;
    process.stderr.write(`${died}\n`);
    return 1;
  } finally {
    await stage.close();
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("give a port from 0 to 65535.");
  return port;
}
