/** @throws TypeError naming the first member that is none of the known ones; `kind` stands before it */
export function refuseUnknown(options: object, known: readonly string[], kind: string): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${kind} ${unknown} is not known; the options are ${known.join(", ")}`);
}

/** A whole number of seconds. @throws TypeError */
export function parseSeconds(value: number, name: string, from: number, to = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new TypeError(`option ${name} must be a whole number of seconds from ${String(from)} to ${String(to)}`);
  }
  return value;
}

/** An option that is an object of whole numbers, each with a default. @throws TypeError */
export function parseWhole<Name extends string>(
  value: { readonly [Member in Name]?: number } | undefined,
  option: string,
  members: Readonly<Record<Name, { readonly standard: number; readonly least: number }>>,
): Readonly<Record<Name, number>> {
  const given = value === undefined ? ({} as { readonly [Member in Name]?: number }) : value;
  const names = Object.keys(members) as Name[];
  if (typeof given !== "object" || given === null)
    throw new TypeError(`option ${option} must be an object of ${names.join(" and ")}`);
  refuseUnknown(given, names, `option ${option}: option`);
  const parsed = names.map((name) => {
    const number = given[name] ?? members[name].standard;
    if (Number.isInteger(number) && number >= members[name].least) return [name, number] as const;
    throw new TypeError(`option ${option}.${name} must be a whole number from ${String(members[name].least)} up`);
  });
  return Object.freeze(Object.fromEntries(parsed) as Record<Name, number>);
}
