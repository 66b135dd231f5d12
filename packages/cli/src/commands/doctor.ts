import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { addEnvironmentFlags, addJudgingFlags, optionsOf, text } from "../configuration.ts";
import type { EnvironmentFlags, JudgingFlags } from "../configuration.ts";
import { examine } from "../doctor/plan.ts";
import type { Examiner } from "../doctor/plan.ts";
import { exitCodes } from "../exit-codes.ts";
import { printFinding } from "../terminal/checklist.ts";
import type { Finding } from "../terminal/checklist.ts";
import { during } from "../terminal/progress.ts";
import { bold, red, terminal } from "../terminal/terminal.ts";

interface Flags extends EnvironmentFlags, JudgingFlags {
  readonly redis?: string;
  readonly json?: boolean;
}

export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .summary("check configuration, network, keys, clock, client and Redis")
    .description(
      "Checks, one after the other, what verifying tokens needs: configuration, DNS, connection and TLS, latency, the key set, the clock, introspection, client credentials, and Redis. Each failure says whose turn it is and what to do. Nothing is changed anywhere.",
    )
    .option("--redis <url>", "the Redis of @cloudbase-auth/redis, without a password (else REDIS_URL)", text)
    .option("--json", "print one JSON object");
  addJudgingFlags(addEnvironmentFlags(command)).action(run);
}

async function run(flags: Flags): Promise<void> {
  const options = optionsOf(flags);
  const redisUrl = redisUrlOf(flags);
  const findings: Finding[] = [];
  const examineOne: Examiner = async (name, doing, check) => {
    const finding = { name, ...(await during(doing, Promise.resolve().then(check))) };
    findings.push(finding);
    if (flags.json !== true) printFinding(finding);
    return finding;
  };
  await examine(options, redisUrl, examineOne);
  const failures = findings.filter(({ outcome }) => outcome === "failed");
  if (failures.length > 0) process.exitCode = exitCodes.no;
  if (flags.json === true) {
    terminal.json({ ok: failures.length === 0, checks: findings });
    return;
  }
  const [first] = failures;
  terminal.line();
  if (first === undefined) {
    // Not every fault is one of the set-up: an endpoint of its own answers for whatever environment.
    terminal.line(bold("All is well."), " If a token is refused all the same, cloudbase-auth explain says why.");
  } else terminal.line(red(countOf(failures)), `; begin with ${first.name}.`);
}

function countOf({ length }: readonly Finding[]): string {
  return length === 1 ? "1 check failed" : `${String(length)} checks failed`;
}

function redisUrlOf({ redis }: Flags): string | undefined {
  if (redis === undefined) return process.env["REDIS_URL"] || undefined;
  if (URL.canParse(redis) && new URL(redis).password !== "") {
    throw new CommandError(
      exitCodes.usage,
      "--redis has a password in it, which the shell's history and the list of processes show.",
      "Put the whole URL into the variable REDIS_URL instead.",
    );
  }
  return redis;
}
