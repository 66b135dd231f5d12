const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

// People of one app have one of a handful of scopes.
const maxKnownScopes = 64;
const knownScopes = new Map<string, readonly string[]>();

/** Splits a `scope` value at its spaces; each member once, in order (RFC 6749 §3.3). Case is kept. */
export function parseScope(scope: string): readonly string[] {
  const known = knownScopes.get(scope);
  if (known !== undefined) return known;
  const members: string[] = [];
  for (const member of scope.split(" ")) if (member !== "" && !members.includes(member)) members.push(member);
  if (knownScopes.size >= maxKnownScopes) knownScopes.clear();
  knownScopes.set(scope, Object.freeze(members));
  return members;
}

/** Whether `value` is one scope-token of RFC 6749 §3.3, and so can be named in a challenge as it stands. */
export function isScopeToken(value: string): boolean {
  return scopeToken.test(value);
}
