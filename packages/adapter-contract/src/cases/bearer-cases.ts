import { handledFor, invalidRequest, invalidToken, missingToken } from "../expectations.ts";
import type { Expected } from "../expectations.ts";
import { person } from "../world.ts";
import type { ContractCase } from "./case.ts";
import { bearer } from "./case.ts";

/** `lines` gets a good token and gives the header lines that present it. */
function me(
  title: string,
  expected: Expected,
  lines: (token: string) => readonly string[],
  target = "/me",
): ContractCase {
  return { title, expected, request: async ({ token }) => ({ target, lines: lines(await token()) }) };
}

const accepted = handledFor(person);

/** How a token is presented: RFC 6750 §2, RFC 9110 §11. */
export const bearerCases: readonly ContractCase[] = [
  me("BU-01 RFC 6750 §2.1: a good token", accepted, (token) => [bearer(token)]),
  ...["bearer", "BEARER", "BeArEr"].map((scheme) =>
    me(`BU-01 RFC 9110 §11.1: scheme spelt ${scheme}`, accepted, (token) => [`Authorization: ${scheme} ${token}`]),
  ),
  me("BU-01 RFC 9110 §5.1: header name in capitals", accepted, (token) => [`AUTHORIZATION: Bearer ${token}`]),
  me("BU-02 RFC 9110 §11.4: several spaces after the scheme", accepted, (token) => [
    `Authorization: Bearer   ${token}`,
  ]),
  me("RFC 9110 §5.5: white space around the field value", accepted, (token) => [
    `Authorization: \t Bearer ${token} \t`,
  ]),

  me("BU-07 BU-08 RFC 6750 §3.1: nothing presented", missingToken, () => []),
  me("BU-08: an empty Authorization header", missingToken, () => ["Authorization:"]),
  ...["Basic dXNlcjpwYXNz", "Token abc", "Digest a, b=c"].map((value) =>
    me(`BU-12 RFC 9110 §11: another scheme, ${value}`, missingToken, () => [`Authorization: ${value}`]),
  ),
  ...["DPoP", "XBearer", "Bearer2", "Basic"].map((scheme) =>
    me(`BU-12: a good token under ${scheme}`, missingToken, (token) => [`Authorization: ${scheme} ${token}`]),
  ),
  ...["Proxy-Authorization: Bearer ", "X-Authorization: Bearer ", "Cookie: access_token=", "X-Access-Token: "].map(
    (start) => me(`BU-13: a good token elsewhere, ${start.split(":")[0]}`, missingToken, (token) => [start + token]),
  ),
  {
    title: "BU-05 RFC 6750 §2.3: access_token in the query alone",
    expected: missingToken,
    request: async ({ token }) => ({ target: `/me?access_token=${await token()}` }),
  },
  {
    title: "BU-06 RFC 6750 §2.2: access_token in a JSON body alone",
    expected: missingToken,
    request: async ({ token }) => ({
      method: "POST",
      lines: ["Content-Type: application/json"],
      body: JSON.stringify({ access_token: await token() }),
    }),
  },
  {
    title: "BU-06: access_token in a form body alone",
    expected: missingToken,
    request: async ({ token }) => ({
      method: "POST",
      lines: ["Content-Type: application/x-www-form-urlencoded"],
      body: `access_token=${await token()}`,
    }),
  },
  {
    title: "BU-06: a body is never looked at, also beside a good token",
    expected: accepted,
    request: async ({ token }) => ({
      method: "POST",
      lines: [bearer(await token()), "Content-Type: application/json"],
      body: JSON.stringify({ access_token: "other" }),
    }),
  },

  me("BU-02: scheme without a token", invalidRequest, () => ["Authorization: Bearer"]),
  me("BU-02: scheme and spaces only", invalidRequest, () => ["Authorization: Bearer   "]),
  me("BU-02: a tab for the space", invalidRequest, (token) => [`Authorization: Bearer\t${token}`]),
  me("BU-02: two tokens", invalidRequest, (token) => [`${bearer(token)} ${token}`]),
  me("BU-02: the scheme twice", invalidRequest, (token) => [`Authorization: Bearer ${bearer(token).slice(15)}`]),
  me("BU-02: a list of credentials", invalidRequest, (token) => [`${bearer(token)}, Basic dXNlcjpwYXNz`]),
  me("BU-02: a comma and another token", invalidRequest, (token) => [`${bearer(token)},${token}`]),
  me("BU-02: parameters after the token", invalidRequest, (token) => [`${bearer(token)}; realm="cloudbase"`]),
  me("BU-02: a byte that is not ASCII in the token", invalidRequest, (token) => [`${bearer(token)}\xe9`]),
  me("BU-02: a no-break space after the scheme", invalidRequest, (token) => [`Authorization: Bearer\xa0${token}`]),
  me("BU-02: no scheme but a quoted string", invalidRequest, (token) => [`Authorization: "Bearer ${token}"`]),
  me("BU-02: no scheme but a list", invalidRequest, (token) => [`Authorization: ,Bearer ${token}`]),

  me("BU-04: two Authorization lines, both good", invalidRequest, (token) => [bearer(token), bearer(token)]),
  me("BU-04: two Authorization lines, good and bad", invalidRequest, (token) => [bearer(token), bearer("bad")]),
  me("BU-04: two Authorization lines, bad and good", invalidRequest, (token) => [bearer("bad"), bearer(token)]),
  me("BU-04: two Authorization lines, Basic and good", invalidRequest, (token) => [
    "Authorization: Basic dXNlcjpwYXNz",
    `authorization: Bearer ${token}`,
  ]),
  me("BU-04: two Authorization lines, empty and good", invalidRequest, (token) => ["Authorization:", bearer(token)]),

  me("BU-03 RFC 6750 §2: header and query", invalidRequest, (token) => [bearer(token)], "/me?access_token=x"),
  me("BU-03: header and empty query parameter", invalidRequest, (token) => [bearer(token)], "/me?access_token="),
  me("BU-03: header and query twice", invalidRequest, (token) => [bearer(token)], "/me?access_token=x&access_token=y"),
  me("BU-03: the parameter's name percent-encoded", invalidRequest, (token) => [bearer(token)], "/me?%61ccess_token=x"),
  me("BU-03: another parameter is none", accepted, (token) => [bearer(token)], "/me?my_access_token=x&q=access_token"),

  ...['"TOKEN"', "{TOKEN}", "%2E", "TOKEN=", "TOKEN+", "/TOKEN", "token=TOKEN", "TOKEN\\", "<TOKEN>"].map((form) =>
    me(`JF-01 BU-02: one run of characters that is no token, ${form}`, invalidToken, (token) => [
      bearer(form.replace("TOKEN", token)),
    ]),
  ),
  me("BU-17 GHSA-xmf8-cvqr-rfgj: Bearer %E0%A4%A", invalidToken, () => [bearer("%E0%A4%A")]),
];
