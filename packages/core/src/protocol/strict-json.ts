import type { FrozenJson } from "../words/auth.ts";

/** How deep and how large a text may be. */
export interface JsonLimits {
  readonly maxDepth: number;
  /** Members and elements together, over all levels. */
  readonly maxMembers: number;
}

const droppedNames = new Set(["__proto__", "constructor", "prototype"]);

/** A JSON object as {@link parseStrictObject} hands it out. */
export type StrictObject = { readonly [name: string]: FrozenJson };

/**
 * Parses the text of a JSON object that came from outside, or answers `undefined`.
 *
 * Refused: anything but an object at the top, a byte order mark, a member name that occurs twice in one object (RFC 7515
 * §4, RFC 7519 §4 allow it; two readers could then see two tokens), and what is deeper or larger than `limits`. The result is deeply frozen, has no prototype anywhere, and lacks members named `__proto__`,
 * `constructor` and `prototype`, so that copying it pollutes nothing.
 */
export function parseStrictObject(text: string, limits: JsonLimits): StrictObject | undefined {
  if (measureDepth(text) > limits.maxDepth) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const counts = { members: 0, elements: 0 };
  const adopted = adoptObject(value, counts);
  if (counts.members + counts.elements > limits.maxMembers) return undefined;
  // JSON.parse keeps the last of several members of one name, so a duplicate shows as a member too few.
  if (counts.members !== countMembers(text)) return undefined;
  return adopted;
}

interface Counts {
  members: number;
  elements: number;
}

function adopt(value: unknown, counts: Counts): FrozenJson {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null)
    return value;
  if (Array.isArray(value)) {
    counts.elements += value.length;
    return Object.freeze(value.map((element: unknown) => adopt(element, counts)));
  }
  return adoptObject(Object(value), counts);
}

function adoptObject(value: object, counts: Counts): StrictObject {
  const adopted: Record<string, FrozenJson> = Object.create(null) as Record<string, FrozenJson>;
  for (const [name, member] of Object.entries(value)) {
    counts.members += 1;
    const kept = adopt(member, counts);
    if (!droppedNames.has(name)) adopted[name] = kept;
  }
  return Object.freeze(adopted);
}

/** The deepest nesting, counted before parsing so that depth costs no stack. */
function measureDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  scanStructure(text, (character) => {
    if (character === openBrace || character === openBracket) deepest = Math.max(deepest, (depth += 1));
    else if (character === closeBrace || character === closeBracket) depth -= 1;
  });
  return deepest;
}

/** How many members the text writes, duplicates included: one colon each, outside of strings. */
function countMembers(text: string): number {
  let members = 0;
  scanStructure(text, (character) => {
    if (character === colon) members += 1;
  });
  return members;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

function scanStructure(text: string, visit: (character: number) => void): void {
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === backslash) index += 1;
      else if (character === quote) inString = false;
    } else if (character === quote) inString = true;
    else visit(character);
  }
}
