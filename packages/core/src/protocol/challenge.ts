/** The `error` values of RFC 6750 §3.1. */
export type ChallengeError = "invalid_request" | "invalid_token" | "insufficient_scope";

interface ChallengeDetail {
  readonly error: ChallengeError;
  /** A fixed text: nothing of a request, a token or an answer may get here. */
  readonly description: string;
  readonly scope?: readonly string[];
}

/** Whether `text` fits between the quotes of an auth-param as RFC 6750 §3 wants it: no quote, no backslash, ASCII. */
export function isChallengeText(text: string): boolean {
  return /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/.test(text);
}

/** Formats a `WWW-Authenticate` value (RFC 6750 §3). Without `detail`: nothing was presented (§3.1), so no `error`. */
export function formatChallenge(realm: string, detail?: ChallengeDetail): string {
  const challenge = `Bearer realm="${realm}"`;
  if (detail === undefined) return challenge;
  const scope = detail.scope === undefined ? "" : `, scope="${detail.scope.join(" ")}"`;
  return `${challenge}, error="${detail.error}", error_description="${detail.description}"${scope}`;
}
