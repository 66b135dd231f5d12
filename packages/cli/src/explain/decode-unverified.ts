import { redact } from "@cloudbase-auth/core";
import { parseStrictObject } from "@cloudbase-auth/core/adapter";

/** What a token says of itself. Nothing of it is proven. */
export interface UnverifiedToken {
  readonly parts: number;
  readonly header: Readonly<Record<string, unknown>> | undefined;
  readonly claims: Readonly<Record<string, unknown>> | undefined;
}

const limits = { maxDepth: 32, maxMembers: 1_000 };

/** Reads header and claims for showing them; what cannot be read is `undefined`. Checks nothing. */
export function decodeUnverified(token: string): UnverifiedToken {
  const parts = token.split(".");
  const [header = "", claims = ""] = parts;
  return {
    parts: parts.length,
    header: decodePart(header),
    claims: parts.length === 1 ? undefined : decodePart(claims),
  };
}

function decodePart(part: string): Readonly<Record<string, unknown>> | undefined {
  const text = Buffer.from(part, "base64url").toString("utf8");
  return parseStrictObject(text, limits) ?? parseLoosely(text);
}

/** What the core refuses may still tell where it comes from: repeated members, odd spellings. Cut down to be shown. */
function parseLoosely(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = redact(JSON.parse(text));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
