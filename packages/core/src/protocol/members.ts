import type { FrozenJson } from "../words/auth.ts";
import type { StrictObject } from "./strict-json.ts";

/** What can be read from: an object that was parsed, or claims. */
type Members = { readonly [name: string]: FrozenJson | undefined };

/** The member if it is a non-empty string; the API writes an empty string where there is none. */
export function textMember(object: Members, name: string): string | undefined {
  return textOf(object[name]);
}

/** The value if it is a non-empty string. */
export function textOf(value: FrozenJson | undefined): string | undefined {
  return isText(value) ? value : undefined;
}

export function isText(value: FrozenJson | undefined): value is string {
  return typeof value === "string" && value !== "";
}

export function numberMember(object: Members, name: string): number | undefined {
  const value = object[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function booleanMember(object: Members, name: string): boolean | undefined {
  const value = object[name];
  return typeof value === "boolean" ? value : undefined;
}

/** The objects in a list; entries of any other form are left out. */
export function objectMembers(object: Members, name: string): readonly StrictObject[] {
  const value = object[name];
  return isList(value) ? value.filter(isObject) : [];
}

const none: readonly never[] = Object.freeze([]);

/** The ids in a list of strings or `{ id }` objects; both forms are on record. */
export function identifiersOf(value: FrozenJson | undefined): readonly string[] {
  if (!isList(value)) return none;
  const ids: string[] = [];
  for (const entry of value) {
    const id = typeof entry === "string" ? entry : isObject(entry) ? textMember(entry, "id") : undefined;
    if (id !== undefined && id !== "" && !ids.includes(id)) ids.push(id);
  }
  return Object.freeze(ids);
}

export function isList(value: FrozenJson | undefined): value is readonly FrozenJson[] {
  return Array.isArray(value);
}

export function isObject(value: FrozenJson | undefined): value is StrictObject {
  return typeof value === "object" && value !== null && !isList(value);
}

/** The entries that have a value, as an object; so a missing member stays missing. */
export function present<Entries extends Record<string, unknown>>(
  entries: Entries,
): { readonly [Name in keyof Entries]?: Exclude<Entries[Name], undefined> } {
  const kept: { [Name in keyof Entries]?: Exclude<Entries[Name], undefined> } = {};
  for (const name of Object.keys(entries) as (keyof Entries)[]) {
    const value = entries[name];
    if (value !== undefined) kept[name] = value as Exclude<Entries[typeof name], undefined>;
  }
  return kept;
}
