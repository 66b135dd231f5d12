import type { CloudbaseAuth, WarningEvent } from "@cloudbase-auth/core";
import { parseStrictObject } from "@cloudbase-auth/core/adapter";
import { failed, ok } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";
import { formatDuration, formatMs } from "../terminal/times.ts";
import type { Samples } from "./samples.ts";

/** Whether the core can judge tokens by what the endpoint publishes. */
export async function checkKeySet(
  auth: CloudbaseAuth,
  samples: Samples,
  warnings: readonly WarningEvent[],
): Promise<Outcome> {
  const startedAt = performance.now();
  const failure = await auth.ready().then(
    () => undefined,
    () => auth.status().environments[0]?.keySet,
  );
  const took = formatMs(performance.now() - startedAt);
  if (failure !== undefined) {
    return failed(
      `${failure.lastError ?? "the key set could not be fetched"}`,
      `Is ${new URL(failure.url).origin} the Auth API of your environment? Look at ${failure.url}: it must be a JWK Set with a key for an accepted algorithm (--algorithm).`,
    );
  }
  const dropped = warnings.find(({ code }) => code === "key_dropped");
  if (dropped !== undefined) {
    return failed(
      dropped.message,
      "Tell whoever runs that server; tokens of the other keys are accepted, tokens of this one are not.",
    );
  }
  const keys = keysOf(auth.exportKeySets());
  const names = keys.map(({ kid, alg }) => `${kid} (${alg})`).join(", ");
  const maxAge = samples.answered && samples.maxAge !== undefined ? Number(samples.maxAge) : undefined;
  const age = maxAge === undefined ? "" : `; the server lets it be kept for ${formatDuration(maxAge)}`;
  const count = keys.length === 1 ? "1 key" : `${String(keys.length)} keys`;
  return ok(`${count}: ${names}, fetched just now in ${took}${age}`);
}

function keysOf(exported: string): { readonly kid: string; readonly alg: string }[] {
  const sets = parseStrictObject(exported, { maxDepth: 10, maxMembers: 50_000 })?.["keySets"];
  return listOf(sets)
    .flatMap((set) => listOf(memberOf(set, "keys")))
    .map((key) => ({ kid: String(memberOf(key, "kid")), alg: String(memberOf(key, "alg")) }));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
