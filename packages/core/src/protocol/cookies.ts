import type { AuthRequest } from "../words/auth.ts";

/** The cookies of a request by name, each with all its values in the order in which they came. */
export type RequestCookies = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the Cookie header (RFC 6265 §4.2.1). Our own, and not that of the `cookie` library, because a browser sends two
 * cookies of one name when somebody set another one for a wider domain or a longer path, and every library answers one
 * of them: whoever can toss a cookie could then sign a user out, or in as somebody else.
 *
 * Values stay as they are written: neither what we set nor a token needs decoding. Names too: a no-break space is part
 * of one.
 */
export function parseCookies({ headers }: Pick<AuthRequest, "headers">): RequestCookies {
  const { cookie } = headers;
  const cookies = new Map<string, string[]>();
  for (const pair of (Array.isArray(cookie) ? cookie.join(";") : (cookie ?? "")).split(";")) {
    const end = pair.indexOf("=");
    if (end === -1) continue;
    const name = trimBlanks(pair.slice(0, end));
    const value = trimBlanks(pair.slice(end + 1));
    // An empty value is how cookies are taken back.
    if (value === "") continue;
    const known = cookies.get(name);
    if (known === undefined) cookies.set(name, [value]);
    else known.push(value);
  }
  return cookies;
}

/**
 * Blanks as HTTP has them; `trim()` would take a no-break space off a name and make it another one's. By hand: a pattern
 * that looks for blanks at the end takes seconds for a header full of them.
 */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
