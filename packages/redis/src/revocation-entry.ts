import type { Revocation } from "@cloudbase-auth/core";

// Beyond `expiresAt`, for the tolerance of whoever judges by it and for clocks that differ.
const marginMs = 120_000;

/** One text for one revocation, whoever writes it. */
export function formatEntry(revocation: Revocation): string {
  const { kind, environment, expiresAt } = revocation;
  switch (kind) {
    case "token":
      return JSON.stringify([1, kind, environment, expiresAt, revocation.digest]);
    case "user":
      return JSON.stringify([1, kind, environment, expiresAt, revocation.issuedUpTo, revocation.digest]);
    case "environment":
      return JSON.stringify([1, kind, environment, expiresAt, revocation.issuedUpTo]);
  }
}

/** When the entry of a revocation is let go of, in milliseconds since the epoch. */
export function endOf({ expiresAt }: Revocation): number {
  return Math.ceil(expiresAt * 1_000) + marginMs;
}

/** `newer` for what a newer version of this package may have meant; `undefined` for what nobody of us wrote. */
export function parseEntry(text: string): Revocation | "newer" | undefined {
  const entry = parseList(text);
  if (entry === undefined) return undefined;
  const [format, kind, environment, expiresAt, fourth, fifth] = entry;
  if (typeof format === "number" && format > 1) return "newer";
  if (format !== 1 || typeof environment !== "string" || !isSeconds(expiresAt)) return undefined;
  if (kind === "token" && typeof fourth === "string") return { kind, environment, expiresAt, digest: fourth };
  if (!isSeconds(fourth)) return undefined;
  if (kind === "user" && typeof fifth === "string") {
    return { kind, environment, expiresAt, issuedUpTo: fourth, digest: fifth };
  }
  return kind === "environment" ? { kind, environment, expiresAt, issuedUpTo: fourth } : undefined;
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSeconds(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
