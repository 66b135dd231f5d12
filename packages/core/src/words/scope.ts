const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Splits a `scope` value at its spaces; each member once, in order (RFC 6749 §3.3). Case is kept. */
export function parseScope(scope: string): readonly string[] {
  const members: string[] = [];
  for (const member of scope.split(" ")) if (member !== "" && !members.includes(member)) members.push(member);
  return Object.freeze(members);
}

/** Whether `value` is one scope-token of RFC 6749 §3.3, and so can be named in a challenge as it stands. */
export function isScopeToken(value: string): boolean {
  return scopeToken.test(value);
}
