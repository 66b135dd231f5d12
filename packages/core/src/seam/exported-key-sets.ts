import { parseJwkSet } from "../protocol/jwk-set.ts";
import { isObject, numberMember, objectMembers, textMember } from "../protocol/members.ts";
import { parseStrictObject } from "../protocol/strict-json.ts";
import type { KeySet } from "../outside/key-set.ts";
import type { SignatureAlgorithm } from "../words/options.ts";

const version = 1;
const limits = { maxDepth: 10, maxMembers: 50_000 };
// Clocks differ; a set from much further ahead was made by a clock that nothing should be judged by.
const tolerableLeadMs = 60_000;

/** What is known of the keys of one environment. */
export interface ExportableKeySet {
  readonly envId: string;
  readonly url: string;
  readonly keySet: KeySet;
}

/** The key sets at hand as a JSON text: public keys, where they came from, and when. */
export function formatKeySets(environments: readonly ExportableKeySet[], nowMs: number): string {
  const keySets = environments.flatMap(({ envId, url, keySet }) => {
    const snapshot = keySet.snapshot();
    if (snapshot === undefined) return [];
    const keys = snapshot.keys.map(({ id, algorithm, key }) => {
      return { ...key.export({ format: "jwk" }), kid: id, alg: algorithm, use: "sig" };
    });
    return [{ envId, url, fetchedAt: Math.floor(nowMs - snapshot.ageMs), keys }];
  });
  return JSON.stringify({ version, keySets });
}

/**
 * Takes over what {@link formatKeySets} wrote, each set as old as it is by now. Sets of another environment or endpoint
 * are left out, and so is one that is older than what is at hand.
 *
 * @throws TypeError if the text is not of this form, or nothing in it is of these environments
 */
export async function adoptKeySets(
  text: string,
  environments: readonly ExportableKeySet[],
  algorithms: readonly SignatureAlgorithm[],
  nowMs: number,
): Promise<void> {
  const exported = typeof text === "string" ? parseStrictObject(text, limits) : undefined;
  if (exported?.["version"] !== version)
    throw new TypeError("this is no text of exportKeySets(); fetch the keys instead");
  let fitting = 0;
  for (const set of objectMembers(exported, "keySets").filter(isObject)) {
    const own = environments.find(
      ({ envId, url }) => envId === textMember(set, "envId") && url === textMember(set, "url"),
    );
    if (own === undefined) continue;
    fitting += 1;
    const ageMs = nowMs - (numberMember(set, "fetchedAt") ?? -Infinity);
    if (ageMs < -tolerableLeadMs)
      throw new TypeError(`the exported key set of environment ${own.envId} is from the future`);
    own.keySet.adopt(await parseJwkSet(JSON.stringify({ keys: set["keys"] }), algorithms), Math.max(0, ageMs));
  }
  if (fitting === 0) throw new TypeError("the exported key sets are of other environments or endpoints");
}
