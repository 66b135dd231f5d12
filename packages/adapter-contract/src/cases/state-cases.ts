import { contractRoutes, ownerHeader } from "../contract-app.ts";
import {
  anonymousUser,
  failed,
  forbidden,
  handledFor,
  insufficientScope,
  invalidRequest,
  invalidToken,
  missingToken,
  serviceUnavailable,
} from "../expectations.ts";
import type { Expected } from "../expectations.ts";
import { person } from "../world.ts";
import type { World } from "../world.ts";
import type { ContractCase } from "./case.ts";
import { bearer } from "./case.ts";

/** What becomes of those whom a route knows: an anonymous user, somebody who has nothing, and one who has everything. */
interface Row {
  readonly anonymous: Expected;
  readonly nothing: Expected;
  readonly everything: Expected;
}

const accepted = handledFor(person);
const everything = {
  scope: "user read write admin:all",
  groups: ["admins", "shop"],
  roles: ["owner"],
  provider: "email",
};
const nothing = { scope: "user", groups: undefined, roles: undefined, provider: undefined, provider_type: undefined };

function row(nothing: Expected, anonymous: Expected = anonymousUser, everything: Expected = accepted): Row {
  return { anonymous, nothing, everything };
}

const rows: Readonly<Record<string, Row>> = {
  "/me": row(accepted),
  "/read": row(insufficientScope("read")),
  "/scopes": row(insufficientScope("write read admin:all")),
  "/admins": row(forbidden),
  "/admins-of-shop": row(forbidden),
  "/owners": row(forbidden),
  "/mixed": row(insufficientScope("read")),
  "/anonymous": row(accepted, accepted),
  "/anonymous-only": row(forbidden, accepted, forbidden),
  "/any-scope": row(insufficientScope("read write")),
  "/providers": row(forbidden),
  "/checked": row(forbidden),
  "/checked-later": row(forbidden),
  "/check-fails": row(failed, anonymousUser, failed),
  "/check-fails-later": row(failed, anonymousUser, failed),
  "/fresh": row(accepted),
  "/all": row(insufficientScope("read")),
  "/any": row(insufficientScope("read"), accepted),
  "/not": row(accepted),
  "/composed": row(insufficientScope("read")),
};

/** Every requirement in every state that a request can be in; whoever adds a route to the application adds its row. */
const matrix: readonly ContractCase[] = contractRoutes.flatMap(({ path, guard }) => {
  if (typeof guard === "string") return [];
  const expected = rows[path];
  if (expected === undefined) throw new Error(`${path} has no row in the matrix`);
  const present = (
    state: string,
    lines: (world: World) => readonly string[] | Promise<readonly string[]>,
    of: Expected,
  ): ContractCase => ({
    title: `${path}: ${state}`,
    expected: of,
    request: async (world) => ({ target: path, lines: await lines(world) }),
  });
  const owner = `${ownerHeader}: ${person}`;
  return [
    present("absent", () => [], missingToken),
    present("absent, by another scheme", () => ["Authorization: Basic dXNlcjpwYXNz"], missingToken),
    present("rejected, for the header", () => ["Authorization: Bearer"], invalidRequest),
    present("rejected, for the form of the token", () => [bearer("bad")], invalidToken),
    present("rejected, as it is expired", async (world) => [bearer(await expired(world))], invalidToken),
    {
      ...present("unavailable", async ({ token }) => [bearer(await token(everything)), owner], serviceUnavailable),
      authApi: "unreachable",
    },
    present(
      "an anonymous user",
      async ({ token }) => [bearer(await token({ scope: "anonymous" }))],
      expected.anonymous,
    ),
    present("a user with nothing", async ({ token }) => [bearer(await token(nothing))], expected.nothing),
    present(
      "a user with everything",
      async ({ token }) => [bearer(await token(everything)), owner],
      expected.everything,
    ),
  ];
});

function expired({ token, nowSeconds }: World): Promise<string> {
  return token({ ...everything, iat: nowSeconds - 700, exp: nowSeconds - 600 });
}

function user(
  title: string,
  target: string,
  claims: Readonly<Record<string, unknown>>,
  expected: Expected,
): ContractCase {
  return { title, expected, request: async ({ token }) => ({ target, lines: [bearer(await token(claims))] }) };
}

function revoked(title: string, target: string, expected: Expected): ContractCase {
  return { title, expected, request: ({ revokedToken }) => ({ target, lines: [bearer(revokedToken)] }) };
}

function serverDown(title: string, target: string, expected: Expected): ContractCase {
  const request = async ({ token }: World) => ({ target, lines: [bearer(await token({ scope: "down" }))] });
  return { title, expected, authApi: "keySetOnly", request };
}

/** The matrix, and what the conditions that it has one route for do in between. */
export const stateCases: readonly ContractCase[] = [
  ...matrix,

  user("anyScope: one of them", "/any-scope", { scope: "write" }, accepted),
  user("providers: another one", "/providers", { provider: "wx_open" }, forbidden),
  user("providers: by provider_type", "/providers", { provider: undefined, provider_type: "phone" }, accepted),
  user("check: what is somebody else's", "/checked", everything, forbidden),
  user("check: what is somebody else's, later", "/checked-later", everything, forbidden),

  revoked("freshSeconds: a token that the server says no to", "/fresh", invalidToken),
  revoked("a token that the server says no to, where it is not asked", "/me", accepted),
  serverDown("freshSeconds: the server is down, and that is no 401", "/fresh", serviceUnavailable),
  serverDown("the server is down, where it is not asked", "/me", accepted),

  user("all: a group is missing", "/all", { scope: "read write" }, forbidden),
  user(
    "all: of two scopes that are missing both are named",
    "/all",
    { groups: ["admins"] },
    insufficientScope("read write"),
  ),
  user("any: the first way", "/any", { scope: "", groups: ["admins"] }, accepted),
  user("any: the second", "/any", { scope: "read" }, accepted),
  user("not: turned round", "/not", { groups: ["suspended"] }, forbidden),
  user("composed: one of the two ways", "/composed", { scope: "read", roles: ["owner"] }, accepted),
  user("composed: neither", "/composed", { scope: "read" }, forbidden),
  user("composed: a way without the scope", "/composed", { scope: "", groups: ["admins"] }, insufficientScope("read")),
];
