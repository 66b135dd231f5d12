import type { AuthRequest } from "../words/auth.ts";
import type { Presented } from "../words/credentials.ts";

const absent: Presented = { kind: "absent" };
const malformed: Presented = { kind: "refused", reason: "malformed_header" };
const repeated: Presented = { kind: "refused", reason: "repeated_header" };
const severalMethods: Presented = { kind: "refused", reason: "several_methods" };

// scheme 1*SP credentials (RFC 9110 §11.4); the scheme is a token of RFC 9110 §5.6.2.
const scheme = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: +(.+))?$/s;
const usualBeginning = "Bearer ";
const space = 0x20;
// One run of visible ASCII without a comma: whether it is a token is the token parser's business.
const oneCredential = /^[\x21-\x2b\x2d-\x7e]+$/;

/**
 * Extracts the access token from the Authorization header (RFC 6750 §2.1), and from nowhere else: a body is never
 * looked at and a query parameter is no credential. Beside the header, though, an `access_token` in the query makes two
 * methods in one request, which RFC 6750 §2 forbids.
 *
 * Another scheme counts as nothing presented. Repeated header lines, even equal ones, are refused; they can be seen only
 * if the request has `rawHeaders`, because Node keeps the first in `headers`.
 *
 * What comes as a token may still be more than one: see {@link isOneCredential}.
 */
export function extractBearer(request: AuthRequest): Presented {
  const header = request.headers["authorization"];
  if (header === undefined) return absent;
  if (Array.isArray(header) || isRepeated(request.rawHeaders)) return repeated;
  const credentials = credentialsOf(header);
  if (typeof credentials !== "string") return credentials;
  if (queryTokens(request.url, "access_token").length > 0) return severalMethods;
  return { kind: "token", credentials };
}

/** Our scheme and what stands behind it. */
function credentialsOf(header: string): string | Presented {
  // As nearly everybody writes it; the pattern below costs as much as everything else that a known token does.
  if (header.startsWith(usualBeginning) && header.length > 7 && header.charCodeAt(7) !== space) return header;
  if (header === "") return absent;
  const parts = scheme.exec(header);
  // No scheme of any kind. Who wrote Bearer into it meant us, and is not taken for somebody who presented nothing.
  if (parts === null) return /bearer/i.test(header) ? malformed : absent;
  const [, name = "", token] = parts;
  if (name.toLowerCase() !== "bearer") return absent;
  return token === undefined ? malformed : usualBeginning + token;
}

/** A token that came another way than by the header. An empty one was presented too, and is none. */
export function presentedToken(token: string): Presented {
  return { kind: "token", credentials: usualBeginning + token };
}

/** The token of credentials as {@link extractBearer} gives them. */
export function tokenOf(credentials: string): string {
  return credentials.slice(usualBeginning.length);
}

/**
 * Whether a token is one b64token or the like (RFC 6750 §2.1): of several, and of anything with parameters behind
 * it, the header is malformed and not the token. Every token that can be parsed is one, so only the others need asking.
 */
export function isOneCredential(token: string): boolean {
  return oneCredential.test(token);
}

function isRepeated(rawHeaders: readonly string[] | undefined): boolean {
  if (rawHeaders === undefined) return false;
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 13 && isAuthorization(name)) seen += 1;
  }
  return seen > 1;
}

/** Lower case makes another string: not for the two spellings that nearly everybody has. */
function isAuthorization(name: string): boolean {
  return name === "Authorization" || name === "authorization" || name.toLowerCase() === "authorization";
}

const none: readonly string[] = [];

/** The values of a parameter of the query. */
export function queryTokens(url: string | undefined, parameter: string): readonly string[] {
  const start = url?.indexOf("?") ?? -1;
  if (url === undefined || start === -1) return none;
  const query = url.slice(start + 1);
  // Parsing costs more than this look; a percent sign or a plus may hide the name.
  if (!query.includes(parameter) && !query.includes("%") && !query.includes("+")) return none;
  return new URLSearchParams(query).getAll(parameter);
}
