import { redact } from "@cloudbase-auth/core";
import type { Command } from "commander";
import { addEnvironmentFlags, addJudgingFlags, openEnvironment, optionsOf } from "../configuration.ts";
import type { EnvironmentFlags, JudgingFlags, OneEnvironment } from "../configuration.ts";
import { exitCodes } from "../exit-codes.ts";
import type { ExitCode } from "../exit-codes.ts";
import { decodeUnverified } from "../explain/decode-unverified.ts";
import type { UnverifiedToken } from "../explain/decode-unverified.ts";
import { judge } from "../explain/judge.ts";
import type { Judgement } from "../explain/judge.ts";
import { printJudgement, printParts } from "../explain/report.ts";
import type { Facts } from "../explain/token-facts.ts";
import { during } from "../terminal/progress.ts";
import { complain, terminal } from "../terminal/terminal.ts";
import { tokenOf } from "../token-input.ts";

interface Flags extends EnvironmentFlags, JudgingFlags {
  readonly offline?: boolean;
  readonly json?: boolean;
}

export function addExplain(program: Command): void {
  const command = program
    .command("explain")
    .summary("show what is in an access token, and why it is or is not accepted")
    .description(
      "Shows header and claims of an access token, and every check that a server with this configuration makes. The verdicts are those of @cloudbase-auth/core. The signature is not shown, and what is printed cannot be used as a token.",
    )
    .argument("[token]", "the token; - or nothing for stdin, or to be asked for it")
    .option("--offline", "ask nobody: signature and revocation are not checked")
    .option("--json", "print one JSON object");
  addJudgingFlags(addEnvironmentFlags(command)).action(run);
}

async function run(argument: string | undefined, flags: Flags): Promise<void> {
  const options = optionsOf(flags);
  const isConfigured = ((options.envId ?? process.env["CLOUDBASE_ENV_ID"]) || undefined) !== undefined;
  const where = isConfigured ? placeOf(options) : undefined;
  const token = await tokenOf(argument);
  const unverified = decodeUnverified(token);
  const nowMs = Date.now();
  if (flags.json !== true) printParts(unverified, nowMs);
  if (where === undefined) {
    tellUnconfigured(unverified, flags);
    return;
  }
  const facts: Facts = { token, options, where, nowMs, ...unverified };
  const judgement = await during(
    `asking ${where.endpoint} for its keys`,
    judge(facts, { offline: flags.offline === true }),
  );
  process.exitCode = exitCodeOf(judgement);
  if (flags.json === true) terminal.json({ ...judgement, ...shownParts(unverified) });
  else printJudgement(judgement, facts);
}

function placeOf(options: OneEnvironment): Facts["where"] {
  const { auth: _auth, ...where } = openEnvironment(options);
  return where;
}

function exitCodeOf({ verdict, endedAtServer }: Judgement): ExitCode {
  if (verdict === "unknown") return exitCodes.unknown;
  return verdict === "accepted" && !endedAtServer ? exitCodes.ok : exitCodes.no;
}

/** Without a configuration there is nothing to hold a token against. */
function tellUnconfigured(unverified: UnverifiedToken, { json }: Flags): void {
  process.exitCode = exitCodes.unknown;
  if (json === true) {
    terminal.json({ verdict: "unknown", checks: [], ...shownParts(unverified) });
    return;
  }
  const { project_id: project } = unverified.claims ?? {};
  const example = typeof project === "string" ? project : "<id>";
  complain(
    "Nothing was checked: which environment should accept it?",
    `Set CLOUDBASE_ENV_ID, or add --env ${example}.`,
  );
}

function shownParts({ header, claims }: UnverifiedToken): object {
  return { header: redact(header), claims: redact(claims) };
}
