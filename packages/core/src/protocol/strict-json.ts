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
 * result is sealed, see {@link sealObject}.
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
  const counts = { members: 0, elements: 0 };
  if (!count(value, limits, counts, 1)) return undefined;
  // JSON.parse keeps the last of several members of one name, so a duplicate shows as a member too few.
  if (countMembers(text) !== counts.members) return undefined;
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
}

/** Counts members and elements, over all levels, and answers whether the value is within the limits. */
function count(value: object, limits: JsonLimits, counts: Counts, depth: number): boolean {
  if (depth > limits.maxDepth) return false;
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value;
    counts.elements += elements.length;
    if (counts.members + counts.elements > limits.maxMembers) return false;
    return elements.every((part) => !isObject(part) || count(part, limits, counts, depth + 1));
  }
  const names = Object.keys(value);
  counts.members += names.length;
  if (counts.members + counts.elements > limits.maxMembers) return false;
  for (const name of names) {
    const part: unknown = Reflect.get(value, name);
    if (isObject(part) && !count(part, limits, counts, depth + 1)) return false;
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
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
