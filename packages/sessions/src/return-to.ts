// A slash and then neither another one nor a backslash, nor anywhere what browsers drop or take for a slash.
const localPath = /^\/(?![/\\])[^\\ \p{Cc}]*$/u;
const longest = 2_048;

/**
 * Makes the check of where a browser wants to go after a sign-in (RFC 9700 §4.11): a path of `origin`, with its query and
 * fragment, in ASCII and fit for `Location`; `undefined` for everything else.
 *
 * What comes out is judged again: dot segments can make `//elsewhere.example` of a harmless path.
 */
export function createReturnTo(origin: string): (text: unknown) => string | undefined {
  return function returnTo(text) {
    if (typeof text !== "string" || text.length > longest || !localPath.test(text)) return undefined;
    if (!URL.canParse(text, origin)) return undefined;
    const url = new URL(text, origin);
    if (url.origin !== origin) return undefined;
    const path = url.pathname + url.search + url.hash;
    return localPath.test(path) && path.length <= longest ? path : undefined;
  };
}
