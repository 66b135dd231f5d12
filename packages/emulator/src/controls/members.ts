import { isFields } from "../operations/fields.ts";
import type { Fields } from "../operations/fields.ts";

/** Reads the members of JSON that a person may have written, and says where it is wrong. */
export interface Members {
  optionalText(name: string): string | undefined;
  text(name: string): string;
  optionalTime(name: string): number | undefined;
  time(name: string): number;
  flag(name: string): boolean;
  /** Missing is empty. */
  texts(name: string): readonly string[];
  /** Missing is empty. */
  list<Item>(name: string, parse: (item: unknown, at: string) => Item): readonly Item[];
  optionalFields(name: string): Fields | undefined;
  raw(name: string): unknown;
  /** Where a member stands: "users[3].email". */
  at(name: string): string;
}

/**
 * @param names - the members there may be: another one is a slip of the pen
 * @throws TypeError with the place; so do the readers
 */
export function readMembers(value: unknown, at: string, names: readonly string[]): Members {
  if (!isFields(value)) throw wrong(at, "must be a JSON object");
  const fields: Fields = value;
  const place = (name: string) => (at === "" ? name : `${at}.${name}`);
  for (const name of Object.keys(fields)) {
    if (!names.includes(name)) throw wrong(place(printable(name)), "is not known here");
  }
  const raw = (name: string): unknown => (Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined);

  const optionalText = (name: string) => {
    const member = raw(name);
    if (member === undefined || (typeof member === "string" && member !== "")) return member;
    throw wrong(place(name), "must be a string that is not empty");
  };
  const optionalTime = (name: string) => {
    const member = raw(name);
    if (member === undefined || (typeof member === "number" && member >= 0)) return member;
    throw wrong(place(name), "must be a time in epoch milliseconds");
  };
  const list = <Item>(name: string, parse: (item: unknown, itemAt: string) => Item): readonly Item[] => {
    const member = raw(name) ?? [];
    if (!Array.isArray(member)) throw wrong(place(name), "must be an array");
    return member.map((item: unknown, index) => parse(item, `${place(name)}[${String(index)}]`));
  };

  return {
    optionalText,
    text: (name) => required(optionalText(name), place(name)),
    optionalTime,
    time: (name) => required(optionalTime(name), place(name)),
    flag(name) {
      const member = raw(name) ?? false;
      if (typeof member === "boolean") return member;
      throw wrong(place(name), "must be true or false");
    },
    texts: (name) =>
      list(name, (item, itemAt) => {
        if (typeof item === "string" && item !== "") return item;
        throw wrong(itemAt, "must be a string that is not empty");
      }),
    list,
    optionalFields(name) {
      const member = raw(name);
      if (member === undefined || isFields(member)) return member;
      throw wrong(place(name), "must be a JSON object");
    },
    raw,
    at: place,
  };
}

export function wrong(at: string, sentence: string, cause?: unknown): TypeError {
  return new TypeError(`state: ${at === "" ? "the whole" : at} ${sentence}.`, { cause });
}

function required<Value>(value: Value | undefined, at: string): Value {
  if (value === undefined) throw wrong(at, "is missing");
  return value;
}

const printable = (name: string): string => name.slice(0, 40).replaceAll(/[^\x21-\x7e]/g, "?");
