import type { AuthRequest } from "../words/auth.ts";
import type { CredentialsSource, Presented } from "../words/credentials.ts";
import { extractBearer, presentedToken, queryTokens } from "./bearer.ts";
import { parseCookies } from "./cookies.ts";

const absent: Presented = { kind: "absent" };
const malformed: Presented = { kind: "refused", reason: "malformed_header" };
const repeated: Presented = { kind: "refused", reason: "repeated_header" };
const severalMethods: Presented = { kind: "refused", reason: "several_methods" };
const crossSite: Presented = { kind: "refused", reason: "cross_site" };

const safeMethods = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const cookieName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The Authorization header (RFC 6750 §2.1), as without option `credentials`. */
export function fromHeader(): CredentialsSource {
  return source("header", extractBearer);
}

/**
 * The query parameter `access_token` (RFC 6750 §2.3), for what cannot set headers, such as EventSource. Addresses end up
 * in logs and histories: the answers are `no-store`, the rest is the application's to see to.
 */
export function fromQuery(parameter: string = "access_token"): CredentialsSource {
  if (typeof parameter !== "string" || parameter === "") throw new TypeError("fromQuery() needs the parameter's name");
  return source(`query ${parameter}`, ({ url }) => {
    const tokens = queryTokens(url, parameter);
    const presented = oneOf(tokens);
    return presented.kind === "token" ? { ...presented, noStore: true } : presented;
  });
}

/**
 * The member `access_token` of a form body (RFC 6750 §2.2): not of GET, and only under
 * `application/x-www-form-urlencoded`. The body must have been parsed by then.
 */
export function fromForm(): CredentialsSource {
  return source("form", readForm, true);
}

/**
 * A cookie that holds the access token. Browsers send cookies with requests of other sites too, so requests that change
 * something are refused (`csrf`) unless they come from the same origin, or from one of `origins`; what is no browser and
 * names no origin sends `X-CB-CSRF: 1`.
 *
 * @throws TypeError for a name that is none, or an origin that is not written as browsers write it
 */
export function fromCookie(name: string, options: { readonly origins: readonly string[] }): CredentialsSource {
  if (typeof name !== "string" || !cookieName.test(name)) throw new TypeError("fromCookie() needs the cookie's name");
  const { origins } = (options as typeof options | undefined) ?? {};
  if (!Array.isArray(origins))
    throw new TypeError('fromCookie() needs origins, such as ["https://app.example"]; [] for none but the same');
  const allowed = parseOrigins(origins, "fromCookie()");
  return source(`cookie ${name}`, (request) => {
    // As they stand: a token needs no decoding.
    const presented = oneOf(parseCookies(request).get(name) ?? []);
    if (presented.kind !== "token") return presented;
    return isSameSite(request, allowed) ? { ...presented, ambient: true } : crossSite;
  });
}

/** @throws TypeError for an origin that is not written as browsers write it; `kind` stands before it */
export function parseOrigins(origins: readonly string[], kind: string): ReadonlySet<string> {
  const odd = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (odd !== undefined) throw new TypeError(`${kind}: ${String(odd)} is no origin; write it as https://app.example`);
  return new Set(origins);
}

/** All sources together: one token from one of them, or the reason why not. More than one is refused (RFC 6750 §2). */
export function createExtract(sources: readonly CredentialsSource[]): (request: AuthRequest) => Presented {
  const [only, second] = sources;
  if (only !== undefined && second === undefined) return only.read;
  return (request) => {
    let found = absent;
    for (const { read } of sources) {
      const presented = read(request);
      if (presented.kind === "absent") continue;
      if (found.kind !== "absent") return severalMethods;
      found = presented;
    }
    return found;
  };
}

function source(name: string, read: CredentialsSource["read"], readsBody = false): CredentialsSource {
  return Object.freeze({ name, readsBody, read });
}

function oneOf(tokens: readonly string[]): Presented {
  const [token, second] = tokens;
  if (token === undefined) return absent;
  return second === undefined ? presentedToken(token) : repeated;
}

function readForm({ method, headers, body }: AuthRequest): Presented {
  const type = headers["content-type"];
  const isForm = typeof type === "string" && /^application\/x-www-form-urlencoded[ \t]*(?:;|$)/i.test(type);
  if (!isForm || method === undefined || safeMethods.has(method)) return absent;
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, "access_token")) return absent;
  const token: unknown = Reflect.get(body, "access_token");
  if (typeof token === "string") return presentedToken(token);
  return Array.isArray(token) ? repeated : malformed;
}

/**
 * Sec-Fetch-Site where the browser says it, else Origin (OWASP CSRF, Fetch Metadata). Who names neither is no browser of
 * today, and shows by a header of its own that no page of somebody else's sent it.
 */
function isSameSite({ method, headers }: AuthRequest, allowed: ReadonlySet<string>): boolean {
  if (method !== undefined && safeMethods.has(method)) return true;
  const { origin, "sec-fetch-site": site } = headers;
  if (site === "same-origin") return true;
  if (origin !== undefined) return typeof origin === "string" && allowed.has(origin);
  return (site === undefined || site === "none") && headers["x-cb-csrf"] === "1";
}
