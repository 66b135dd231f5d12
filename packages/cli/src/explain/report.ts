import { redact } from "@cloudbase-auth/core";
import { printFinding } from "../terminal/checklist.ts";
import type { Finding } from "../terminal/checklist.ts";
import { bold, dim, terminal } from "../terminal/terminal.ts";
import type { Piece } from "../terminal/terminal.ts";
import { formatMoment } from "../terminal/times.ts";
import { wrap } from "../terminal/wrap.ts";
import { adviseOn } from "./advice.ts";
import { notReached } from "./claims-checks.ts";
import type { UnverifiedToken } from "./decode-unverified.ts";
import type { Judgement } from "./judge.ts";
import type { Facts } from "./token-facts.ts";

const moments = ["exp", "iat", "nbf", "auth_time"];
const nameWidth = 15;

/** Header and claims, without what `redact` takes for a secret. Of the signature nothing is shown. */
export function printParts({ header, claims }: UnverifiedToken, nowMs: number): void {
  for (const [title, part] of [["Header", header] as const, ["Claims", claims] as const]) {
    terminal.line(bold(title), dim(part === undefined ? "  cannot be read" : "  as the token says, before any check"));
    for (const [name, value] of Object.entries(asObject(redact(part)))) {
      const moment = moments.includes(name) && typeof value === "number" ? `  ${formatMoment(value, nowMs)}` : "";
      const text = typeof value === "string" && value !== "" ? value : JSON.stringify(value);
      terminal.line(`  ${name.padEnd(nameWidth)}`, text, dim(moment));
    }
    terminal.line();
  }
}

export function printJudgement(judgement: Judgement, facts: Facts): void {
  const { where } = facts;
  terminal.line(bold("Checks"), dim(`  against environment ${where.envId} at ${where.endpoint}`));
  for (const finding of withoutRest(judgement.checks)) printFinding(finding);
  terminal.line();
  terminal.line(...verdictOf(judgement));
  // Again at the end, where somebody in a hurry looks.
  if (judgement.verdict !== "refused") return;
  const { what, fix } = adviseOn(judgement.reason, facts);
  for (const line of wrap(what, 2)) terminal.line(`  ${line}`);
  for (const [index, line] of wrap(fix, 4).entries()) terminal.line(index === 0 ? "  → " : "    ", line);
}

/** What was not reached, in one line. */
function withoutRest(checks: readonly Finding[]): readonly Finding[] {
  const rest = checks.filter(({ detail }) => detail === notReached);
  const [first] = rest;
  if (first === undefined) return checks;
  const names = rest.map(({ name }) => name).join(", ");
  const line: Finding = { name: "The rest", outcome: "skipped", detail: `${notReached}: ${names}` };
  return checks.flatMap((check) => (check === first ? line : rest.includes(check) ? [] : check));
}

function verdictOf({ verdict, code, reason, status, endedAtServer, hadKeys }: Judgement): readonly Piece[] {
  switch (verdict) {
    case "accepted":
      if (!endedAtServer) return [{ style: "green", text: "Accepted." }];
      return [{ style: "yellow", text: "Accepted by verification local; the server has ended it." }];
    case "refused": {
      const open = hadKeys ? "" : " Should the signature be bad too, the logs name that first.";
      const inLogs = reason === undefined ? "" : ` (in logs: ${reason})`;
      return [{ style: "red", text: "Refused" }, `: ${String(status)} ${String(code)}${inLogs}.${open}`];
    }
    case "unknown":
      return [
        { style: "yellow", text: "Not known" },
        ": nothing is wrong with form and claims; whether the signature is good could not be checked.",
      ];
  }
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
