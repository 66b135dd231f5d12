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
  const written = countMembers(text, limits.maxDepth);
  if (written === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const counts = { members: 0, elements: 0 };
  adopt(value, counts);
  if (counts.members + counts.elements > limits.maxMembers) return undefined;
  // JSON.parse keeps the last of several members of one name, so a duplicate shows as a member too few.
  return counts.members === written && isAdopted(value) ? value : undefined;
}

interface Counts {
  members: number;
  elements: number;
}

/** Freezes what JSON.parse made, in place: copying every claim set would cost as much as parsing it. */
function adopt(value: unknown, counts: Counts): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    counts.elements += value.length;
    for (const element of value) adopt(element, counts);
  } else {
    adoptMembers(value as Record<string, unknown>, counts);
  }
  Object.freeze(value);
}

function adoptMembers(value: Record<string, unknown>, counts: Counts): void {
  for (const name of Object.keys(value)) {
    counts.members += 1;
    // Counted like the others, and what is in it too; reading it by its name could find the prototype instead.
    if ((name.length === 9 || name.length === 11) && droppedNames.has(name)) {
      adopt(Object.getOwnPropertyDescriptor(value, name)?.value, counts);
      delete value[name];
    } else {
      const member = value[name];
      if (typeof member === "object") adopt(member, counts);
    }
  }
  Object.setPrototypeOf(value, null);
}

function isAdopted(value: object): value is StrictObject {
  return Object.isFrozen(value) && Object.getPrototypeOf(value) === null;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * How many members the text writes, duplicates included: one colon each, outside of strings. `undefined` if it is deeper
 * than allowed, which is found before parsing so that depth costs no stack, or ends within a string.
 */
function countMembers(text: string, maxDepth: number): number | undefined {
  let members = 0;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case quote:
        index = endOfString(text, index);
        if (index === -1) return undefined;
        break;
      case colon:
        members += 1;
        break;
      case openBrace:
      case openBracket:
        depth += 1;
        if (depth > maxDepth) return undefined;
        break;
      case closeBrace:
      case closeBracket:
        depth -= 1;
        break;
    }
  }
  return members;
}

/** Where the string ends that begins at `start`; -1 if it does not. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** After an odd number of backslashes; an even number is backslashes that are escaped themselves. */
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === backslash) first -= 1;
  return (index - first) % 2 === 1;
}
