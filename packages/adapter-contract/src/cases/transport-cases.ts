import { plantHeader } from "../contract-app.ts";
import {
  handledAbsent,
  handledFor,
  handledRejected,
  handledUnavailable,
  insufficientScope,
  invalidRequest,
  invalidToken,
  missingToken,
  notHttp,
  serviceUnavailable,
} from "../expectations.ts";
import type { Expected } from "../expectations.ts";
import type { WireRequest } from "../wire.ts";
import { person } from "../world.ts";
import type { World } from "../world.ts";
import type { ContractCase } from "./case.ts";
import { bearer } from "./case.ts";

function plain(title: string, request: WireRequest, expected: Expected): ContractCase {
  return { title, expected, request: () => request };
}

function withToken(title: string, request: (token: string) => WireRequest, expected: Expected): ContractCase {
  return { title, expected, request: async ({ token }) => request(await token()) };
}

function outage(title: string, target: string, expected: Expected, line?: string): ContractCase {
  const request = async ({ token }: World) => ({
    target,
    lines: [line ?? bearer(await token())],
  });
  return { title, authApi: "unreachable", expected, request };
}

const accepted = handledFor(person);
const plant = `${plantHeader}: yes`;
const preflight = ["Origin: https://app.example", "Access-Control-Request-Method: GET"];
const methods = ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/** The middleware alone, methods, hostile requests, outages, and what other libraries left behind. */
export const transportCases: readonly ContractCase[] = [
  plain("the middleware alone: nothing presented", { target: "/open" }, handledAbsent),
  plain(
    "the middleware alone: another scheme",
    { target: "/open", lines: ["Authorization: Basic dXNlcjpwYXNz"] },
    handledAbsent,
  ),
  withToken("the middleware alone: a good token", (token) => ({ target: "/open", lines: [bearer(token)] }), accepted),
  plain(
    "the middleware alone: a malformed header",
    { target: "/open", lines: ["Authorization: Bearer"] },
    handledRejected("invalid_request", "malformed_header"),
  ),
  withToken(
    "BU-04: the middleware alone: a repeated header",
    (token) => ({ target: "/open", lines: [bearer(token), bearer(token)] }),
    handledRejected("invalid_request", "repeated_header"),
  ),
  withToken(
    "BU-03: the middleware alone: two methods",
    (token) => ({ target: "/open?access_token=x", lines: [bearer(token)] }),
    handledRejected("invalid_request", "several_methods"),
  ),

  ...methods.map((method) => plain(`BU-14: ${method} without a token`, { method }, missingToken)),
  ...methods.map((method) =>
    plain(`BU-14: ${method} with a bad one`, { method, lines: [bearer("bad")] }, invalidToken),
  ),
  ...methods.map((method) =>
    withToken(`BU-14: ${method} with a good one`, (token) => ({ method, lines: [bearer(token)] }), accepted),
  ),
  plain("BU-14: a preflight does not reach the handler", { method: "OPTIONS", lines: preflight }, missingToken),
  ...["/read", "/admins", "/mixed", "/anonymous", "/anonymous-only"].map((target) =>
    plain(`BU-14: a preflight does not reach ${target}`, { method: "OPTIONS", target, lines: preflight }, missingToken),
  ),
  plain(
    "BU-14: nor does one that asks to send the header",
    { method: "OPTIONS", lines: [...preflight, "Access-Control-Request-Headers: authorization"] },
    missingToken,
  ),
  plain(
    "BU-14: nor one with a bad token, which no browser sends",
    { method: "OPTIONS", lines: [...preflight, bearer("bad")] },
    invalidToken,
  ),
  withToken(
    "BU-14: nor one with too little scope",
    (token) => ({ method: "OPTIONS", target: "/read", lines: [...preflight, bearer(token)] }),
    insufficientScope("read"),
  ),
  {
    ...plain("BU-14: nor one while the key set is out of reach", { method: "OPTIONS", lines: preflight }, missingToken),
    authApi: "unreachable",
  },
  plain("BU-14: method override is no way around", { lines: ["X-HTTP-Method-Override: OPTIONS"] }, missingToken),
  plain(
    "3b: forwarded headers are no way around",
    { lines: ["X-Forwarded-Uri: /open", "X-Original-URL: /open"] },
    missingToken,
  ),

  plain("BU-11: Host is not reflected", { host: 'x"y' }, missingToken),
  plain("BU-11: Host with credentials is not reflected", { host: "evil.test:fake@contract.test" }, missingToken),
  plain("BU-10: the query is not reflected", { target: "/me?realm=%22%0d%0aSet-Cookie:%20a=b" }, missingToken),
  withToken(
    "CVE-2026-21710: a header named __proto__",
    (token) => ({ lines: ["__proto__: x", "constructor: y", bearer(token)] }),
    accepted,
  ),
  plain("CVE-2026-21710: a header named __proto__, no token", { lines: ["__proto__: x"] }, missingToken),

  ...[
    ["RFC 9112 §5.2: obs-fold", ["Authorization: Bearer", " abc"]],
    ["RFC 9112 §5.1: a space before the colon", ["Authorization : Bearer abc"]],
    ["RFC 9110 §5.5: NUL", ["Authorization: Bearer a\0b"]],
    ["RFC 9110 §5.5: a bare CR", ["Authorization: Bearer a\rb"]],
  ].map(([title, lines]) => plain(`BU-15 ${String(title)}`, { lines: lines as string[] }, notHttp)),
  plain("BU-15 RFC 9112 §2.2: bare LF", { lines: ["Authorization: Bearer abc"], lineEnd: "\n" }, notHttp),

  plain("5a7b5c4a: a planted user is overwritten, absent", { target: "/open", lines: [plant] }, handledAbsent),
  plain(
    "5a7b5c4a: a planted user is overwritten, rejected",
    { target: "/open", lines: [plant, bearer("bad")] },
    handledRejected("invalid_token", "malformed"),
  ),
  withToken(
    "5a7b5c4a: a planted user is overwritten, authenticated",
    (token) => ({ target: "/open", lines: [plant, bearer(token)] }),
    accepted,
  ),
  plain("5a7b5c4a: requireUser() does not trust a planted user", { lines: [plant] }, missingToken),
  plain("5a7b5c4a: nor with requirements", { target: "/mixed", lines: [plant] }, missingToken),
  plain("5a7b5c4a: nor beside a bad token", { lines: [plant, bearer("bad")] }, invalidToken),
  plain("5a7b5c4a: optionalUser() does not either", { target: "/optional", lines: [plant] }, handledAbsent),

  outage("BU-17: key set out of reach, at a guard", "/me", serviceUnavailable),
  outage("BU-17: key set out of reach, with requirements", "/mixed", serviceUnavailable),
  outage("BU-17: key set out of reach, anonymous allowed", "/anonymous", serviceUnavailable),
  outage("BU-17: key set out of reach, optionalUser()", "/optional", serviceUnavailable),
  outage("BU-17: key set out of reach, public route", "/open", handledUnavailable),
  outage("BU-17: what needs no key is judged without it", "/me", invalidToken, bearer("bad")),
  outage("BU-17: so is a malformed header", "/me", invalidRequest, "Authorization: Bearer"),
  outage("BU-17: and nothing at all", "/me", missingToken, plant),
];
