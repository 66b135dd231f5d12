import type { FrozenJson } from "../words/auth.ts";
import type { SignatureAlgorithm } from "../words/options.ts";
import { isList, isObject } from "./members.ts";
import { parseStrictObject } from "./strict-json.ts";
import { parseVerificationKey } from "./verification-key.ts";
import type { VerificationKey } from "./verification-key.ts";

const maxKeys = 100;
const jsonLimits = { maxDepth: 8, maxMembers: 5_000 };

/** The usable keys of a JWK Set by their ids, and what was left out that somebody should look at. */
export interface ParsedJwkSet {
  readonly keys: ReadonlyMap<string, VerificationKey>;
  /** One sentence each. */
  readonly alarms: readonly string[];
}

/**
 * Parses a JWK Set (RFC 7517 §5). A key that cannot be used is left out and never spoils the others.
 *
 * Keys that share a kid are all left out: which one was meant cannot be known.
 *
 * @throws Error if the text is no JWK Set, has more than 100 keys, or has none that can be used
 */
export async function parseJwkSet(text: string, algorithms: readonly SignatureAlgorithm[]): Promise<ParsedJwkSet> {
  const members = parseStrictObject(text, jsonLimits)?.["keys"];
  if (!isList(members)) throw new Error("the answer is not a JWK Set");
  if (members.length > maxKeys) throw new Error(`the JWK Set has more than ${String(maxKeys)} keys`);

  const keys = new Map<string, VerificationKey>();
  const alarms: string[] = [];
  const repeated = repeatedIds(members);
  for (const id of repeated) alarms.push(`several keys share the kid ${JSON.stringify(id)}; none of them is used`);
  for (const jwk of members.filter(isObject)) {
    const parsed = await parseVerificationKey(jwk, algorithms);
    if (parsed.ok) {
      if (!repeated.has(parsed.key.id)) keys.set(parsed.key.id, parsed.key);
    } else if (parsed.alarming) {
      alarms.push(`the key with kid ${JSON.stringify(parsed.keyId ?? null)} is not used: ${parsed.problem}`);
    }
  }
  if (keys.size === 0) throw new Error("the JWK Set has no key that can be used");
  return { keys, alarms };
}

function repeatedIds(members: readonly FrozenJson[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { kid } of members.filter(isObject)) {
    if (typeof kid !== "string") continue;
    if (seen.has(kid)) repeated.add(kid);
    seen.add(kid);
  }
  return repeated;
}
