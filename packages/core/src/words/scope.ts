import { rememberLast } from "./last-asked.ts";

const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

// People of one app have one of a handful of scopes.
const maxKnownScopes = 64;

/** Splits a `scope` value at its spaces; each member once, in order (RFC 6749 §3.3). Case is kept. */
export function parseScope(scope: string): readonly string[] {
  const members: string[] = [];
  for (const member of scope.split(" ")) if (member !== "" && !members.includes(member)) members.push(member);
  return Object.freeze(members);
}

/** {@link parseScope} that remembers: splitting anew what the last token said as well takes longer than reading it. */
export function createScopeParser(): typeof parseScope {
  const known = new Map<string, readonly string[]>();
  return rememberLast(function parseKnownScope(scope) {
    const before = known.get(scope);
    if (before !== undefined) return before;
    const members = parseScope(scope);
    if (known.size >= maxKnownScopes) known.clear();
    known.set(scope, members);
    return members;
  });
}

/** Whether `value` is one scope-token of RFC 6749 §3.3, and so can be named in a challenge as it stands. */
export function isScopeToken(value: string): boolean {
  return scopeToken.test(value);
}
