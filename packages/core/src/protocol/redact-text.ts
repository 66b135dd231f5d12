import { isSecretMember, isSecretName } from "./secret-names.ts";

/** What stands where something was that is nothing for a log. */
export const redacted = "[redacted]";

// All of these take time in proportion to the text: no stretch of it can be matched in two ways.
/** The beginning of `name=value`, `name: value`, `"name":"value"`, and of the latter inside a JSON string. */
const memberName = /(?<![\w-])([\w-]+)(\\?["']?\s*[:=]\s*)/g;
const quotedValue = /\\"(?:[^"\\]|\\\\(?:\\")?)*(?:\\"|$)|"(?:[^"\\]|\\[^])*(?:"|$)|'(?:[^'\\]|\\[^])*(?:'|$)/y;
const bareValue = /[^\s"'&<>;,{}[\]\\]+/y;
const restOfLine = /[^\r\n]+/y;
/** Headers whose values have separators inside. */
const lineName = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|sec-websocket-protocol)$/i;
const scheme = /\b(Bearer|Basic)\s+(?!(?:realm|error|error_description|scope|charset)\s*=)[\w.~+/=-]+/gi;
const encodedJson = /\beyJ[\w-]{6,}(?:\.[\w-]*)*/g;
const userInfo = /\/\/[^\s/@?#"']{1,256}@/g;

/**
 * The text without tokens, credentials, and what is named as a secret in it, be it a URL, a header, JSON or a message.
 * A secret without a name or a form of its own is not recognized.
 */
export function redactText(text: string): string {
  return redactMembers(text)
    .replaceAll(scheme, `$1 ${redacted}`)
    .replaceAll(encodedJson, redacted)
    .replaceAll(userInfo, `//${redacted}@`);
}

function redactMembers(text: string): string {
  let result = "";
  let from = 0;
  for (const { 0: beginning, 1: name = "", 2: separator = "", index } of text.matchAll(memberName)) {
    if (index < from || !isSecretName(name)) continue;
    const at = index + beginning.length;
    const quoted = matchAt(quotedValue, text, at);
    const value = quoted ?? matchAt(lineName.test(name) ? restOfLine : bareValue, text, at);
    if (value === undefined) continue;
    const quote = quoted === undefined ? "" : (/^\\?["']/.exec(quoted)?.[0] ?? "");
    const plain = quoted === undefined ? value : quoted.slice(quote.length, -quote.length);
    if (!isSecretMember(name, plain) || (quote === "" && isProse(name, separator, plain))) continue;
    result += `${text.slice(from, at)}${quote}${redacted}${quote}`;
    from = at + value.length;
  }
  return result + text.slice(from);
}

function matchAt(form: RegExp, text: string, at: number): string | undefined {
  form.lastIndex = at;
  return form.exec(text)?.[0];
}

/** `invalid token: expired` says why, and no token. */
function isProse(name: string, separator: string, value: string): boolean {
  return /token$/i.test(name) && separator.startsWith(":") && /^[a-z]+$/.test(value);
}
