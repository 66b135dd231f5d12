import type { FrozenJson } from "../words/auth.ts";

/** How deep and how large a text may be. */
export interface JsonLimits {
  readonly maxDepth: number;
  /** Members and elements together, over all levels. */
  readonly maxMembers: number;
}

const droppedNames = ["__proto__", "constructor", "prototype"];

/** A JSON object as {@link parseStrictObject} hands it out. */
export type StrictObject = { readonly [name: string]: FrozenJson };

/**
 * Parses the text of a JSON object that came from outside, or answers `undefined`.
 *
 * Refused: anything but an object at the top, a byte order mark, a member name that occurs twice in one object (RFC 7515
 * §4, RFC 7519 §4 allow it; two readers could then see two tokens), and what is deeper or larger than `limits`. The
 * result is deeply frozen, has no prototype anywhere, and lacks members named `__proto__`, `constructor` and
 * `prototype`, so that copying it pollutes nothing.
 */
export function parseStrictObject(text: string, limits: JsonLimits): StrictObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const counts = { members: 0, elements: 0 };
  if (!adopt(value, limits, counts, 1)) return undefined;
  // JSON.parse keeps the last of several members of one name, so a duplicate shows as a member too few.
  return countMembers(text) === counts.members && isAdopted(value) ? value : undefined;
}

interface Counts {
  members: number;
  elements: number;
}

/**
 * Freezes what JSON.parse made, in place: copying every claim set would cost as much as parsing it. Answers whether it is
 * within the limits.
 */
function adopt(value: object, limits: JsonLimits, counts: Counts, depth: number): boolean {
  if (depth > limits.maxDepth) return false;
  // Not by name: whatever the names are, this is the fast way to all of them.
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  if (parts === value) counts.elements += parts.length;
  else counts.members += parts.length;
  if (counts.members + counts.elements > limits.maxMembers) return false;
  for (const part of parts) {
    if (typeof part === "object" && part !== null && !adopt(part, limits, counts, depth + 1)) return false;
  }
  if (parts !== value) {
    for (const name of droppedNames) if (Object.hasOwn(value, name)) Reflect.deleteProperty(value, name);
    Object.setPrototypeOf(value, null);
  }
  Object.freeze(value);
  return true;
}

function isAdopted(value: object): value is StrictObject {
  return Object.isFrozen(value) && Object.getPrototypeOf(value) === null;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** How many members the text of a JSON value writes: one colon each, outside of strings. */
function countMembers(text: string): number {
  let members = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === quote) index = endOfString(text, index);
    else if (character === colon) members += 1;
  }
  return members;
}

/** Where the string ends that begins at `start`; it does end, or the text would not have been parsed. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** After an odd number of backslashes; an even number is backslashes that are escaped themselves. */
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === backslash) first -= 1;
  return (index - first) % 2 === 1;
}
