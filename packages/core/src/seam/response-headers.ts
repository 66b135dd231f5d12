import { addToVary } from "../protocol/problem.ts";
import type { AuthRequest, AuthResult } from "../words/auth.ts";

type Lines = Readonly<Record<string, string | readonly string[]>>;

/** The headers that a result has to have on the response; `current` is what the framework has under a name. */
export function responseHeadersOf(
  { headers, cookies }: AuthResult,
  current: (name: string) => unknown,
): Record<string, string | string[]> {
  return mergeHeaders({ ...headers, ...(cookies !== undefined && { "Set-Cookie": cookies }) }, current);
}

/**
 * Headers beside those that the response has already: the members of `Vary` are added to what is there, and so are
 * cookies, each in the place of one of the same name.
 */
export function mergeHeaders(added: Lines, current: (name: string) => unknown): Record<string, string | string[]> {
  const merged: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(added)) {
    const lines = typeof value === "string" ? [value] : [...value];
    if (name === "Vary") merged[name] = addToVary(current(name), ...lines.join(",").split(","));
    else if (name === "Set-Cookie") merged[name] = addCookies(linesOf(current(name)), lines);
    else merged[name] = typeof value === "string" ? value : lines;
  }
  return merged;
}

/**
 * Takes the conditions off a request whose answer sets a cookie, so that it is a whole one: a cache would add the
 * headers of a 304 to what it keeps (RFC 9111 §4.3.4).
 */
export function dropConditions({ method, headers }: Pick<AuthRequest, "method"> & { readonly headers: object }): void {
  if (method !== "GET" && method !== "HEAD") return;
  for (const name of ["if-none-match", "if-modified-since"]) Reflect.deleteProperty(headers, name);
}

function addCookies(before: readonly string[], added: readonly string[]): string[] {
  const nameOf = (line: string): string => line.slice(0, line.indexOf("="));
  const names = new Set(added.map(nameOf));
  return [...before.filter((line) => !names.has(nameOf(line))), ...added];
}

function linesOf(value: unknown): string[] {
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
  return lines.filter((line) => typeof line === "string" && line !== "") as string[];
}
