import { parseJwkSet } from "../protocol/jwk-set.ts";
import type { ParsedJwkSet } from "../protocol/jwk-set.ts";
import type { SignatureAlgorithm } from "../words/options.ts";
import { HttpError } from "./http.ts";
import type { HttpClient } from "./http.ts";

const limits = { connectTimeoutMs: 1_000, totalTimeoutMs: 2_000, maxBodyBytes: 256 * 1_024 };
const shortestTtlSeconds = 60;

/** A set as the endpoint answered it, and how long the answer may be used. */
export interface FetchedKeySet extends ParsedJwkSet {
  /** `max-age` of the answer, at least a minute; `undefined` if it names none. */
  readonly maxAgeSeconds: number | undefined;
}

/** Asks for a key set once (RFC 7517 §5). @throws Error with one sentence on what is wrong with the answer */
export async function fetchKeySet(
  { url, environment }: { readonly url: string; readonly environment: string },
  algorithms: readonly SignatureAlgorithm[],
  http: HttpClient,
): Promise<FetchedKeySet> {
  const about = { environment, call: "keySet", url, resends: 0 };
  const { status, headers, body } = await http.send({ method: "GET", url, limits, about });
  if (status !== 200) throw new HttpError(`GET ${url} was answered with status ${String(status)} instead of 200`);
  const parsed = await parseJwkSet(body, algorithms);
  return { ...parsed, maxAgeSeconds: maxAgeOf(headers["cache-control"]) };
}

/** RFC 9111 §5.2.2.1. Less than a minute would have every process ask all the time, and is not obeyed. */
function maxAgeOf(cacheControl: string | string[] | undefined): number | undefined {
  const directives = (Array.isArray(cacheControl) ? cacheControl.join() : (cacheControl ?? "")).toLowerCase();
  const seconds = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})/.exec(directives)?.[1];
  return seconds === undefined ? undefined : Math.max(Number(seconds), shortestTtlSeconds);
}
