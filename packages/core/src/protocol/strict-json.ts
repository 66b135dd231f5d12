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
 * §4, RFC 7519 §4 allow it; two readers could then see two tokens), one that is written with an escape, and what is deeper
 * or larger than `limits`. The result is sealed, see {@link sealObject}.
 */
export function parseStrictObject(text: string, limits: JsonLimits): StrictObject | undefined {
  const object = parseUnsealedObject(text, limits);
  return object === undefined ? undefined : sealObject(object);
}

/**
 * The same as {@link parseStrictObject}, for whoever reads the object by names of his own and seals it before anybody
 * else sees it: sealing costs as much as all that is read from the claims of a token.
 */
export function parseUnsealedObject(text: string, limits: JsonLimits): StrictObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isPlainObject(value)) return undefined;
  const counts = { members: 0, elements: 0, characters: 0 };
  if (!count(value, limits, counts, 1)) return undefined;
  // JSON.parse keeps the last of several members of one name, so a duplicate shows as a member too few. A text that is
  // no longer than what was kept needs has nothing besides it; counting members in any other takes longer.
  if (text.length !== counts.characters && countMembers(text) !== counts.members) return undefined;
  return inheritsNothing() ? value : sealObject(value);
}

/**
 * Makes an object fit to be handed out, in place: copying it would cost as much as parsing it. It is then deeply frozen,
 * has no prototype anywhere, and lacks members named `__proto__`, `constructor` and `prototype`, so that copying it
 * pollutes nothing.
 */
export function sealObject<Value extends object>(value: Value): Value {
  const isList = Array.isArray(value);
  if (!isList) for (const name of droppedNames) if (Object.hasOwn(value, name)) Reflect.deleteProperty(value, name);
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) sealObject(part);
  if (!isList) Object.setPrototypeOf(value, null);
  return Object.freeze(value);
}

function isPlainObject(value: unknown): value is StrictObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a member that an object lacks reads as `undefined`, as nobody wrote into the prototype of all objects. */
function inheritsNothing(): boolean {
  for (const _name in Object.prototype) return false;
  return true;
}

interface Counts {
  members: number;
  elements: number;
  /** In how many characters all of it can be written at least. */
  characters: number;
}

/** Counts over all levels, and answers whether the value is within the limits. */
function count(value: object, limits: JsonLimits, counts: Counts, depth: number): boolean {
  if (depth > limits.maxDepth) return false;
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  // Two brackets, and a comma between each two.
  counts.characters += Math.max(2, parts.length + 1);
  if (Array.isArray(value)) {
    counts.elements += parts.length;
  } else {
    counts.members += parts.length;
    for (const name of Object.keys(value)) counts.characters += name.length + '"":'.length;
  }
  if (counts.members + counts.elements > limits.maxMembers) return false;
  for (const part of parts) {
    if (typeof part === "object" && part !== null) {
      if (!count(part, limits, counts, depth + 1)) return false;
    } else {
      counts.characters += fewestCharacters(part);
    }
  }
  return true;
}

/** Of a string, a number, a boolean or null. */
function fewestCharacters(value: unknown): number {
  if (typeof value === "string") return value.length + '""'.length; // an escape is longer than what it stands for
  if (typeof value === "number") return fewestDigits(value);
  return value === false ? 5 : 4;
}

/** Of a fraction, and of what an exponent could shorten, it says less than is needed. */
function fewestDigits(value: number): number {
  if (!Number.isSafeInteger(value) || value % 1_000 === 0) return 1;
  let digits = value < 0 ? 2 : 1;
  for (let power = 10; power <= Math.abs(value); power *= 10) digits += 1;
  return digits;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/**
 * How many members the text of a JSON value writes: one colon each, outside of strings. `undefined` if a name is written
 * with an escape: V8 reads some of those as another name (nodejs/node#63785).
 */
function countMembers(text: string): number | undefined {
  const hasEscapes = text.includes("\\");
  let members = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === quote) {
      start = index;
      index = endOfString(text, index);
    } else if (character === colon) {
      if (hasEscapes && text.slice(start, index).includes("\\")) return undefined;
      members += 1;
    }
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
