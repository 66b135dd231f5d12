import type { AuthRequest } from "@cloudbase-auth/core";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Whether a request may change something (RFC 9110 §9.2.1). One whose method is not known may, and so may one that wants
 * to become a WebSocket: a page of somebody else can open one with our cookie, and then write and read what it likes.
 */
export function isUnsafe({ method, headers }: Pick<AuthRequest, "method" | "headers">): boolean {
  return method === undefined || !safeMethods.has(method) || /\bwebsocket\b/i.test(String(headers["upgrade"]));
}

/**
 * Makes the check whether a request that may change something was sent by a page of somebody else (OWASP CSRF, Fetch
 * Metadata): `Sec-Fetch-Site` where the browser says it, else `Origin`; whoever names neither shows `X-CB-CSRF: 1`, which
 * no page can send to another origin unasked, or at last a `Referer`. `origins` are exact. Neither `Host` nor the content
 * type is ever looked at: the sender chooses both.
 */
export function createCrossSiteCheck(origins: ReadonlySet<string>): (request: AuthRequest) => boolean {
  return function isCrossSite(request) {
    if (!isUnsafe(request)) return false;
    const { origin, "sec-fetch-site": site, "x-cb-csrf": own, referer } = request.headers;
    if (site === "same-origin") return false;
    // The browser's user typed an address or opened a bookmark: that sends no POST, so it was no page of ours.
    if (site === "none") return own !== "1";
    if (site !== undefined || origin !== undefined) return typeof origin !== "string" || !origins.has(origin);
    return own !== "1" && !isAmong(referer, origins);
  };
}

function isAmong(referer: string | string[] | undefined, origins: ReadonlySet<string>): boolean {
  return typeof referer === "string" && URL.canParse(referer) && origins.has(new URL(referer).origin);
}
