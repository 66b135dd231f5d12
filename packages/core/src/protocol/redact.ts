import { redacted, redactText } from "./redact-text.ts";
import { isSecretMember } from "./secret-names.ts";

const maxDepth = 12;

/**
 * A copy of anything for a log, without tokens, `Authorization` values, cookies, passwords, codes and secrets: members
 * that are named as such, and what has the form of a token or a credential in texts, URLs and messages. Errors become
 * plain objects with `type`, `message`, `stack`, their own members and their `cause`.
 *
 * It does not know what has neither a name nor a form: a refresh token in the middle of a sentence stays. Nor does it
 * hide who a user is.
 *
 * @example
 * ```ts
 * console.log(redact({ url: request.url, headers: request.headers }));
 * ```
 */
export function redact(text: string): string;
export function redact(value: unknown): unknown;
export function redact(value: unknown): unknown {
  return redactValue(value, []);
}

/** `around` are the objects that the value is inside of. */
function redactValue(value: unknown, around: readonly object[]): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (around.includes(value)) return "[circular]";
  if (around.length >= maxDepth) return "[too deep]";
  try {
    return redactObject(value, [...around, value]);
  } catch {
    return "[unreadable]";
  }
}

function redactObject(value: object, around: readonly object[]): unknown {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${String(value.byteLength)} bytes]`;
  if (value instanceof URL || value instanceof URLSearchParams) return redactText(String(value));
  if (Array.isArray(value)) return value.map((entry) => redactValue(entry, around));
  if (value instanceof Set) return new Set([...value].map((entry) => redactValue(entry, around)));
  if (value instanceof Map || value instanceof Headers) return redactEntries([...value.entries()], around);
  if (value instanceof Error) return redactError(value, around);
  if ("toJSON" in value && typeof value.toJSON === "function") return redactValue(value.toJSON(), around);
  return redactEntries(Object.entries(value), around);
}

/** An error as logs have it. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly [member: string]: unknown;
}

/** Whatever was thrown, as {@link redact} makes it of an error. */
export function redactThrown(thrown: unknown): LoggedError {
  try {
    if (thrown instanceof Error) return redactError(thrown, [thrown]);
    return { type: typeof thrown, message: "what was thrown is no error", stack: "", value: redact(thrown) };
  } catch {
    return { type: "Error", message: "[unreadable]", stack: "" };
  }
}

function redactError(error: Error, around: readonly object[]): LoggedError {
  const { message, cause } = error;
  const errors: unknown = "errors" in error ? error.errors : undefined;
  const all = [...Object.entries(error), ["cause", cause], ["errors", errors]] as const;
  const entries = all.filter(([, value]) => value !== undefined);
  const [type, stack] = [error.name, redactText(error.stack ?? "")];
  return { ...redactEntries(entries, around), type, message: redactText(message), stack };
}

function redactEntries(entries: readonly (readonly [unknown, unknown])[], around: readonly object[]): object {
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const name = String(key);
      if (name === "rawHeaders" && Array.isArray(value)) return [name, redactRawHeaders(value)];
      return [redactText(name), isSecretMember(name, value) ? redacted : redactValue(value, around)];
    }),
  );
}

/** Node's flat list of names and values. */
function redactRawHeaders(list: readonly unknown[]): unknown[] {
  return list.map((entry, index) => {
    const isSecret = index % 2 === 1 && isSecretMember(String(list[index - 1]), entry);
    return isSecret ? redacted : redactValue(entry, []);
  });
}
