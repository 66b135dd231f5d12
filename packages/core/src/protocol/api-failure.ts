import { AuthApiError, kindOf } from "../words/api-error.ts";
import type { AuthApiErrorDetails, AuthApiErrorKind } from "../words/api-error.ts";
import { numberMember, objectMembers, present, textMember } from "./members.ts";
import { parseStrictObject } from "./strict-json.ts";
import type { StrictObject } from "./strict-json.ts";

const jsonLimits = { maxDepth: 32, maxMembers: 100_000 };
const beginningLength = 200;
/** What is longer or has other characters is no name, and may be anything. */
const errorName = /^[\w.-]{1,64}$/;

/** The part of an answer that decides what it means. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
  /** See {@link sentIn}. */
  readonly sent: string;
}

/**
 * Reads an answer of the Auth API: the object of a success, or the error that it stands for. Never throws: what is no
 * JSON object, such as a proxy's page or an empty body, is an error of kind `unavailable` with its beginning as cause.
 *
 * An `error` member makes a failure also of status 200, as the official SDK reads it.
 */
export function readAnswer(call: string, requestId: string, answer: ApiAnswer): StrictObject | AuthApiError {
  const { status, body } = answer;
  const retryAfterSeconds = parseRetryAfter(answer.retryAfter);
  const object = parseStrictObject(body, jsonLimits);
  if (object === undefined) {
    const kind = status === 429 ? "rate_limited" : "unavailable";
    const cause = new Error(
      `the answer is no JSON object; it begins ${JSON.stringify(beginningOf(body, answer.sent))}`,
    );
    return new AuthApiError(call, { kind, error: "unreachable", status, requestId, retryAfterSeconds, cause });
  }
  // The gateway in front of the API has an envelope of its own: code, message, requestId.
  const error = textMember(object, "error") ?? (status >= 400 ? textMember(object, "code") : undefined);
  const said = error !== undefined && errorName.test(error) ? error : undefined;
  if (error === undefined && status >= 200 && status < 300) return object;
  const name = said ?? `status_${String(status)}`;
  return new AuthApiError(call, {
    kind: kindOf(name) === "unknown" ? kindOfStatus(status) : kindOf(name),
    error: name,
    errorCode: numberMember(object, "error_code"),
    description: textMember(object, "error_description") ?? textMember(object, "message"),
    status,
    requestId,
    details: parseDetails(object),
    retryAfterSeconds,
  });
}

/**
 * The first characters of an answer for the log, without what may be a token that was cut off, and without any word of
 * what was sent: what answers in the place of the API may repeat that.
 */
export function beginningOf(body: string, sent: string): string {
  return body
    .slice(0, beginningLength)
    .replaceAll(/[\w.~+/=-]{20,}/g, "…")
    .replaceAll(/[\p{L}\p{N}_]{3,}/gu, (word) => (sent.includes(word) ? "…" : word));
}

/** What a request said besides where it went. */
export function sentIn({
  url,
  headers,
  body = "",
}: {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}): string {
  return [...new URL(url).searchParams.values(), ...Object.values(headers ?? {}), body].join(" ");
}

/** For error names on no list, the status is all there is. */
function kindOfStatus(status: number): AuthApiErrorKind {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "permission";
  if (status === 404) return "not_found";
  if (status === 429) return "rate_limited";
  return status >= 500 || (status >= 300 && status < 400) ? "unavailable" : "unknown";
}

/** The first entry of `details` that says something; a delay is written `900s`. */
function parseDetails(object: StrictObject): AuthApiErrorDetails {
  const entries = objectMembers(object, "details");
  const limitRemaining = entries
    .map((entry) => numberMember(entry, "limit_remaining"))
    .find((value) => value !== undefined);
  const delay = entries.map((entry) => textMember(entry, "retry_delay")).find((value) => value !== undefined);
  const seconds = delay === undefined ? undefined : /^(\d{1,9}(?:\.\d+)?)s$/.exec(delay)?.[1];
  return present({ limitRemaining, retryDelaySeconds: seconds === undefined ? undefined : Number(seconds) });
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); its date form is not used by this API and is left out. */
function parseRetryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
