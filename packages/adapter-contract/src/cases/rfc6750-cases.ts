import {
  anonymousUser,
  handledFor,
  insufficientScope,
  invalidRequest,
  invalidToken,
  missingToken,
} from "../expectations.ts";
import type { Expected } from "../expectations.ts";
import type { WireRequest } from "../wire.ts";
import { person } from "../world.ts";
import type { ContractCase } from "./case.ts";
import { bearer } from "./case.ts";

/** What RFC 6750 asks of a resource server, in its words, and the cases that show it. */
interface Clause {
  readonly section: string;
  readonly words: string;
  readonly cases: readonly ContractCase[];
}

function clause(section: string, words: string, ...cases: readonly ContractCase[]): Clause {
  return { section, words, cases };
}

/** `request` gets a good token, with the claims if there are any. */
function row(
  title: string,
  expected: Expected,
  request: (token: string) => WireRequest,
  claims?: Readonly<Record<string, unknown>>,
): ContractCase {
  return { title, expected, request: async ({ token }) => request(await token(claims)) };
}

const accepted = handledFor(person);
const form = "Content-Type: application/x-www-form-urlencoded";

/**
 * RFC 6750 §2 and §3, from top to bottom, with the header as the only method; where the query is switched on, it goes on
 * in `test/rfc6750.test.ts`. That every challenge is written as §3 wants it is checked with every refusal of every case:
 * see `challengeFaults`.
 */
const clauses: readonly Clause[] = [
  clause(
    "2",
    "clients MUST NOT use more than one method in each request",
    row("header and query", invalidRequest, (token) => ({
      target: `/me?access_token=${token}`,
      lines: [bearer(token)],
    })),
    row("header and query, where everybody may pass", invalidRequest, (token) => ({
      target: `/optional?access_token=${token}`,
      lines: [bearer(token)],
    })),
  ),
  clause(
    "2.1",
    "resource servers MUST support the Authorization header",
    row("GET", accepted, (token) => ({ lines: [bearer(token)] })),
    row("POST with a form", accepted, (token) => ({ method: "POST", lines: [bearer(token), form], body: "a=b" })),
  ),
  clause(
    "2.1",
    'credentials = "Bearer" 1*SP b64token',
    row("the scheme's case does not count (RFC 9110 §11.1)", accepted, (token) => ({
      lines: [`Authorization: bEARER ${token}`],
    })),
    row("several spaces", accepted, (token) => ({ lines: [`Authorization: Bearer    ${token}`] })),
    row("no space", missingToken, (token) => ({ lines: [`Authorization: Bearer${token}`] })),
    row("no token", invalidRequest, () => ({ lines: ["Authorization: Bearer "] })),
    row("two tokens", invalidRequest, (token) => ({ lines: [bearer(`${token} ${token}`)] })),
    row("a b64token that is none of ours", invalidToken, () => ({ lines: [bearer("mF_9.B5f-4.1JqM~+/==")] })),
  ),
  clause(
    "2.2",
    "resource servers MAY support the form-encoded body, and by default we do not",
    row("a form alone", missingToken, (token) => ({ method: "POST", lines: [form], body: `access_token=${token}` })),
  ),
  clause(
    "2.3",
    "resource servers MAY support the query parameter, and by default we do not",
    row("the query alone", missingToken, (token) => ({ target: `/me?access_token=${token}` })),
  ),
  clause(
    "3",
    "without credentials the response MUST include WWW-Authenticate",
    row("GET", missingToken, () => ({})),
    row("HEAD", missingToken, () => ({ method: "HEAD" })),
    row("a route that wants scopes", missingToken, () => ({ target: "/scopes" })),
  ),
  clause(
    "3",
    "without a token that enables access the response MUST include WWW-Authenticate",
    row("a malformed token", invalidToken, () => ({ lines: [bearer("abc")] })),
    row("an expired token", invalidToken, (token) => ({ lines: [bearer(token)] }), { iat: 1_000, exp: 2_000 }),
    row("too little scope", insufficientScope("read"), (token) => ({ target: "/read", lines: [bearer(token)] })),
    row("an anonymous user's", anonymousUser, (token) => ({ lines: [bearer(token)] }), { scope: "anonymous" }),
  ),
  clause(
    "3.1",
    "invalid_request: the resource server SHOULD respond with 400",
    row("repeats the credentials", invalidRequest, (token) => ({ lines: [bearer(token), bearer(token)] })),
    row("more than one method", invalidRequest, (token) => ({ target: "/me?access_token=x", lines: [bearer(token)] })),
    row("otherwise malformed", invalidRequest, (token) => ({ lines: [`${bearer(token)}; charset=utf-8`] })),
  ),
  clause(
    "3.1",
    "invalid_token: the resource server SHOULD respond with 401",
    row("malformed", invalidToken, () => ({ lines: [bearer("a.b.c")] })),
    row("expired", invalidToken, (token) => ({ lines: [bearer(token)] }), { iat: 1_000, exp: 2_000 }),
    row("invalid for other reasons", invalidToken, (token) => ({ lines: [bearer(token)] }), { aud: "other" }),
  ),
  clause(
    "3.1",
    "insufficient_scope: the resource server SHOULD respond with 403 and MAY name the scope",
    row("one is missing", insufficientScope("read"), (token) => ({ target: "/read", lines: [bearer(token)] })),
    row(
      "all that are missing",
      insufficientScope("write admin:all"),
      (token) => ({ target: "/scopes", lines: [bearer(token)] }),
      {
        scope: "read",
      },
    ),
  ),
  clause(
    "3.1",
    "without any authentication information the response SHOULD NOT include error information",
    row("nothing", missingToken, () => ({})),
    row("an unsupported method", missingToken, () => ({ lines: ["Authorization: Basic dXNlcjpwYXNz"] })),
    row("an empty header", missingToken, () => ({ lines: ["Authorization:"] })),
  ),
];

export const rfc6750Cases: readonly ContractCase[] = clauses.flatMap(({ section, words, cases }) =>
  cases.map((one) => ({ ...one, title: `RFC 6750 §${section} ${words}: ${one.title}` })),
);
