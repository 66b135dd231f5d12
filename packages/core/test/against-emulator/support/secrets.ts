const secretName = /token|password|ticket|code|secret/i;

/** The secrets that were given to a call: tokens, passwords, codes, proofs. */
export function secretsIn(input: unknown): readonly string[] {
  if (typeof input !== "object" || input === null) return [];
  return Object.entries(input).flatMap(([name, value]: [string, unknown]) =>
    typeof value === "string" && value !== "" && secretName.test(name) ? [value] : [],
  );
}
