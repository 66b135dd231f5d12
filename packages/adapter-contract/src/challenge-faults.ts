const authParam = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)="([^"\\]*)"$/;
// What stands between the quotes of these may have (RFC 6750 §3).
const allowed: Readonly<Record<string, RegExp>> = {
  realm: /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/,
  scope: /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/,
  error: /^(?:invalid_request|invalid_token|insufficient_scope)$/,
  error_description: /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/,
  error_uri: /^[\x21\x23-\x5b\x5d-\x7e]+$/,
};

/** Everything in a `WWW-Authenticate` value of ours that RFC 6750 §3 forbids; it is one challenge, written plainly. */
export function challengeFaults(challenge: string): readonly string[] {
  if (!challenge.startsWith("Bearer ")) return ["the auth-scheme MUST be Bearer, followed by one or more auth-params"];
  // No text of ours has a comma and a space in front of a name and a quote.
  const params = challenge.slice("Bearer ".length).split(/, (?=[a-z_]+=")/);
  const names = params.map((param) => authParam.exec(param)?.[1]);
  const faults = params.flatMap((param) => {
    const [, name = "", value = ""] = authParam.exec(param) ?? [];
    if (name === "") return [`not an auth-param: ${param}`];
    if (allowed[name] === undefined) return [`no attribute of RFC 6750: ${name}`];
    return allowed[name].test(value) ? [] : [`${name} MUST NOT include characters outside of its set`];
  });
  const repeated = names.filter((name, index) => name !== undefined && names.indexOf(name) !== index);
  return [...faults, ...repeated.map((name) => `${name} MUST NOT appear more than once`)];
}
