import type { AuthErrorReason } from "@cloudbase-auth/core";
import { failed, ok, skipped } from "../terminal/checklist.ts";
import type { Finding } from "../terminal/checklist.ts";
import { formatDuration, formatMoment } from "../terminal/times.ts";
import { adviseOn } from "./advice.ts";
import type { Objections } from "./relax.ts";
import { acceptedAudience, shown } from "./token-facts.ts";
import type { Facts } from "./token-facts.ts";

interface Step {
  readonly name: string;
  /** With which the core says that it failed. */
  readonly reasons: readonly AuthErrorReason[];
  readonly good: () => string;
}

/** Of what is behind an objection that ends it. */
export const notReached = "not reached";

/** The checks of form and claims, with the core's verdict on each; those behind one that ends it were not reached. */
export function checksOfClaims(facts: Facts, { reasons, complete }: Objections): Finding[] {
  const steps = stepsOf(facts, reasons, complete);
  const ended = complete ? steps.length : steps.findIndex((step) => step.reasons.includes(reasons.at(-1) ?? "claim"));
  return steps.map(({ name, reasons: own, good }, index) => {
    const reason = own.find((candidate) => reasons.includes(candidate));
    if (reason !== undefined) {
      const { what, fix } = adviseOn(reason, facts);
      return { name, ...failed(what, fix) };
    }
    return { name, ...(index > ended ? skipped(notReached) : ok(good())) };
  });
}

/** In the order in which the core looks. */
function stepsOf(facts: Facts, reasons: readonly AuthErrorReason[], complete: boolean): Step[] {
  const { header, claims, nowMs } = facts;
  const type: Step = {
    name: "Type",
    reasons: ["type"],
    good: () => (header?.["typ"] === undefined ? "none named, as CloudBase's have none" : shown(header["typ"])),
  };
  const isTypeOfHeader = header?.["typ"] !== undefined;
  // The core has one word for a claim that is missing and for a life that is too long; only the latter can be left out.
  const isLifetime = reasons.includes("claim") && (complete || reasons.at(-1) !== "claim");
  return [
    { name: "Form", reasons: ["malformed", "malformed_header"], good: () => "a signed token in its one spelling" },
    { name: "Algorithm", reasons: ["algorithm"], good: () => `${shown(header?.["alg"])} is accepted` },
    ...(isTypeOfHeader ? [type] : []),
    { name: "Issuer", reasons: ["issuer"], good: () => `${shown(claims?.["iss"])} is accepted` },
    {
      name: "Claims",
      reasons: isLifetime ? [] : ["claim"],
      good: () => "iss, sub, aud, exp and iat are there, each of its type",
    },
    {
      name: "Audience",
      reasons: ["audience"],
      good: () => `${shown(claims?.["aud"])} is among ${acceptedAudience(facts)}`,
    },
    ...(isTypeOfHeader ? [] : [type]),
    {
      name: "Lifetime",
      reasons: isLifetime ? ["claim"] : [],
      good: () => formatDuration(Number(claims?.["exp"]) - Number(claims?.["iat"])),
    },
    {
      name: "Times",
      reasons: ["expired", "not_yet_valid"],
      good: () => `good until ${formatMoment(Number(claims?.["exp"]), nowMs)}`,
    },
  ];
}
