import {
  anonymousUser,
  forbidden,
  handledAbsent,
  handledFor,
  insufficientScope,
  invalidRequest,
  invalidToken,
  missingToken,
} from "../expectations.ts";
import type { Expected } from "../expectations.ts";
import { person } from "../world.ts";
import type { ContractCase } from "./case.ts";
import { bearer } from "./case.ts";

function user(title: string, target: string, claims: Record<string, unknown>, expected: Expected): ContractCase {
  return { title, expected, request: async ({ token }) => ({ target, lines: [bearer(await token(claims))] }) };
}

/** A user who signed in anonymously, through the API. */
function anonymous(title: string, target: string, expected: Expected): ContractCase {
  return { title, expected, request: ({ anonymousToken }) => ({ target, lines: [bearer(anonymousToken)] }) };
}

function lines(title: string, target: string, header: readonly string[], expected: Expected): ContractCase {
  return { title, expected, request: () => ({ target, lines: header }) };
}

const accepted = handledFor(person);
const scopedOut = insufficientScope("read");

/** What a route asks of the user. */
export const requirementCases: readonly ContractCase[] = [
  anonymous("CL-13: an anonymous user at requireUser()", "/me", anonymousUser),
  user("anonymous by is_anonymous alone", "/me", { is_anonymous: true, scope: "user" }, anonymousUser),
  user("anonymous by scope alone", "/me", { is_anonymous: false, scope: "user anonymous" }, anonymousUser),
  user("anonymous is a whole member of scope", "/me", { scope: "user not-anonymous" }, accepted),
  user("anonymous allowed: an anonymous user", "/anonymous", { scope: "anonymous" }, accepted),
  user("anonymous allowed: a person", "/anonymous", {}, accepted),
  lines("anonymous allowed is not absent allowed", "/anonymous", [], missingToken),
  lines("anonymous allowed is not bad allowed", "/anonymous", [bearer("bad")], invalidToken),
  user("anonymous only: an anonymous user", "/anonymous-only", { scope: "anonymous" }, accepted),
  user("anonymous only: a person", "/anonymous-only", {}, forbidden),
  lines("anonymous only: nothing presented", "/anonymous-only", [], missingToken),

  user("CL-12: the scope is there", "/read", { scope: "user read" }, accepted),
  user("CL-12 BU-09 RFC 6750 §3.1: the scope is missing", "/read", { scope: "user" }, scopedOut),
  user("CL-12 RFC 6749 §3.3: scope in capitals", "/read", { scope: "READ" }, scopedOut),
  user("CL-12: a longer scope is another", "/read", { scope: "read:all" }, scopedOut),
  user("CL-12: no scope claim at all", "/read", { scope: undefined }, scopedOut),
  user("several scopes, all there", "/scopes", { scope: "read admin:all write" }, accepted),
  user("several scopes, one missing", "/scopes", { scope: "read write" }, insufficientScope("admin:all")),
  user("several scopes, two missing, in our order", "/scopes", { scope: "admin:all" }, insufficientScope("write read")),
  user("several scopes, all missing", "/scopes", { scope: "user" }, insufficientScope("write read admin:all")),

  user("the group is there", "/admins", { groups: ["admins"] }, accepted),
  user("the group is there as an object", "/admins", { groups: [{ id: "admins", name: "x" }] }, accepted),
  user("the group is missing", "/admins", { groups: ["staff"] }, forbidden),
  user("the group in capitals", "/admins", { groups: ["Admins"] }, forbidden),
  user("no groups claim", "/admins", { groups: undefined }, forbidden),
  user("groups as text", "/admins", { groups: "admins" }, forbidden),
  user("a role is no group", "/admins", { roles: ["admins"] }, forbidden),
  user("both groups are needed", "/admins-of-shop", { groups: ["admins"] }, forbidden),
  user("both groups are there", "/admins-of-shop", { groups: ["shop", "admins"] }, accepted),
  user("the role is there", "/owners", { roles: ["owner"] }, accepted),
  user("the role is missing", "/owners", { roles: ["guest"] }, forbidden),
  user("a group is no role", "/owners", { groups: ["owner"] }, forbidden),
  anonymous("a group's route: an anonymous user", "/admins", anonymousUser),
  lines("a group's route: nothing presented", "/admins", [], missingToken),

  user("mixed: anonymous comes first", "/mixed", { scope: "anonymous" }, anonymousUser),
  user("mixed: scopes come next", "/mixed", { scope: "user" }, scopedOut),
  user("mixed, d52b311f: scope alone", "/mixed", { scope: "read" }, forbidden),
  user("mixed: group and role without scope", "/mixed", { groups: ["admins"], roles: ["owner"] }, scopedOut),
  user("mixed: scope and group without role", "/mixed", { scope: "read", groups: ["admins"] }, forbidden),
  user("mixed: all", "/mixed", { scope: "read", groups: ["admins"], roles: ["owner"] }, accepted),

  lines("BU-16: optionalUser(), nothing presented", "/optional", [], handledAbsent),
  lines("BU-16: optionalUser(), another scheme", "/optional", ["Authorization: Basic dXNlcjpwYXNz"], handledAbsent),
  user("BU-16: optionalUser(), a person", "/optional", {}, accepted),
  user("BU-16: optionalUser(), an anonymous user", "/optional", { scope: "anonymous" }, accepted),
  lines("BU-16: optionalUser(), a bad token is not nobody", "/optional", [bearer("bad")], invalidToken),
  lines("BU-16: optionalUser(), a malformed header", "/optional", ["Authorization: Bearer"], invalidRequest),
];
