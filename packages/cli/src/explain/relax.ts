import type { AuthErrorReason, SignatureAlgorithm } from "@cloudbase-auth/core";
import type { OneEnvironment } from "../configuration.ts";
import type { UnverifiedToken } from "./decode-unverified.ts";
import { judgeClaims } from "./probe.ts";
import type { Verdict } from "./probe.ts";

/** All that is wrong with form and claims, each thing found by leaving out what was found before it. */
export interface Objections {
  /** In the order in which the core looks. */
  readonly reasons: readonly AuthErrorReason[];
  /** Whether everything was looked at: some objections end it, as there is nothing to go on with. */
  readonly complete: boolean;
  /** Options under which form and claims have nothing against them, as far as that was reached. */
  readonly relaxed: OneEnvironment;
  /** The core's first word, under the configuration itself. */
  readonly first: Verdict;
}

const all: readonly SignatureAlgorithm[] = ["RS256", "PS256", "ES256", "EdDSA"];

export async function findObjections(
  token: string,
  unverified: UnverifiedToken,
  options: OneEnvironment,
): Promise<Objections> {
  const first = await judgeClaims(token, options);
  const reasons: AuthErrorReason[] = [];
  let verdict = first;
  let relaxed = options;
  while (verdict.state === "refused") {
    const { reason } = verdict;
    if (reason === undefined || reasons.includes(reason)) return { reasons, complete: false, relaxed, first };
    reasons.push(reason);
    const without = ways[reason]?.(unverified);
    if (without === undefined) return { reasons, complete: false, relaxed, first };
    relaxed = { ...relaxed, ...without };
    verdict = await judgeClaims(token, relaxed);
  }
  return { reasons, complete: verdict.state === "accepted", relaxed, first };
}

type LeaveOut = (unverified: UnverifiedToken) => Partial<OneEnvironment> | undefined;

/** Options that satisfy one check by what the token itself says; `undefined` where no option can do that. */
const ways: Partial<Readonly<Record<AuthErrorReason, LeaveOut>>> = {
  algorithm: ({ header }) => (all.some((name) => name === header?.["alg"]) ? { algorithms: all } : undefined),
  issuer: ({ claims }) => named(textsOf(claims?.["iss"]), (issuers) => ({ issuers })),
  audience: ({ claims }) => named(textsOf(claims?.["aud"]), (audience) => ({ audience })),
  claim: () => ({ maxTokenLifetimeSeconds: Number.MAX_SAFE_INTEGER }),
  expired: whenItBegan,
  not_yet_valid: whenItBegan,
};

function whenItBegan({ claims }: UnverifiedToken): Partial<OneEnvironment> | undefined {
  const { iat, nbf } = claims ?? {};
  const from = Math.max(Number(iat), typeof nbf === "number" ? nbf : 0);
  return Number.isFinite(from) ? { now: () => from * 1_000 } : undefined;
}

function named<Options>(names: readonly string[], options: (names: readonly string[]) => Options): Options | undefined {
  return names.length === 0 ? undefined : options(names);
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((entry) => typeof entry === "string" && entry !== "").map(String);
}
