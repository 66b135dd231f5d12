import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { AuthErrorCode, AuthErrorReason } from "@cloudbase-auth/core";
import type { OneEnvironment } from "../configuration.ts";
import { failed, ok, skipped } from "../terminal/checklist.ts";
import type { Finding, Outcome } from "../terminal/checklist.ts";
import { adviseOn } from "./advice.ts";
import { checksOfClaims } from "./claims-checks.ts";
import { judgeWhole } from "./probe.ts";
import { findObjections } from "./relax.ts";
import type { Objections } from "./relax.ts";
import { askServer } from "./server-word.ts";
import type { Facts } from "./token-facts.ts";

/** What this configuration makes of a token. */
export interface Judgement {
  readonly verdict: "accepted" | "refused" | "unknown";
  /** The error that a server would have, of a refused token. */
  readonly code?: AuthErrorCode | undefined;
  readonly reason?: AuthErrorReason | undefined;
  readonly status?: number | undefined;
  readonly checks: readonly Finding[];
  /** Whether the server says that the token is not valid any more: only some modes of verification ask. */
  readonly endedAtServer: boolean;
  /** Whether there was a key set to check the signature by. */
  readonly hadKeys: boolean;
}

type Keys =
  | { readonly at: "hand"; readonly text: string; readonly ids: readonly string[] }
  | { readonly at: "none"; readonly why: string };

export async function judge(facts: Facts, { offline }: { readonly offline: boolean }): Promise<Judgement> {
  const { token, options } = facts;
  const objections = await findObjections(token, facts, options);
  const keys = offline
    ? ({ at: "none", why: "not checked: --offline" } as const)
    : await fetchKeys({ ...options, algorithms: objections.relaxed.algorithms });
  const hadKeys = keys.at === "hand";
  const whole = keys.at === "hand" ? await judgeWhole(token, options, keys.text) : objections.first;
  const signature = await checkSignature(facts, objections, keys);
  const server = await askServer(facts, {
    offline,
    accepted: keys.at === "hand" ? whole.state === "accepted" : undefined,
  });
  const checks = [
    ...checksOfClaims(facts, objections),
    { name: "Signature", ...signature },
    { name: "Server", ...server },
    ...(hadKeys && whole.state === "accepted" ? [{ name: "requireUser()", ...ofGuard(whole.guard) }] : []),
  ];
  const endedAtServer = server.outcome === "failed";
  if (whole.state === "refused") {
    const { code, reason, status } = whole;
    return { verdict: "refused", code, reason, status, checks, endedAtServer, hadKeys };
  }
  const isKnown = hadKeys && whole.state === "accepted";
  return { verdict: isKnown ? "accepted" : "unknown", checks, endedAtServer, hadKeys };
}

/** A good token is not enough for every guard; this is the plainest. */
function ofGuard(code: AuthErrorCode | undefined): Outcome {
  if (code === undefined) return ok("lets this user through; with scopes, groups or roles it asks for more");
  return skipped(`answers 403 ${code}: an anonymous user may go where a guard says so ({ anonymous: "allow" })`);
}

async function fetchKeys(options: OneEnvironment): Promise<Keys> {
  const auth = createCloudbaseAuth(options);
  try {
    await auth.ready();
    const [environment] = auth.status().environments;
    return { at: "hand", text: auth.exportKeySets(), ids: environment?.keySet.keyIds ?? [] };
  } catch {
    const said = auth.status().environments[0]?.keySet.lastError ?? "no reason given";
    return { at: "none", why: `not checked, as there is no key set: ${said}` };
  } finally {
    await auth.close();
  }
}

/** By the core, with everything else left out that it found. */
async function checkSignature(facts: Facts, { complete, reasons, relaxed }: Objections, keys: Keys): Promise<Outcome> {
  if (reasons.includes("malformed") || reasons.includes("malformed_header"))
    return skipped("not checked: it has no form");
  if (keys.at === "none") return skipped(keys.why);
  const verdict = await judgeWhole(facts.token, relaxed, keys.text);
  const good = ok(`fits the key ${String(facts.header?.["kid"])}`);
  if (verdict.state === "accepted") return good;
  if (verdict.state === "unknown") return skipped("not checked, as the key set could not be asked for its key");
  const { reason } = verdict;
  if (
    reason === "signature" ||
    reason === "unknown_key" ||
    (reason === "algorithm" && !reasons.includes("algorithm"))
  ) {
    const { what, fix } = adviseOn(reason, facts);
    return failed(what, fix);
  }
  // The core judges the signature first where it has the key; for another, claims that rule a token out end it.
  const hasKey = keys.ids.some((id) => id === facts.header?.["kid"]);
  return !complete && hasKey && reason !== "algorithm" && reason !== "type"
    ? good
    : skipped("not checked: what is above rules the token out before that");
}
